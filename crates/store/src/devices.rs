//! SQL for known devices: browsers that have signed in to an account before, so that guesses made
//! elsewhere never lock their owner out.

use super::connection::on;
use super::{Linked, StoreError, Tx};
use domain::{AccountId, Millis, TokenDigest};

/// The accounts that know this device, each with the device's number there.
pub async fn find(db: &mut impl Linked, token: &TokenDigest) -> Result<Vec<(AccountId, i64)>, StoreError> {
    let known: Vec<(i64, i64)> = on!(db.link(), c => {
        sqlx::query_as("SELECT account_id, id FROM devices WHERE token = $1")
            .bind(token.as_bytes()).fetch_all(c).await
    })?;
    Ok(known.into_iter().map(|(account, id)| (AccountId(account), id)).collect())
}

/// Whether somebody signs in to `account` from a device that it does not know, though it has been signed in to before.
/// Asked before what the sign-in writes.
pub async fn is_new(tx: &mut Tx, account: AccountId, token: &TokenDigest) -> Result<bool, StoreError> {
    let is_new: i64 = on!(tx.link(), c => {
        sqlx::query_scalar(
            "SELECT COUNT(*) FROM accounts WHERE id = $1 \
             AND NOT EXISTS (SELECT 1 FROM devices WHERE account_id = $1 AND token = $2) \
             AND (EXISTS (SELECT 1 FROM devices WHERE account_id = $1) \
                  OR EXISTS (SELECT 1 FROM sessions WHERE account_id = $1))",
        )
        .bind(account.0)
        .bind(token.as_bytes())
        .fetch_one(c)
        .await
    })?;
    Ok(is_new > 0)
}

/// Makes `account` forget all its devices.
pub async fn forget_all(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query("DELETE FROM devices WHERE account_id = $1").bind(account.0).execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Makes a device known to `account`, or notes that it was seen; keeps the `most` last seen.
pub async fn remember(
    tx: &mut Tx,
    account: AccountId,
    token: &TokenDigest,
    most: i64,
    now: Millis,
) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query(
            "INSERT INTO devices (account_id, token, created_at, seen_at) VALUES ($1, $2, $3, $3) \
             ON CONFLICT (account_id, token) DO UPDATE SET seen_at = excluded.seen_at",
        )
        .bind(account.0).bind(token.as_bytes()).bind(now.0).execute(c).await.map(drop)
    })?;
    on!(tx.link(), c => {
        sqlx::query(
            "DELETE FROM devices WHERE account_id = $1 AND id NOT IN \
             (SELECT id FROM devices WHERE account_id = $1 ORDER BY seen_at DESC, id DESC LIMIT $2)",
        )
        .bind(account.0).bind(most).execute(c).await.map(drop)
    })?;
    Ok(())
}
