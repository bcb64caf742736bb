//! An account that no other transaction changes until this one ends.

use super::{AccountRow, Credentials, select};
use crate::fast::Parameter;
use crate::statement::row;
use crate::{Link, Linked as _, StoreError, Tx};
use domain::AccountId;

/// Locks the account's row until the transaction ends (`SELECT … FOR UPDATE`), so that no other transaction
/// changes the account between this transaction's reads and its writes. On SQLite this does nothing: there is
/// one writer at a time.
pub async fn hold(tx: &mut Tx, id: AccountId) -> Result<(), StoreError> {
    if let Link::Postgres(c) = tx.link() {
        sqlx::query("SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE").bind(id.0).execute(c).await?;
    }
    Ok(())
}

/// [`hold`] and [`find`](super::find) in one statement. As the first of its transaction, it reads SQLite on
/// the caller's thread.
///
/// # Errors
/// As [`find`](super::find).
pub async fn hold_and_find(tx: &mut Tx, id: AccountId) -> Result<Option<Credentials>, StoreError> {
    const SQL: &str = select!("id = $1 AND deleted_at IS NULL");
    const LOCKING: &str = select!("id = $1 AND deleted_at IS NULL FOR UPDATE");
    if let Some(found) = tx.first_read::<AccountRow>(SQL, &[Parameter::Number(id.0)])? {
        return found.map(AccountRow::read).transpose();
    }
    let sql = match tx.link() {
        Link::Sqlite(_) => SQL,
        Link::Postgres(_) => LOCKING,
    };
    let found: Option<AccountRow> = row!(tx, sql, id.0)?;
    found.map(AccountRow::read).transpose()
}
