//! The `imported_accounts` table: which account was made of which one of another product.

use super::statement::{execute, row, rows};
use super::{Change, Linked, StoreError, Tx};
use domain::AccountId;

/// What became of an account of another product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportedAccount {
    /// It is this account here, and the import that made it was not finished.
    Incomplete(AccountId),
    /// It is this account here.
    Complete(AccountId),
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
        (Some(id), true) => ImportedAccount::Complete(AccountId(id)),
        (Some(id), false) => ImportedAccount::Incomplete(AccountId(id)),
    }))
}

/// Records that `account` was made of the one with this id there. `held` says that it is locked until the
/// import is complete.
pub async fn insert(
    tx: &mut Tx,
    product: &str,
    source_id: &str,
    account: AccountId,
    held: bool,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO imported_accounts (product, source_id, account_id, held) VALUES ($1, $2, $3, $4)";
    execute!(tx, sql, product, source_id, account.0, held)?;
    Ok(())
}

/// Has an account stay locked whose import is not complete.
pub async fn keep_locked(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    let sql = "UPDATE imported_accounts SET held = FALSE WHERE account_id = $1 AND NOT complete";
    execute!(tx, sql, account.0)?;
    Ok(())
}

/// Records that everything was taken over of at most `most` accounts of `product`, and unlocks those that
/// were held until then. Returns their number; 0 when all are complete.
pub async fn complete(tx: &mut Tx, product: &str, most: i64) -> Result<usize, StoreError> {
    let sql = "SELECT source_id, account_id, held FROM imported_accounts WHERE product = $1 AND NOT complete LIMIT $2";
    let found: Vec<(String, Option<i64>, bool)> = rows!(tx, sql, product, most)?;
    for (source_id, account, held) in &found {
        if let (Some(account), true) = (account, held) {
            execute!(tx, "UPDATE accounts SET locked_at = NULL WHERE id = $1", *account)?;
            tx.announce(Change::Account(AccountId(*account)));
        }
        let sql = "UPDATE imported_accounts SET complete = TRUE, held = FALSE \
                   WHERE product = $1 AND source_id = $2";
        execute!(tx, sql, product, source_id.as_str())?;
    }
    Ok(found.len())
}
