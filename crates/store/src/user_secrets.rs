//! SQL for user secrets: one for an account, made when a device back end registers it.

use super::connection::on;
use super::{Linked, StoreError, Tx};
use domain::{AccountId, Millis, TokenDigest};

/// Gives `account` a secret in place of any it had.
pub async fn set(
    tx: &mut Tx,
    account: AccountId,
    secret: &TokenDigest,
    now: Millis,
) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query(
            "INSERT INTO user_secrets (account_id, secret, created_at) VALUES ($1, $2, $3) \
             ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at",
        )
        .bind(account.0)
        .bind(secret.as_bytes())
        .bind(now.0)
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// The digest of the account's secret, if it has one.
pub async fn find(db: &mut impl Linked, account: AccountId) -> Result<Option<TokenDigest>, StoreError> {
    let secret: Option<Vec<u8>> = on!(db.link(), c => {
        sqlx::query_scalar("SELECT secret FROM user_secrets WHERE account_id = $1")
            .bind(account.0).fetch_optional(c).await
    })?;
    secret
        .map(|secret| TokenDigest::from_slice(&secret).ok_or(StoreError::Corrupt("user_secrets.secret")))
        .transpose()
}

/// Takes the account's secret away.
pub async fn remove(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    on!(tx.link(), c => {
        sqlx::query("DELETE FROM user_secrets WHERE account_id = $1")
            .bind(account.0).execute(c).await.map(drop)
    })?;
    Ok(())
}
