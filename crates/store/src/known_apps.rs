//! The `known_apps` table: apps that have signed in to an account before, each by the bearer that it had. The
//! limiter counts their guesses apart, as it does for [`known_browsers`](super::known_browsers).

use super::statement::{execute, rows, value};
use super::{Linked, StoreError, Tx};
use domain::{AccountId, Millis, TokenDigest};

/// The accounts that know whoever presents this bearer, each with a number of the device. The bearer may have
/// ended. A bearer that still has a row of its own is known as well, such as a paired device's: the negative
/// of its number is the device's.
pub async fn find(db: &mut impl Linked, token: &TokenDigest) -> Result<Vec<(AccountId, i64)>, StoreError> {
    let known: Vec<(i64, i64)> = rows!(
        db,
        "SELECT account_id, id FROM known_apps WHERE token = $1 OR previous = $1 \
         UNION ALL SELECT account_id, -id FROM bearers WHERE token = $1 ORDER BY 2 DESC",
        token.as_bytes(),
    )?;
    Ok(known.into_iter().map(|(account, id)| (AccountId(account), id)).collect())
}

/// Makes the app with the new bearer `token` known to `account`. An app that presents `presented`, a bearer
/// that it had, keeps its number, and stays known by that bearer too, in case the new one never reaches it.
/// Returns the number of an app that was not known before.
pub async fn remember(
    tx: &mut Tx,
    account: AccountId,
    token: &TokenDigest,
    presented: Option<&TokenDigest>,
    now: Millis,
) -> Result<Option<i64>, StoreError> {
    if let Some(presented) = presented {
        let renewed = execute!(
            tx,
            "UPDATE known_apps SET previous = $4, token = $1, seen_at = $2 \
             WHERE account_id = $3 AND (token = $4 OR previous = $4)",
            token.as_bytes(),
            now.0,
            account.0,
            presented.as_bytes(),
        )?;
        if renewed > 0 {
            return Ok(None);
        }
    }
    let sql = "INSERT INTO known_apps (account_id, token, seen_at) VALUES ($1, $2, $3) RETURNING id";
    Ok(value!(tx, sql, account.0, token.as_bytes(), now.0)?)
}

/// When each app that `account` knows signed in last, the last one first, at most `most`.
pub async fn list(
    db: &mut impl Linked,
    account: AccountId,
    most: i64,
) -> Result<Vec<(i64, Millis)>, StoreError> {
    let sql =
        "SELECT id, seen_at FROM known_apps WHERE account_id = $1 ORDER BY seen_at DESC, id DESC LIMIT $2";
    let found: Vec<(i64, i64)> = rows!(db, sql, account.0, most)?;
    Ok(found.into_iter().map(|(id, seen)| (id, Millis(seen))).collect())
}

/// Forgets all apps of `account` except the `kept` that signed in last.
pub async fn keep_newest(tx: &mut Tx, account: AccountId, kept: i64) -> Result<(), StoreError> {
    execute!(
        tx,
        "DELETE FROM known_apps WHERE account_id = $1 AND id NOT IN \
         (SELECT id FROM known_apps WHERE account_id = $1 ORDER BY seen_at DESC, id DESC LIMIT $2)",
        account.0,
        kept,
    )?;
    Ok(())
}

/// Forgets every app that `account` knows.
pub async fn forget_all(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    execute!(tx, "DELETE FROM known_apps WHERE account_id = $1", account.0)?;
    Ok(())
}
