//! The `identities` table: accounts at other providers that sign in. One is found by issuer and subject
//! alone, and belongs to one account.

use super::row::row_struct;
use super::statement::{execute, row, rows, value};
use super::{Linked, StoreError, Tx};
use domain::{AccountId, IdentityId, LinkedIdentity, Millis};

/// The column values of a new identity.
#[derive(Clone, Copy, Debug)]
pub struct NewIdentity<'a> {
    pub issuer: &'a str,
    pub subject: &'a str,
    pub handle: &'a str,
}

row_struct! {
    struct IdentityRow {
        id: i64,
        issuer: String,
        handle: String,
        created_at: i64,
        seen_at: Option<i64>,
    }
}

/// Links an identity to `account`, which is held.
///
/// # Errors
/// `Conflict` when an account has it already.
pub async fn insert(
    tx: &mut Tx,
    account: AccountId,
    new: &NewIdentity<'_>,
    now: Millis,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO identities (account_id, issuer, subject, handle, created_at) \
               VALUES ($1, $2, $3, $4, $5)";
    execute!(tx, sql, account.0, new.issuer, new.subject, new.handle, now.0)?;
    Ok(())
}

/// The account that an identity signs in to, and its number.
pub async fn find(
    db: &mut impl Linked,
    issuer: &str,
    subject: &str,
) -> Result<Option<(AccountId, IdentityId)>, StoreError> {
    let sql = "SELECT account_id, id FROM identities WHERE issuer = $1 AND subject = $2";
    let found: Option<(i64, i64)> = row!(db, sql, issuer, subject)?;
    Ok(found.map(|(account, id)| (AccountId(account), IdentityId(id))))
}

/// The identities of `account`, the oldest first.
pub async fn list(db: &mut impl Linked, account: AccountId) -> Result<Vec<LinkedIdentity>, StoreError> {
    let sql =
        "SELECT id, issuer, handle, created_at, seen_at FROM identities WHERE account_id = $1 ORDER BY id";
    let found: Vec<IdentityRow> = rows!(db, sql, account.0)?;
    let read = |row: IdentityRow| LinkedIdentity {
        id: IdentityId(row.id),
        issuer: row.issuer,
        handle: row.handle,
        created_at: Millis(row.created_at),
        seen_at: row.seen_at.map(Millis),
    };
    Ok(found.into_iter().map(read).collect())
}

/// Records that an identity signed in. Returns `false` when `account` has it no more.
pub async fn touch(tx: &mut Tx, account: AccountId, id: IdentityId, now: Millis) -> Result<bool, StoreError> {
    let sql = "UPDATE identities SET seen_at = $1 WHERE id = $2 AND account_id = $3";
    Ok(execute!(tx, sql, now.0, id.0, account.0)? > 0)
}

/// Unlinks an identity and returns its issuer; `None` when `account` has none with this number.
pub async fn remove(tx: &mut Tx, account: AccountId, id: IdentityId) -> Result<Option<String>, StoreError> {
    let sql = "DELETE FROM identities WHERE id = $1 AND account_id = $2 RETURNING issuer";
    Ok(value!(tx, sql, id.0, account.0)?)
}

/// Unlinks what `account` was linked with since `since`. Returns the number.
pub async fn end_since(tx: &mut Tx, account: AccountId, since: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM identities WHERE account_id = $1 AND created_at >= $2";
    Ok(execute!(tx, sql, account.0, since.0)?)
}

/// The issuers and subjects by which the accounts with the numbers from `first` to `last` sign in, in the
/// order of the accounts.
pub async fn between(
    db: &mut impl Linked,
    first: AccountId,
    last: AccountId,
) -> Result<Vec<(AccountId, String, String)>, StoreError> {
    let sql = "SELECT account_id, issuer, subject FROM identities WHERE account_id BETWEEN $1 AND $2 \
               ORDER BY account_id, id";
    let found: Vec<(i64, String, String)> = rows!(db, sql, first.0, last.0)?;
    Ok(found.into_iter().map(|(account, issuer, subject)| (AccountId(account), issuer, subject)).collect())
}
