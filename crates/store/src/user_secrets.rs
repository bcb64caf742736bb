//! The `user_secrets` table: at most one row per account, written when a device back end registers or renews
//! a user secret.

use super::row::row_struct;
use super::statement::{execute, row, value};
use super::{Linked, StoreError, Tx};
use domain::{AccountId, Millis, TokenDigest};

/// The column values of a new user secret.
#[derive(Clone, Copy, Debug)]
pub struct NewUserSecret<'a> {
    pub digest: &'a TokenDigest,
    /// The label of the program that asked for it; may be empty.
    pub label: &'a str,
    /// The network that it was asked for from.
    pub place: &'a str,
}

/// What is known of a user secret.
#[derive(Clone, Debug)]
pub struct UserSecretFacts {
    /// The label of the program that asked for it; may be empty.
    pub label: String,
    /// The network that it was last used from; may be empty.
    pub place: String,
    pub created_at: Millis,
    /// `None` while it has not been used.
    pub seen_at: Option<Millis>,
}

row_struct! {
    struct FactsRow {
        device: String,
        address: String,
        created_at: i64,
        seen_at: Option<i64>,
    }
}

/// Sets the user secret of `account`, in place of an earlier one.
pub async fn set(
    tx: &mut Tx,
    account: AccountId,
    new: &NewUserSecret<'_>,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO user_secrets (account_id, secret, device, address, created_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, \
         device = excluded.device, address = excluded.address, created_at = excluded.created_at, \
         seen_at = NULL, app_password_id = NULL",
        account.0,
        new.digest.as_bytes(),
        new.label,
        new.place,
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

/// Whether the account's user secret was given for an app password.
pub async fn for_app_password(db: &mut impl Linked, account: AccountId) -> Result<bool, StoreError> {
    let sql =
        "SELECT app_password_id FROM user_secrets WHERE account_id = $1 AND app_password_id IS NOT NULL";
    let found: Option<i64> = value!(db, sql, account.0)?;
    Ok(found.is_some())
}

/// What is known of the account's user secret, if it has one.
pub async fn facts(db: &mut impl Linked, account: AccountId) -> Result<Option<UserSecretFacts>, StoreError> {
    let sql = "SELECT device, address, created_at, seen_at FROM user_secrets WHERE account_id = $1";
    let found: Option<FactsRow> = row!(db, sql, account.0)?;
    Ok(found.map(|row| UserSecretFacts {
        label: row.device,
        place: row.address,
        created_at: Millis(row.created_at),
        seen_at: row.seen_at.map(Millis),
    }))
}

/// Records that the secret was used at `now` from `place`.
pub async fn touch(tx: &mut Tx, account: AccountId, place: &str, now: Millis) -> Result<(), StoreError> {
    let sql = "UPDATE user_secrets SET seen_at = $1, address = $2 WHERE account_id = $3";
    execute!(tx, sql, now.0, place, account.0)?;
    Ok(())
}

/// Removes the account's user secret. Returns `false` when it has none.
pub async fn remove(tx: &mut Tx, account: AccountId) -> Result<bool, StoreError> {
    Ok(execute!(tx, "DELETE FROM user_secrets WHERE account_id = $1", account.0)? > 0)
}
