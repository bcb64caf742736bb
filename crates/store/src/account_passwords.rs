//! When the password of an account was chosen, and when it ends: columns of the `accounts` table.

use super::statement::{execute, row};
use super::{Change, Linked, StoreError, Tx};
use domain::{AccountId, Millis};

/// Ends the account's present password at once. It counts as changed, so nothing that was proven by it before
/// is granted after.
pub async fn void(tx: &mut Tx, id: AccountId, now: Millis) -> Result<(), StoreError> {
    // The time of a change tells one from another, so this one is later than the last in any case.
    let sql = "UPDATE accounts SET password_expires_at = $1, password_changed_at = \
               CASE WHEN password_changed_at >= $1 THEN password_changed_at + 1 ELSE $1 END WHERE id = $2";
    execute!(tx, sql, now.0, id.0)?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// When the present password was chosen, or ended.
pub async fn changed_at(db: &mut impl Linked, id: AccountId) -> Result<Option<Millis>, StoreError> {
    let found: Option<(Option<i64>,)> =
        row!(db, "SELECT password_changed_at FROM accounts WHERE id = $1", id.0)?;
    Ok(found.and_then(|(at,)| at).map(Millis))
}

/// Says when the account's present password stops to sign in, because it was generated. Its replacement
/// expires only if this is called again.
pub async fn expire(tx: &mut Tx, id: AccountId, at: Millis) -> Result<(), StoreError> {
    execute!(tx, "UPDATE accounts SET password_expires_at = $1 WHERE id = $2", at.0, id.0)?;
    Ok(())
}
