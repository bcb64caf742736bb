//! The columns of `accounts` that say when the second factors are to be taken off. Each step is one
//! conditional write: of many requests, and of many instances, one takes it.

use crate::statement::{execute, rows};
use crate::{Change, Linked, StoreError, Tx};
use domain::{AccountId, Millis};

/// Notes that the second factors of `account` are to be taken off at `due`, and that its owner was told.
/// Returns `false` when that is to happen already, when it has none, or when it is locked.
pub async fn ask_factor_recovery(
    tx: &mut Tx,
    account: AccountId,
    due: Millis,
    now: Millis,
) -> Result<bool, StoreError> {
    let sql = "UPDATE accounts SET factor_recovery_due_at = $1, factor_recovery_told_at = $2 WHERE id = $3 \
               AND factor_recovery_due_at IS NULL AND second_factor_at IS NOT NULL AND locked_at IS NULL";
    let written = execute!(tx, sql, due.0, now.0, account.0)?;
    announced(tx, account, written)
}

/// Notes that the second factors of `account` stay. Returns `false` when they were to stay anyway.
pub async fn end_factor_recovery(tx: &mut Tx, account: AccountId) -> Result<bool, StoreError> {
    let sql = "UPDATE accounts SET factor_recovery_due_at = NULL, factor_recovery_told_at = NULL \
               WHERE id = $1 AND factor_recovery_due_at IS NOT NULL";
    let written = execute!(tx, sql, account.0)?;
    announced(tx, account, written)
}

/// Notes that the second factors of `account` are taken off now. Returns `false` when they are to be later,
/// or were to be before `late`, or are to stay.
pub async fn take_factor_recovery(
    tx: &mut Tx,
    account: AccountId,
    late: Millis,
    now: Millis,
) -> Result<bool, StoreError> {
    let sql = "UPDATE accounts SET factor_recovery_due_at = NULL, factor_recovery_told_at = NULL \
               WHERE id = $1 AND factor_recovery_due_at > $2 AND factor_recovery_due_at <= $3";
    let written = execute!(tx, sql, account.0, late.0, now.0)?;
    announced(tx, account, written)
}

/// Puts off until `due` what was to happen at `late` or before. Returns `false` when nothing was.
pub async fn put_off_factor_recovery(
    tx: &mut Tx,
    account: AccountId,
    late: Millis,
    due: Millis,
    now: Millis,
) -> Result<bool, StoreError> {
    let sql = "UPDATE accounts SET factor_recovery_due_at = $1, factor_recovery_told_at = $2 \
               WHERE id = $3 AND factor_recovery_due_at <= $4";
    let written = execute!(tx, sql, due.0, now.0, account.0, late.0)?;
    announced(tx, account, written)
}

/// Notes that the owner of `account` is told again. Returns `false` when they were after `since`, or their
/// factors stay.
pub async fn tell_factor_recovery(
    tx: &mut Tx,
    account: AccountId,
    since: Millis,
    now: Millis,
) -> Result<bool, StoreError> {
    let sql = "UPDATE accounts SET factor_recovery_told_at = $1 WHERE id = $2 \
               AND factor_recovery_due_at > $1 AND factor_recovery_told_at <= $3";
    Ok(execute!(tx, sql, now.0, account.0, since.0)? > 0)
}

/// At most `most` accounts whose factors are to be taken off by now, or whose owners were last told at
/// `since` or before.
pub async fn factor_recoveries(
    db: &mut impl Linked,
    since: Millis,
    most: i64,
    now: Millis,
) -> Result<Vec<AccountId>, StoreError> {
    let sql = "SELECT id FROM accounts WHERE factor_recovery_due_at IS NOT NULL \
               AND (factor_recovery_due_at <= $1 OR factor_recovery_told_at <= $2) \
               ORDER BY factor_recovery_due_at, id LIMIT $3";
    let found: Vec<(i64,)> = rows!(db, sql, now.0, since.0, most)?;
    Ok(found.into_iter().map(|(id,)| AccountId(id)).collect())
}

fn announced(tx: &mut Tx, account: AccountId, written: u64) -> Result<bool, StoreError> {
    if written > 0 {
        tx.announce(Change::Account(account));
    }
    Ok(written > 0)
}
