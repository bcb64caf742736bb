//! Since when an account wants a second factor.

use crate::statement::execute;
use crate::{Change, StoreError, Tx};
use domain::{AccountId, Millis};

/// Records that `account` wants a second factor from `since` on. One that wants one already keeps its time.
pub async fn want_second_factor(tx: &mut Tx, account: AccountId, since: Millis) -> Result<(), StoreError> {
    let sql = "UPDATE accounts SET second_factor_at = $1 WHERE id = $2 AND second_factor_at IS NULL";
    execute!(tx, sql, since.0, account.0)?;
    tx.announce(Change::Account(account));
    Ok(())
}

/// Records that the password of `account` signs in alone again.
pub async fn want_no_second_factor(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    execute!(tx, "UPDATE accounts SET second_factor_at = NULL WHERE id = $1", account.0)?;
    tx.announce(Change::Account(account));
    Ok(())
}
