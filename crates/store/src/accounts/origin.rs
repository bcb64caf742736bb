//! What an account brings along that was made elsewhere.

use crate::statement::execute;
use crate::{Change, StoreError, Tx};
use domain::{AccountId, EmailAddress, Millis, PictureRef};

/// Times of an account that began elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct AccountOrigin {
    pub created_at: Millis,
    pub verified_at: Option<Millis>,
    pub locked_at: Option<Millis>,
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

/// What the row of an account had in another store of ours, beside what every account brings along.
#[derive(Clone, Debug, Default)]
pub struct EarlierRow {
    pub updated_at: Option<Millis>,
    pub password_changed_at: Option<Millis>,
    pub password_expires_at: Option<Millis>,
    pub approval_wanted_at: Option<Millis>,
    pub second_factor_at: Option<Millis>,
    pub terms: Option<String>,
    pub picture: Option<PictureRef>,
}

/// Makes the row of a new account as it was in another store of ours. A second factor that is wanted now
/// stays wanted.
pub async fn restore_row(tx: &mut Tx, id: AccountId, earlier: &EarlierRow) -> Result<(), StoreError> {
    let sql = "UPDATE accounts SET updated_at = COALESCE($1, updated_at), \
               password_changed_at = COALESCE($2, password_changed_at), password_expires_at = $3, \
               approval_wanted_at = $4, second_factor_at = COALESCE($5, second_factor_at), terms = $6, \
               picture = $7 WHERE id = $8";
    execute!(
        tx,
        sql,
        earlier.updated_at.map(|at| at.0),
        earlier.password_changed_at.map(|at| at.0),
        earlier.password_expires_at.map(|at| at.0),
        earlier.approval_wanted_at.map(|at| at.0),
        earlier.second_factor_at.map(|at| at.0),
        earlier.terms.as_deref(),
        earlier.picture.as_ref().map(PictureRef::to_stored),
        id.0,
    )?;
    tx.announce(Change::Account(id));
    Ok(())
}
