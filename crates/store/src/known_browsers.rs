//! The `devices` table: browsers that have signed in to an account before. The limiter counts their guesses
//! apart, so that guesses made elsewhere never lock the owner out.

use super::row::row_struct;
use super::statement::{execute, only_value, rows};
use super::{Linked, StoreError, Tx};
use domain::{AccountId, Millis, TokenDigest};

/// The column values of a browser that signs in.
#[derive(Clone, Copy, Debug)]
pub struct NewKnownBrowser<'a> {
    /// The digest of its cookie.
    pub token: &'a TokenDigest,
    /// Browser and system; may be empty.
    pub label: &'a str,
    /// The network that it signs in from.
    pub place: &'a str,
}

/// A browser that an account knows.
#[derive(Clone, Debug)]
pub struct KnownBrowser {
    /// The number of its row.
    pub number: i64,
    /// The digest of its cookie.
    pub token: TokenDigest,
    /// Browser and system; may be empty.
    pub label: String,
    /// The network that it last signed in from; may be empty.
    pub place: String,
    pub created_at: Millis,
    /// When it last signed in.
    pub seen_at: Millis,
    /// Until when it is not asked for a second factor.
    pub trusted_until: Option<Millis>,
}

row_struct! {
    struct BrowserRow {
        id: i64,
        token: Vec<u8>,
        device: String,
        address: String,
        created_at: i64,
        seen_at: i64,
        trusted_until: Option<i64>,
    }
}

/// The accounts that know the browser with this cookie, each with the number of its row in `devices`.
pub async fn find(db: &mut impl Linked, token: &TokenDigest) -> Result<Vec<(AccountId, i64)>, StoreError> {
    let known: Vec<(i64, i64)> =
        rows!(db, "SELECT account_id, id FROM devices WHERE token = $1", token.as_bytes())?;
    Ok(known.into_iter().map(|(account, id)| (AccountId(account), id)).collect())
}

/// Whether `account` knows this browser.
pub async fn knows(tx: &mut Tx, account: AccountId, token: &TokenDigest) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) FROM devices WHERE account_id = $1 AND token = $2";
    let known: i64 = only_value!(tx, sql, account.0, token.as_bytes())?;
    Ok(known > 0)
}

/// The browsers that `account` knows, the last seen first, at most `max_browsers`.
///
/// # Errors
/// `Corrupt` when a stored digest is malformed.
pub async fn list(
    db: &mut impl Linked,
    account: AccountId,
    max_browsers: i64,
) -> Result<Vec<KnownBrowser>, StoreError> {
    let found: Vec<BrowserRow> = rows!(
        db,
        "SELECT id, token, device, address, created_at, seen_at, trusted_until FROM devices WHERE account_id = $1 \
         ORDER BY seen_at DESC, id DESC LIMIT $2",
        account.0,
        max_browsers,
    )?;
    let read = |row: BrowserRow| {
        Ok(KnownBrowser {
            number: row.id,
            token: TokenDigest::from_slice(&row.token).ok_or(StoreError::Corrupt("devices.token"))?,
            label: row.device,
            place: row.address,
            created_at: Millis(row.created_at),
            seen_at: Millis(row.seen_at),
            trusted_until: row.trusted_until.map(Millis),
        })
    };
    found.into_iter().map(read).collect()
}

/// Makes a browser known to `account`, or records that the account saw it again. The account keeps the `kept`
/// browsers that it saw last.
pub async fn remember(
    tx: &mut Tx,
    account: AccountId,
    new: &NewKnownBrowser<'_>,
    kept: i64,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO devices (account_id, token, device, address, created_at, seen_at) \
         VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (account_id, token) \
         DO UPDATE SET seen_at = excluded.seen_at, device = excluded.device, address = excluded.address",
        account.0,
        new.token.as_bytes(),
        new.label,
        new.place,
        now.0,
    )?;
    execute!(
        tx,
        "DELETE FROM devices WHERE account_id = $1 AND id NOT IN \
         (SELECT id FROM devices WHERE account_id = $1 ORDER BY seen_at DESC, id DESC LIMIT $2)",
        account.0,
        kept,
    )?;
    Ok(())
}

/// Records that `account` does not ask this browser for a second factor until `until`. It must know the
/// browser.
pub async fn trust(
    tx: &mut Tx,
    account: AccountId,
    token: &TokenDigest,
    until: Millis,
) -> Result<(), StoreError> {
    let sql = "UPDATE devices SET trusted_until = $1 WHERE account_id = $2 AND token = $3";
    execute!(tx, sql, until.0, account.0, token.as_bytes())?;
    Ok(())
}

/// Whether `account` does not ask this browser for a second factor.
pub async fn is_trusted(
    tx: &mut Tx,
    account: AccountId,
    token: &TokenDigest,
    now: Millis,
) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) FROM devices WHERE account_id = $1 AND token = $2 AND trusted_until > $3";
    let trusted: i64 = only_value!(tx, sql, account.0, token.as_bytes(), now.0)?;
    Ok(trusted > 0)
}

/// Asks one browser for a second factor again. Returns `false` when `account` trusts none with this number.
pub async fn end_trust(tx: &mut Tx, account: AccountId, number: i64) -> Result<bool, StoreError> {
    let sql = "UPDATE devices SET trusted_until = NULL WHERE id = $1 AND account_id = $2 \
               AND trusted_until IS NOT NULL";
    Ok(execute!(tx, sql, number, account.0)? > 0)
}

/// Asks every browser of `account` for a second factor again.
pub async fn end_all_trust(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    execute!(tx, "UPDATE devices SET trusted_until = NULL WHERE account_id = $1", account.0)?;
    Ok(())
}

/// Removes one browser. Returns `false` when `account` knows none with this number.
pub async fn forget(tx: &mut Tx, account: AccountId, number: i64) -> Result<bool, StoreError> {
    Ok(execute!(tx, "DELETE FROM devices WHERE id = $1 AND account_id = $2", number, account.0)? > 0)
}

/// Removes every browser that `account` knows except the one with the cookie `keep`. Returns their number.
pub async fn forget_all(
    tx: &mut Tx,
    account: AccountId,
    keep: Option<&TokenDigest>,
) -> Result<u64, StoreError> {
    // No digest is empty, so an empty one keeps none.
    let keep = keep.map_or(&[][..], TokenDigest::as_bytes);
    Ok(execute!(tx, "DELETE FROM devices WHERE account_id = $1 AND token <> $2", account.0, keep)?)
}

/// Has every browser of `account` asked for a second factor again.
pub async fn trust_none(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    let sql = "UPDATE devices SET trusted_until = NULL WHERE account_id = $1 AND trusted_until IS NOT NULL";
    execute!(tx, sql, account.0)?;
    Ok(())
}
