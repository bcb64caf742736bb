//! The `devices` table: browsers that have signed in to an account before. The limiter counts their guesses
//! apart, so that guesses made elsewhere never lock the owner out.

use super::statement::{execute, only_value, rows};
use super::{Linked, StoreError, Tx};
use domain::{AccountId, Millis, TokenDigest};

/// The accounts that know the browser with this cookie, each with the number of its row in `devices`.
pub async fn find(db: &mut impl Linked, token: &TokenDigest) -> Result<Vec<(AccountId, i64)>, StoreError> {
    let known: Vec<(i64, i64)> =
        rows!(db, "SELECT account_id, id FROM devices WHERE token = $1", token.as_bytes())?;
    Ok(known.into_iter().map(|(account, id)| (AccountId(account), id)).collect())
}

/// Whether this browser is new to an account that has been signed in to before. Call it before the sign-in
/// writes its session, which would count as an earlier one.
pub async fn is_new(tx: &mut Tx, account: AccountId, token: &TokenDigest) -> Result<bool, StoreError> {
    let is_new: i64 = only_value!(
        tx,
        "SELECT COUNT(*) FROM accounts WHERE id = $1 \
         AND NOT EXISTS (SELECT 1 FROM devices WHERE account_id = $1 AND token = $2) \
         AND (EXISTS (SELECT 1 FROM devices WHERE account_id = $1) \
              OR EXISTS (SELECT 1 FROM sessions WHERE account_id = $1))",
        account.0,
        token.as_bytes(),
    )?;
    Ok(is_new > 0)
}

/// Makes a browser known to `account`, or records that the account saw it again. The account keeps the `kept`
/// browsers that it saw last.
pub async fn remember(
    tx: &mut Tx,
    account: AccountId,
    token: &TokenDigest,
    kept: i64,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO devices (account_id, token, created_at, seen_at) VALUES ($1, $2, $3, $3) \
         ON CONFLICT (account_id, token) DO UPDATE SET seen_at = excluded.seen_at",
        account.0,
        token.as_bytes(),
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

/// Removes every browser that `account` knows.
pub async fn forget_all(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    execute!(tx, "DELETE FROM devices WHERE account_id = $1", account.0)?;
    Ok(())
}
