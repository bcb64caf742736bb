//! The `known_places` table: the networks from which programs signed in to an account, by door. It is the
//! memory of what is new to the account; it lets nobody in.

use super::statement::{execute, only_value};
use super::{StoreError, Tx};
use domain::{AccountId, Millis};

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
