//! What an account brings along that was made elsewhere.

use crate::statement::execute;
use crate::{Change, StoreError, Tx};
use domain::{AccountId, EmailAddress, Millis};

/// Times of an account that began elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct AccountOrigin {
    pub created_at: Millis,
    pub verified_at: Option<Millis>,
    pub locked_at: Option<Millis>,
}

/// Gives a new account the times that it had where it comes from. Of its password nobody knows when it was
/// chosen: it is as old as the account.
pub async fn set_origin(tx: &mut Tx, id: AccountId, origin: &AccountOrigin) -> Result<(), StoreError> {
    let sql = "UPDATE accounts SET created_at = $1, verified_at = $2, locked_at = $3, \
               password_changed_at = CASE WHEN password_hash IS NULL THEN NULL ELSE $1 END WHERE id = $4";
    let (verified_at, locked_at) = (origin.verified_at.map(|at| at.0), origin.locked_at.map(|at| at.0));
    execute!(tx, sql, origin.created_at.0, verified_at, locked_at, id.0)?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// Records that `email`, if it is the account's address, is proven since `at`. Returns `false` when the
/// account has another.
pub async fn prove_own_address(
    tx: &mut Tx,
    id: AccountId,
    email: &EmailAddress,
    at: Millis,
) -> Result<bool, StoreError> {
    let sql = "UPDATE accounts SET verified_at = COALESCE(verified_at, $1) WHERE id = $2 AND email_key = $3";
    let proven = execute!(tx, sql, at.0, id.0, email.key())? > 0;
    tx.announce(Change::Account(id));
    Ok(proven)
}
