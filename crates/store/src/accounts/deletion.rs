//! Deleted accounts: nobody but administration finds them, and their rows go later.

use domain::{AccountId, EmailAddress, Millis, Username};

use super::{AccountRow, Credentials, select};
use crate::statement::{execute, row, rows, value};
use crate::{Change, Linked, StoreError, Tx, mail_log};

/// As [`find`](super::find), and finds a deleted account too.
///
/// # Errors
/// `Corrupt` when the column `fields` does not hold a JSON object of strings.
pub async fn find_even_deleted(
    db: &mut impl Linked,
    id: AccountId,
) -> Result<Option<Credentials>, StoreError> {
    let found: Option<AccountRow> = row!(db, select!("id = $1"), id.0)?;
    found.map(AccountRow::read).transpose()
}

/// As [`id_of`](super::id_of), and finds a deleted account too.
pub async fn id_of_even_deleted(
    db: &mut impl Linked,
    email: &EmailAddress,
) -> Result<Option<AccountId>, StoreError> {
    let id: Option<i64> = value!(db, "SELECT id FROM accounts WHERE email_key = $1", email.key())?;
    Ok(id.map(AccountId))
}

/// The account that has this address, deleted or not: nobody else gets it as long as its rows are there.
///
/// # Errors
/// `Corrupt` when the column `fields` does not hold a JSON object of strings.
pub async fn owner_of(db: &mut impl Linked, email: &EmailAddress) -> Result<Option<Credentials>, StoreError> {
    let found: Option<AccountRow> = row!(db, select!("email_key = $1"), email.key())?;
    found.map(AccountRow::read).transpose()
}

/// Sets when an account was deleted; `None` brings it back.
pub async fn set_deleted(
    tx: &mut Tx,
    id: AccountId,
    deleted_at: Option<Millis>,
    now: Millis,
) -> Result<(), StoreError> {
    let sql = "UPDATE accounts SET deleted_at = $1, updated_at = $2 WHERE id = $3";
    execute!(tx, sql, deleted_at.map(|at| at.0), now.0, id.0)?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// The accounts that were deleted before `before`, at most `most`.
pub async fn due_erasures(
    db: &mut impl Linked,
    before: Millis,
    most: i64,
) -> Result<Vec<AccountId>, StoreError> {
    let sql = "SELECT id FROM accounts WHERE deleted_at < $1 ORDER BY deleted_at LIMIT $2";
    let found: Vec<(i64,)> = rows!(db, sql, before.0, most)?;
    Ok(found.into_iter().map(|(id,)| AccountId(id)).collect())
}

/// Removes an account that was deleted before `before`, with all rows that name it. Returns `false` when it
/// is not there, or was brought back.
pub async fn erase(tx: &mut Tx, id: AccountId, before: Millis) -> Result<bool, StoreError> {
    let gone = execute!(tx, "DELETE FROM accounts WHERE id = $1 AND deleted_at < $2", id.0, before.0)?;
    if gone > 0 {
        // This table has no foreign key. A message that is being settled has its row by now: the account's
        // row went after the message's.
        mail_log::forget(tx, id).await?;
    }
    tx.announce(Change::Account(id));
    Ok(gone > 0)
}

/// The number of the account that has this username, which may be deleted.
pub async fn id_of_username(
    db: &mut impl Linked,
    username: &Username,
) -> Result<Option<AccountId>, StoreError> {
    let id: Option<i64> = value!(db, "SELECT id FROM accounts WHERE username_key = $1", username.key())?;
    Ok(id.map(AccountId))
}
