//! The `pending_sign_ins` table: sign-ins that still want a second factor. A code is counted as wrong before
//! it is looked at, and a sign-in ends by the deletion of its row: so of fifty simultaneous requests five are
//! looked at, and one signs in.

use super::row::row_struct;
use super::statement::{execute, row, value};
use super::{Linked, PRUNED_AT_ONCE, StoreError, Tx};
use domain::{AccountId, Factor, Millis, TokenDigest};

/// The column values of a new pending sign-in.
#[derive(Clone, Copy, Debug)]
pub struct NewPendingSignIn<'a> {
    pub account_id: AccountId,
    /// The digest of the browser's cookie.
    pub token: &'a TokenDigest,
    /// What was right.
    pub proof: Factor,
    /// When the account's password was last chosen.
    pub password_changed_at: Option<Millis>,
    pub expires_at: Millis,
}

/// A sign-in that wants a second factor.
#[derive(Clone, Copy, Debug)]
pub struct StoredPendingSignIn {
    pub number: i64,
    pub account_id: AccountId,
    pub proof: Factor,
    pub password_changed_at: Option<Millis>,
    /// How many codes were tried.
    pub wrong_codes: i64,
    pub expires_at: Millis,
}

row_struct! {
    struct PendingRow {
        id: i64,
        account_id: i64,
        proof: String,
        password_changed_at: Option<i64>,
        wrong_codes: i64,
        expires_at: i64,
    }
}

/// Adds a pending sign-in. An account keeps the newest `kept`.
pub async fn insert(
    tx: &mut Tx,
    new: &NewPendingSignIn<'_>,
    kept: i64,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO pending_sign_ins (account_id, token, proof, password_changed_at, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        new.account_id.0,
        new.token.as_bytes(),
        new.proof.as_str(),
        new.password_changed_at.map(|at| at.0),
        now.0,
        new.expires_at.0,
    )?;
    execute!(
        tx,
        "DELETE FROM pending_sign_ins WHERE account_id = $1 AND id NOT IN \
         (SELECT id FROM pending_sign_ins WHERE account_id = $1 ORDER BY id DESC LIMIT $2)",
        new.account_id.0,
        kept,
    )?;
    Ok(())
}

/// The pending sign-in with this cookie. `None` when it is unknown, done, closed or expired.
///
/// # Errors
/// `Corrupt` when the stored proof is unknown.
pub async fn find(
    db: &mut impl Linked,
    token: &TokenDigest,
    now: Millis,
) -> Result<Option<StoredPendingSignIn>, StoreError> {
    let found: Option<PendingRow> = row!(
        db,
        "SELECT id, account_id, proof, password_changed_at, wrong_codes, expires_at FROM pending_sign_ins \
         WHERE token = $1 AND expires_at > $2",
        token.as_bytes(),
        now.0,
    )?;
    found
        .map(|row| {
            Ok(StoredPendingSignIn {
                number: row.id,
                account_id: AccountId(row.account_id),
                proof: Factor::parse(&row.proof).ok_or(StoreError::Corrupt("pending_sign_ins.proof"))?,
                password_changed_at: row.password_changed_at.map(Millis),
                wrong_codes: row.wrong_codes,
                expires_at: Millis(row.expires_at),
            })
        })
        .transpose()
}

/// Counts a code before it is looked at, and returns how many were counted. `None` when that would be more
/// than `most`, or the sign-in has ended.
pub async fn count_code(tx: &mut Tx, number: i64, most: i64) -> Result<Option<i64>, StoreError> {
    let sql = "UPDATE pending_sign_ins SET wrong_codes = wrong_codes + 1 WHERE id = $1 AND wrong_codes < $2 \
               RETURNING wrong_codes";
    Ok(value!(tx, sql, number, most)?)
}

/// Ends a pending sign-in, by a session or by too many wrong codes. Returns `false` when it had ended.
pub async fn end(tx: &mut Tx, number: i64) -> Result<bool, StoreError> {
    Ok(execute!(tx, "DELETE FROM pending_sign_ins WHERE id = $1", number)? > 0)
}

/// Ends the pending sign-ins of `account`.
pub async fn end_all(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    execute!(tx, "DELETE FROM pending_sign_ins WHERE account_id = $1", account.0)?;
    Ok(())
}

/// Removes at most [`PRUNED_AT_ONCE`] that have expired. Returns their number.
pub async fn prune(tx: &mut Tx, now: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM pending_sign_ins WHERE id IN \
               (SELECT id FROM pending_sign_ins WHERE expires_at <= $1 LIMIT $2)";
    Ok(execute!(tx, sql, now.0, PRUNED_AT_ONCE)?)
}
