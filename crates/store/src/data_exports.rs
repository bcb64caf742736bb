//! The `data_exports` table: what the owners of accounts asked to take with them. An account has one row at
//! most.

use std::collections::HashSet;

use super::row::row_struct;
use super::statement::{execute, row, rows, value};
use super::{Link, Linked, PRUNED_AT_ONCE, StoreError, Tx};
use domain::{AccountId, Millis};

/// What an account asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataExport {
    pub account: AccountId,
    /// The language of who asked, for an account that has none of its own.
    pub locale: Option<String>,
    pub asked_at: Millis,
    /// How often a worker has taken it, this time included.
    pub attempts: i64,
    /// The name of the file that is being made or was; empty before a worker has taken it.
    pub file: String,
    /// When it was made.
    pub ready_at: Option<Millis>,
    /// When it was given up.
    pub failed_at: Option<Millis>,
}

row_struct! {
    struct ExportRow {
        account_id: i64,
        locale: Option<String>,
        asked_at: i64,
        attempts: i64,
        file: Option<String>,
        ready_at: Option<i64>,
        failed_at: Option<i64>,
    }
}

impl From<ExportRow> for DataExport {
    fn from(row: ExportRow) -> Self {
        Self {
            account: AccountId(row.account_id),
            locale: row.locale,
            asked_at: Millis(row.asked_at),
            attempts: row.attempts,
            file: row.file.unwrap_or_default(),
            ready_at: row.ready_at.map(Millis),
            failed_at: row.failed_at.map(Millis),
        }
    }
}

/// What `account` asked for last.
pub async fn find(db: &mut impl Linked, account: AccountId) -> Result<Option<DataExport>, StoreError> {
    let sql = "SELECT account_id, locale, asked_at, attempts, file, ready_at, failed_at FROM data_exports \
               WHERE account_id = $1";
    let found: Option<ExportRow> = row!(db, sql, account.0)?;
    Ok(found.map(DataExport::from))
}

/// Writes that `account`, which is held, asks for one, in place of what it has.
pub async fn ask(
    tx: &mut Tx,
    account: AccountId,
    locale: Option<&str>,
    now: Millis,
) -> Result<(), StoreError> {
    execute!(
        tx,
        "INSERT INTO data_exports (account_id, locale, asked_at, due_at) VALUES ($1, $2, $3, $3) \
         ON CONFLICT (account_id) DO UPDATE SET locale = excluded.locale, asked_at = excluded.asked_at, \
         due_at = excluded.due_at, attempts = 0, file = NULL, ready_at = NULL, failed_at = NULL",
        account.0,
        locale,
        now.0,
    )?;
    Ok(())
}

/// Takes back what `account` asked for since `since`. Its file is nobody's from then on.
pub async fn withdraw_since(tx: &mut Tx, account: AccountId, since: Millis) -> Result<(), StoreError> {
    let sql = "DELETE FROM data_exports WHERE account_id = $1 AND asked_at >= $2";
    execute!(tx, sql, account.0, since.0)?;
    Ok(())
}

/// Whether [`lease`] would find one.
pub async fn due(db: &mut impl Linked, now: Millis) -> Result<bool, StoreError> {
    let sql = "SELECT account_id FROM data_exports WHERE due_at <= $1 LIMIT 1";
    let found: Option<i64> = value!(db, sql, now.0)?;
    Ok(found.is_some())
}

/// Leases the one that is due longest until `until`, to be made in the file `file`.
pub async fn lease(
    tx: &mut Tx,
    file: &str,
    now: Millis,
    until: Millis,
) -> Result<Option<DataExport>, StoreError> {
    macro_rules! lease {
        ($skip_locked:literal) => {
            concat!(
                "UPDATE data_exports SET due_at = $1, attempts = attempts + 1, file = $2 WHERE account_id = \
                 (SELECT account_id FROM data_exports WHERE due_at <= $3 ORDER BY due_at, account_id LIMIT 1 ",
                $skip_locked,
                ") RETURNING account_id, locale, asked_at, attempts, file, ready_at, failed_at"
            )
        };
    }
    let statement = match tx.link() {
        Link::Sqlite(_) => lease!(""),
        Link::Postgres(_) => lease!("FOR UPDATE SKIP LOCKED"),
    };
    let found: Option<ExportRow> = row!(tx, statement, until.0, file, now.0)?;
    Ok(found.map(DataExport::from))
}

/// Ends all leases: nobody works on any.
pub async fn end_leases(tx: &mut Tx, now: Millis) -> Result<(), StoreError> {
    execute!(tx, "UPDATE data_exports SET due_at = $1 WHERE due_at > $1", now.0)?;
    Ok(())
}

/// Puts the next try off to `until`, by whoever leased it: this prolongs a lease too. Returns `false` when
/// another worker has leased it since, or nobody wants it any more.
pub async fn put_off(tx: &mut Tx, export: &DataExport, until: Millis) -> Result<bool, StoreError> {
    let sql =
        "UPDATE data_exports SET due_at = $1 WHERE account_id = $2 AND file = $3 AND due_at IS NOT NULL";
    Ok(execute!(tx, sql, until.0, export.account.0, export.file.as_str())? > 0)
}

/// Writes that the file is there, by whoever leased it. Returns `false` as [`put_off`] does.
pub async fn made(tx: &mut Tx, export: &DataExport, now: Millis) -> Result<bool, StoreError> {
    let sql = "UPDATE data_exports SET ready_at = $1, due_at = NULL WHERE account_id = $2 AND file = $3 \
               AND due_at IS NOT NULL";
    Ok(execute!(tx, sql, now.0, export.account.0, export.file.as_str())? > 0)
}

/// Writes that it is given up, by whoever leased it. Returns `false` as [`put_off`] does.
pub async fn given_up(tx: &mut Tx, export: &DataExport, now: Millis) -> Result<bool, StoreError> {
    let sql = "UPDATE data_exports SET failed_at = $1, due_at = NULL, file = NULL \
               WHERE account_id = $2 AND file = $3 AND due_at IS NOT NULL";
    Ok(execute!(tx, sql, now.0, export.account.0, export.file.as_str())? > 0)
}

/// Removes it, by whoever leased it: its owner cannot fetch it any more.
pub async fn withdraw(tx: &mut Tx, export: &DataExport) -> Result<(), StoreError> {
    let sql = "DELETE FROM data_exports WHERE account_id = $1 AND file = $2";
    execute!(tx, sql, export.account.0, export.file.as_str())?;
    Ok(())
}

/// The names of the files that somebody may still want.
pub async fn files(db: &mut impl Linked) -> Result<HashSet<String>, StoreError> {
    let found: Vec<(String,)> = rows!(db, "SELECT file FROM data_exports WHERE file IS NOT NULL")?;
    Ok(found.into_iter().map(|(file,)| file).collect())
}

/// Removes at most [`PRUNED_AT_ONCE`] that were made or given up before `before`. Returns their number.
pub async fn prune(tx: &mut Tx, before: Millis) -> Result<u64, StoreError> {
    let sql = "DELETE FROM data_exports WHERE account_id IN (SELECT account_id FROM data_exports \
               WHERE ready_at < $1 OR failed_at < $1 LIMIT $2)";
    Ok(execute!(tx, sql, before.0, PRUNED_AT_ONCE)?)
}
