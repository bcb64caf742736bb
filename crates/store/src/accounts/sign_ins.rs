//! When an account was first signed in to. Nothing that ends a sign-in takes this back.

use super::super::statement::{execute, only_value};
use super::super::{StoreError, Tx};
use domain::{AccountId, Millis};

/// Whether the account has ever been signed in to, by whichever door. Call it before a sign-in writes
/// anything.
pub async fn signed_in_before(tx: &mut Tx, id: AccountId) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) FROM accounts WHERE id = $1 AND first_signed_in_at IS NOT NULL";
    let before: i64 = only_value!(tx, sql, id.0)?;
    Ok(before > 0)
}

/// Records a sign-in. The first one counts.
pub async fn note_sign_in(tx: &mut Tx, id: AccountId, now: Millis) -> Result<(), StoreError> {
    let sql = "UPDATE accounts SET first_signed_in_at = $1 WHERE id = $2 AND first_signed_in_at IS NULL";
    execute!(tx, sql, now.0, id.0)?;
    Ok(())
}
