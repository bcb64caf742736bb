//! The columns of an account's password.

use domain::{AccountId, Millis};

use crate::statement::{execute, row, value};
use crate::{Change, Linked, StoreError, Tx};

/// Replaces the password hash `old` by `new`. Returns `false` when another transaction has replaced `old`
/// first. `chosen` is `true` when the owner chose a new password, and `false` when the same password was
/// hashed again at another cost.
pub async fn set_password_hash(
    tx: &mut Tx,
    id: AccountId,
    old: Option<&str>,
    new: &str,
    chosen: bool,
    now: Millis,
) -> Result<bool, StoreError> {
    let changed = execute!(
        tx,
        "UPDATE accounts SET password_hash = $1, \
         password_changed_at = COALESCE($2, password_changed_at), \
         password_expires_at = CASE WHEN CAST($2 AS BIGINT) IS NULL THEN password_expires_at ELSE NULL END, \
         updated_at = $3 WHERE id = $4 AND COALESCE(password_hash, '') = $5",
        new,
        chosen.then_some(now.0),
        now.0,
        id.0,
        old.unwrap_or_default(),
    )?;
    Ok(changed > 0)
}

/// Takes the account's password away: nothing that anybody types matches any more. Returns `false` when it
/// has none.
pub async fn remove_password(tx: &mut Tx, id: AccountId, now: Millis) -> Result<bool, StoreError> {
    let sql = "UPDATE accounts SET password_hash = NULL, password_changed_at = $1, password_expires_at = NULL, \
               updated_at = $1 WHERE id = $2 AND password_hash IS NOT NULL";
    let removed = execute!(tx, sql, now.0, id.0)?;
    tx.announce(Change::Account(id));
    Ok(removed > 0)
}

/// Sets the password that the owner chose through a mailed link. The link was sent to the account's address,
/// so this also proves the address.
pub async fn reset_password(tx: &mut Tx, id: AccountId, hash: &str, now: Millis) -> Result<(), StoreError> {
    execute!(
        tx,
        "UPDATE accounts SET password_hash = $1, password_changed_at = $2, password_expires_at = NULL, \
         verified_at = COALESCE(verified_at, $2), updated_at = $2 WHERE id = $3",
        hash,
        now.0,
        id.0,
    )?;
    tx.announce(Change::Account(id));
    Ok(())
}

/// Password hashes of at most `most` accounts, at equal distances in the order of their numbers.
pub async fn sample_hashes(db: &mut impl Linked, most: i64) -> Result<Vec<String>, StoreError> {
    let ends: (Option<i64>, Option<i64>) =
        row!(db, "SELECT MIN(id), MAX(id) FROM accounts")?.unwrap_or_default();
    let (Some(first), Some(last)) = ends else { return Ok(Vec::new()) };
    let mut sample = Vec::new();
    let mut at = first;
    while at <= last {
        // The next account, which may be behind the next place as well: where numbers are missing, it counts
        // for their places.
        let sql = "SELECT password_hash FROM accounts WHERE id >= $1 AND password_hash IS NOT NULL \
                   AND deleted_at IS NULL ORDER BY id LIMIT 1";
        let hash: Option<String> = value!(db, sql, at)?;
        sample.extend(hash);
        at = at.saturating_add(((last - first) / most.max(1)).max(1));
    }
    Ok(sample)
}
