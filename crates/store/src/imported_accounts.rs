//! The `imported_accounts` table: which account was made of which one of another product.

use super::statement::{execute, row, rows};
use super::{Linked, StoreError, Tx};
use domain::{AccountId, Millis};

/// What became of an account of another product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportedAccount {
    /// It is this account here, and the import that made it was not finished.
    Incomplete {
        id: AccountId,
        /// When the import began that last read it.
        run: Millis,
    },
    /// It is this account here.
    Complete(AccountId),
    /// It was imported, and deleted since.
    Deleted,
}

/// What became of the account with this id there; `None` when it was not imported.
pub async fn find(
    db: &mut impl Linked,
    source: &str,
    source_id: &str,
) -> Result<Option<ImportedAccount>, StoreError> {
    let sql = "SELECT account_id, complete, run FROM imported_accounts WHERE product = $1 AND source_id = $2";
    let found: Option<(Option<i64>, bool, i64)> = row!(db, sql, source, source_id)?;
    Ok(found.map(|found| match found {
        (None, ..) => ImportedAccount::Deleted,
        (Some(id), true, _) => ImportedAccount::Complete(AccountId(id)),
        (Some(id), false, run) => ImportedAccount::Incomplete { id: AccountId(id), run: Millis(run) },
    }))
}

/// Records that `account` was made of the one with this id there, by the import that began at `run`.
pub async fn insert(
    tx: &mut Tx,
    source: &str,
    source_id: &str,
    account: AccountId,
    run: Millis,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO imported_accounts (product, source_id, account_id, run) VALUES ($1, $2, $3, $4)";
    execute!(tx, sql, source, source_id, account.0, run.0)?;
    Ok(())
}

/// Records that the import that began at `run` goes on with an account of one that was stopped.
pub async fn go_on(tx: &mut Tx, source: &str, source_id: &str, run: Millis) -> Result<(), StoreError> {
    let sql = "UPDATE imported_accounts SET run = $1 WHERE product = $2 AND source_id = $3 AND NOT complete";
    execute!(tx, sql, run.0, source, source_id)?;
    Ok(())
}

/// At most `most` accounts of the import that began at `run` of which everything was taken over, as is
/// recorded now. None when all are complete.
pub async fn complete(
    tx: &mut Tx,
    source: &str,
    run: Millis,
    most: i64,
) -> Result<Vec<Option<AccountId>>, StoreError> {
    let sql = "UPDATE imported_accounts SET complete = TRUE WHERE product = $1 AND source_id IN \
               (SELECT source_id FROM imported_accounts WHERE product = $1 AND run = $2 AND NOT complete LIMIT $3) \
               RETURNING account_id";
    let found: Vec<(Option<i64>,)> = rows!(tx, sql, source, run.0, most)?;
    Ok(found.into_iter().map(|(id,)| id.map(AccountId)).collect())
}
