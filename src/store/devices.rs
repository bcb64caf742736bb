//! SQL for known devices: browsers that have signed in to an account before, so that guesses made
//! elsewhere never lock their owner out.

use super::connection::on;
use super::{Linked, StoreError, Tx};
use crate::domain::{AccountId, Millis, TokenDigest};

/// The number of this device among those known to `account`.
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: &mut impl Linked,
    account: AccountId,
    token: &TokenDigest,
) -> Result<Option<i64>, StoreError> {
    let id = on!(db.link(), c => {
        sqlx::query_scalar("SELECT id FROM devices WHERE account_id = $1 AND token = $2")
            .bind(account.0).bind(token.as_bytes()).fetch_optional(c).await
    })?;
    Ok(id)
}

/// Makes a device known to `account`, or notes that it was seen; keeps the `most` last seen.
///
/// # Errors
/// When the database fails.
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
