//! The tables `claims` and `claimed_usernames`: registrations where nobody may learn whether the address was
//! taken. A claim belongs to the account that has the address, and opens nothing.

use super::statement::{execute, row};
use super::{Linked, StoreError, Tx};
use domain::{AccountId, Millis, Username, identifier_key};

/// What the last registration with an account's address said.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The account that has the address.
    pub account_id: AccountId,
    /// The key of that address.
    pub email_key: String,
    /// PHC string of the password that was typed.
    pub password_hash: String,
}

/// Notes a registration with the address of `account`, in place of an earlier one.
pub async fn set(
    tx: &mut Tx,
    account: AccountId,
    password_hash: &str,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO claims (account_id, password_hash, claimed_at) VALUES ($1, $2, $3) \
         ON CONFLICT (account_id) DO UPDATE \
         SET password_hash = EXCLUDED.password_hash, claimed_at = EXCLUDED.claimed_at",
        account.0,
        password_hash,
        now.0,
    )?;
    Ok(())
}

/// Records that the hash `old` of the password of `account` is `new` now: the claim of the registration that
/// made the account has the account's hash.
pub async fn follow(tx: &mut Tx, account: AccountId, old: &str, new: &str) -> Result<(), StoreError> {
    let sql = "UPDATE claims SET password_hash = $1 WHERE account_id = $2 AND password_hash = $3";
    execute!(tx, sql, new, account.0, old)?;
    Ok(())
}

/// Notes the username of a registration that found its address taken by `account`.
///
/// # Errors
/// `Conflict` when another registration has claimed the username.
pub async fn add_username(
    tx: &mut Tx,
    account: AccountId,
    username: &Username,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO claimed_usernames (username_key, username_skeleton, account_id, claimed_at) \
         VALUES ($1, $2, $3, $4)",
        username.key(),
        username.skeleton(),
        account.0,
        now.0,
    )?;
    Ok(())
}

/// The claim of `account`; where `identifier` names no account, the claim that has it as a username.
pub async fn find(
    db: &mut impl Linked,
    account: Option<AccountId>,
    identifier: &str,
) -> Result<Option<Claim>, StoreError> {
    let found: Option<(i64, String, String)> = match account {
        Some(id) => row!(
            db,
            "SELECT claims.account_id, accounts.email_key, claims.password_hash FROM claims \
             JOIN accounts ON accounts.id = claims.account_id WHERE claims.account_id = $1",
            id.0,
        )?,
        None => row!(
            db,
            "SELECT claims.account_id, accounts.email_key, claims.password_hash FROM claims \
             JOIN accounts ON accounts.id = claims.account_id \
             JOIN claimed_usernames ON claimed_usernames.account_id = claims.account_id \
             WHERE claimed_usernames.username_key = $1",
            identifier_key(identifier),
        )?,
    };
    let read = |(id, email_key, password_hash)| Claim { account_id: AccountId(id), email_key, password_hash };
    Ok(found.map(read))
}
