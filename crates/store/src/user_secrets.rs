//! The `user_secrets` table: at most one row per account, written when a device back end registers a user
//! secret.

use super::statement::{execute, value};
use super::{Linked, StoreError, Tx};
use domain::{AccountId, Millis, TokenDigest};

/// Sets the user secret of `account`, in place of an earlier one.
pub async fn set(
    tx: &mut Tx,
    account: AccountId,
    secret: &TokenDigest,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO user_secrets (account_id, secret, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at",
        account.0,
        secret.as_bytes(),
        now.0,
    )?;
    Ok(())
}

/// The digest of the account's user secret, if it has one.
///
/// # Errors
/// `Corrupt` when the stored digest is malformed.
pub async fn find(db: &mut impl Linked, account: AccountId) -> Result<Option<TokenDigest>, StoreError> {
    let secret: Option<Vec<u8>> =
        value!(db, "SELECT secret FROM user_secrets WHERE account_id = $1", account.0)?;
    secret
        .map(|secret| TokenDigest::from_slice(&secret).ok_or(StoreError::Corrupt("user_secrets.secret")))
        .transpose()
}

/// Removes the account's user secret, if it has one.
pub async fn remove(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    execute!(tx, "DELETE FROM user_secrets WHERE account_id = $1", account.0)?;
    Ok(())
}
