//! The `imported_accounts` table: which account was made of which one of another product.

use super::statement::{execute, row};
use super::{Linked, StoreError, Tx};
use domain::AccountId;

/// What became of an account of another product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportedAccount {
    /// It is this account here, and the import that made it was not finished.
    Incomplete(AccountId),
    /// It is an account here.
    Complete,
    /// It was imported, and deleted since.
    Deleted,
}

/// What became of the account with this id there; `None` when it was not imported.
pub async fn find(
    db: &mut impl Linked,
    product: &str,
    source_id: &str,
) -> Result<Option<ImportedAccount>, StoreError> {
    let sql = "SELECT account_id, complete FROM imported_accounts WHERE product = $1 AND source_id = $2";
    let found: Option<(Option<i64>, bool)> = row!(db, sql, product, source_id)?;
    Ok(found.map(|found| match found {
        (None, _) => ImportedAccount::Deleted,
        (Some(_), true) => ImportedAccount::Complete,
        (Some(id), false) => ImportedAccount::Incomplete(AccountId(id)),
    }))
}

/// Records that `account` was made of the one with this id there.
pub async fn insert(
    tx: &mut Tx,
    product: &str,
    source_id: &str,
    account: AccountId,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO imported_accounts (product, source_id, account_id) VALUES ($1, $2, $3)";
    execute!(tx, sql, product, source_id, account.0)?;
    Ok(())
}

/// Records that everything was taken over of the accounts of `product`. Returns of how many that is new.
pub async fn complete(tx: &mut Tx, product: &str) -> Result<u64, StoreError> {
    let sql = "UPDATE imported_accounts SET complete = TRUE WHERE product = $1 AND NOT complete";
    Ok(execute!(tx, sql, product)?)
}
