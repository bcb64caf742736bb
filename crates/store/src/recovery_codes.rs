//! The `recovery_codes` table: the codes of an account that have not been used. One is used by the deletion
//! of its row: of fifty simultaneous requests one wins.

use super::row::row_struct;
use super::statement::{execute, only_value, row};
use super::{Linked, StoreError, Tx};
use domain::{AccountId, Millis, TokenDigest};

/// What the owner of an account is told of its authenticator app and its recovery codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodeFacts {
    /// When the authenticator app was confirmed; `None` without one.
    pub totp_since: Option<Millis>,
    /// How many recovery codes are left.
    pub codes_left: i64,
    /// When these were made.
    pub codes_made_at: Option<Millis>,
}

row_struct! {
    struct FactsRow {
        totp_since: Option<i64>,
        codes_left: i64,
        codes_made_at: Option<i64>,
    }
}

/// Gives `account` these codes, in place of all earlier ones.
pub async fn replace(
    tx: &mut Tx,
    account: AccountId,
    digests: &[TokenDigest],
    now: Millis,
) -> Result<(), StoreError> {
    write(tx, account, digests, false, now).await
}

/// Gives `account` codes of another product, in place of all earlier ones. With another authenticator app
/// they go, see [`remove_keyed`].
pub async fn replace_with_keyed(
    tx: &mut Tx,
    account: AccountId,
    digests: &[TokenDigest],
    now: Millis,
) -> Result<(), StoreError> {
    write(tx, account, digests, true, now).await
}

async fn write(
    tx: &mut Tx,
    account: AccountId,
    digests: &[TokenDigest],
    keyed: bool,
    now: Millis,
) -> Result<(), StoreError> {
    remove_all(tx, account).await?;
    for digest in digests {
        let sql =
            "INSERT INTO recovery_codes (account_id, digest, created_at, keyed) VALUES ($1, $2, $3, $4)";
        execute!(tx, sql, account.0, digest.as_bytes(), now.0, keyed)?;
    }
    Ok(())
}

/// Removes the codes of `account` that came along from another product: its app has gone.
pub async fn remove_keyed(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    execute!(tx, "DELETE FROM recovery_codes WHERE account_id = $1 AND keyed", account.0)?;
    Ok(())
}

/// Uses a code up. Returns `false` when `account` has no such code, or it was used.
pub async fn use_up(tx: &mut Tx, account: AccountId, digest: &TokenDigest) -> Result<bool, StoreError> {
    let sql = "DELETE FROM recovery_codes WHERE account_id = $1 AND digest = $2";
    Ok(execute!(tx, sql, account.0, digest.as_bytes())? > 0)
}

/// How many codes `account` has left.
pub async fn left(db: &mut impl Linked, account: AccountId) -> Result<i64, StoreError> {
    Ok(only_value!(db, "SELECT COUNT(*) FROM recovery_codes WHERE account_id = $1", account.0)?)
}

/// Removes the codes of `account`.
pub async fn remove_all(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    execute!(tx, "DELETE FROM recovery_codes WHERE account_id = $1", account.0)?;
    Ok(())
}

/// What the owner of `account` is told, in one statement.
pub async fn facts(db: &mut impl Linked, account: AccountId) -> Result<CodeFacts, StoreError> {
    let sql = "SELECT (SELECT confirmed_at FROM totp_secrets WHERE account_id = $1 AND confirmed_at IS NOT NULL) \
               AS totp_since, COUNT(*) AS codes_left, MAX(created_at) AS codes_made_at \
               FROM recovery_codes WHERE account_id = $1";
    let found: Option<FactsRow> = row!(db, sql, account.0)?;
    Ok(found.map_or_else(CodeFacts::default, |row| CodeFacts {
        totp_since: row.totp_since.map(Millis),
        codes_left: row.codes_left,
        codes_made_at: row.codes_made_at.map(Millis),
    }))
}
