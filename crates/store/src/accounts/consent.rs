//! What an account needs before it is used: its owner's agreement to the terms of use, and the
//! operator's approval.

use domain::{AccountId, Millis};

use crate::statement::{execute, value};
use crate::{Change, Linked, StoreError, Tx};

/// Notes that the owner has agreed to this version of the terms of use.
pub async fn agree(tx: &mut Tx, id: AccountId, version: &str, now: Millis) -> Result<(), StoreError> {
    let sql = "UPDATE accounts SET terms = $1, terms_at = $2, updated_at = $2 WHERE id = $3";
    execute!(tx, sql, version, now.0, id.0)?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// When the owner last agreed to terms of use; `None` if never.
pub async fn agreed_at(db: &mut impl Linked, id: AccountId) -> Result<Option<Millis>, StoreError> {
    let found: Option<Option<i64>> = value!(db, "SELECT terms_at FROM accounts WHERE id = $1", id.0)?;
    Ok(found.flatten().map(Millis))
}

/// Notes that the owner has agreed to no terms of use: somebody else did.
pub async fn disagree(tx: &mut Tx, id: AccountId, now: Millis) -> Result<(), StoreError> {
    let sql = "UPDATE accounts SET terms = NULL, terms_at = NULL, updated_at = $1 WHERE id = $2";
    execute!(tx, sql, now.0, id.0)?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// Lets an account that waited for the operator be signed in to.
pub async fn approve(tx: &mut Tx, id: AccountId, now: Millis) -> Result<(), StoreError> {
    let sql = "UPDATE accounts SET approval_wanted_at = NULL, updated_at = $1 WHERE id = $2";
    execute!(tx, sql, now.0, id.0)?;
    tx.announce(Change::Account(id));
    Ok(())
}
