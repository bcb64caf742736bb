//! Deleted accounts: nobody but administration finds them, and their rows go later.

use domain::{Account, AccountId, EmailAddress, Millis, Username};

use super::{AccountRow, Credentials, select};
use crate::statement::{execute, row, rows, value};
use crate::{Change, Linked, StoreError, Tx};

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

/// Who deleted an account, and when.
#[derive(Clone, Copy, Debug)]
pub struct Deletion {
    pub at: Millis,
    /// Whether its owner wanted it, and can take it back.
    pub by_owner: bool,
}

/// Says that an account is deleted; `None` brings it back. Either way nobody is asked to delete it any more.
pub async fn set_deleted(
    tx: &mut Tx,
    id: AccountId,
    deletion: Option<Deletion>,
    now: Millis,
) -> Result<(), StoreError> {
    let sql = "UPDATE accounts SET deleted_at = $1, deleted_by_owner = $2, deletion_asked_at = NULL, \
               updated_at = $3 WHERE id = $4";
    let by_owner = deletion.is_some_and(|deletion| deletion.by_owner);
    execute!(tx, sql, deletion.map(|deletion| deletion.at.0), by_owner, now.0, id.0)?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// Notes that the owner of an account asks to have it deleted; `None` takes that back.
pub async fn ask_for_deletion(
    tx: &mut Tx,
    id: AccountId,
    asked_at: Option<Millis>,
    now: Millis,
) -> Result<(), StoreError> {
    let sql = "UPDATE accounts SET deletion_asked_at = $1, updated_at = $2 WHERE id = $3";
    execute!(tx, sql, asked_at.map(|at| at.0), now.0, id.0)?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// At most `most` accounts with a number above `after` whose owners ask to have them deleted, the oldest
/// first.
///
/// # Errors
/// `Corrupt` when the column `fields` does not hold a JSON object of strings.
pub async fn asking_for_deletion(
    db: &mut impl Linked,
    after: AccountId,
    most: i64,
) -> Result<Vec<Account>, StoreError> {
    let sql =
        select!("deletion_asked_at IS NOT NULL AND deleted_at IS NULL AND id > $1 ORDER BY id LIMIT $2");
    let found: Vec<AccountRow> = rows!(db, sql, after.0, most)?;
    found.into_iter().map(|row| Ok(row.read()?.account)).collect()
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

/// The number of the account that has this username, which may be deleted.
pub async fn id_of_username(
    db: &mut impl Linked,
    username: &Username,
) -> Result<Option<AccountId>, StoreError> {
    let id: Option<i64> = value!(db, "SELECT id FROM accounts WHERE username_key = $1", username.key())?;
    Ok(id.map(AccountId))
}
