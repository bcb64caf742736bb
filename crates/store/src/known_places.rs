//! The `known_places` table: the networks from which programs signed in to an account, by door. It is the
//! memory of what is new to the account; it lets nobody in.

use super::row::row_struct;
use super::statement::{execute, only_value, rows};
use super::{Linked, StoreError, Tx};
use domain::{AccountId, Millis};

/// A network from which a program signed in.
#[derive(Clone, Debug)]
pub struct KnownPlace {
    /// The door that it came by.
    pub door: String,
    pub place: String,
    pub created_at: Millis,
    pub seen_at: Millis,
}

row_struct! {
    struct PlaceRow {
        door: String,
        address: String,
        created_at: i64,
        seen_at: i64,
    }
}

/// The places that `account` knows, the last seen first, at most `most`.
pub async fn list(
    db: &mut impl Linked,
    account: AccountId,
    most: i64,
) -> Result<Vec<KnownPlace>, StoreError> {
    let sql = "SELECT door, address, created_at, seen_at FROM known_places WHERE account_id = $1 \
               ORDER BY seen_at DESC, id DESC LIMIT $2";
    let found: Vec<PlaceRow> = rows!(db, sql, account.0, most)?;
    let read = |row: PlaceRow| KnownPlace {
        door: row.door,
        place: row.address,
        created_at: Millis(row.created_at),
        seen_at: Millis(row.seen_at),
    };
    Ok(found.into_iter().map(read).collect())
}

/// Whether `account` was signed in to from `place` by this door.
pub async fn knows(tx: &mut Tx, account: AccountId, door: &str, place: &str) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) FROM known_places WHERE account_id = $1 AND door = $2 AND address = $3";
    let known: i64 = only_value!(tx, sql, account.0, door, place)?;
    Ok(known > 0)
}

/// Makes a place known to `account`, or records that the account saw it again. The account keeps the `kept`
/// places of this door that it saw last.
pub async fn remember(
    tx: &mut Tx,
    account: AccountId,
    door: &str,
    place: &str,
    kept: i64,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO known_places (account_id, door, address, created_at, seen_at) \
         VALUES ($1, $2, $3, $4, $4) \
         ON CONFLICT (account_id, door, address) DO UPDATE SET seen_at = excluded.seen_at",
        account.0,
        door,
        place,
        now.0,
    )?;
    execute!(
        tx,
        "DELETE FROM known_places WHERE account_id = $1 AND door = $2 AND id NOT IN \
         (SELECT id FROM known_places WHERE account_id = $1 AND door = $2 \
          ORDER BY seen_at DESC, id DESC LIMIT $3)",
        account.0,
        door,
        kept,
    )?;
    Ok(())
}

/// Removes every place that `account` knows.
pub async fn forget_all(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    execute!(tx, "DELETE FROM known_places WHERE account_id = $1", account.0)?;
    Ok(())
}
