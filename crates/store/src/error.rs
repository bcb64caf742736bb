//! Why a database call failed.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use domain::{AccountError, Field, InternalError};

use super::error_counts::{count_broken, count_unavailable};

/// When a client with too many waiting calls may try again.
const CROWDED_RETRY: Duration = Duration::from_secs(1);

/// Why a database call failed. A row that does not exist is an answer, not an error.
#[derive(Debug)]
pub enum StoreError {
    /// The database is unreachable, full or read-only. The same call may succeed later.
    Unavailable(sqlx::Error),
    /// One client has too many calls that wait for the database. Its next call may succeed later; others'
    /// calls do now.
    Crowded,
    /// A unique index refused the write: another row has this key.
    Conflict(sqlx::Error),
    /// A username is reserved for whoever had it before.
    Reserved,
    /// Any other failure: a bug in the program or in its schema.
    Broken(sqlx::Error),
    /// The server refuses a parameter of the connection, which may be part of a password in the wrong place.
    Parameter {
        /// The server's code of the error.
        code: String,
    },
    /// No server has used this database yet.
    Unused,
    /// A schema change could not be applied.
    Migration(sqlx::migrate::MigrateError),
    /// Transactions go to changing connections of PostgreSQL, so that news of other instances would be lost.
    Pooler,
    /// The log beside an SQLite database does not belong to it.
    ForeignLog {
        /// The file of the log.
        log: PathBuf,
    },
    /// A column (named here) holds a value that no version of the program writes.
    Corrupt(&'static str),
}

impl StoreError {
    /// The flow's answer to a failed write of `field`. A `Conflict` means that another account took the value
    /// after the flow had checked it, and `Reserved` that another gave the username up, so both become
    /// `Taken`.
    pub fn or_taken(self, field: Field) -> AccountError {
        match self {
            Self::Conflict(_) => AccountError::taken([field]),
            Self::Reserved => AccountError::taken([Field::Username]),
            other => other.into(),
        }
    }

    /// `Unavailable`, counted for the operator.
    pub(super) fn unavailable(error: sqlx::Error) -> Self {
        count_unavailable();
        Self::Unavailable(error)
    }

    /// `Broken`, counted for the operator.
    pub(super) fn broken(error: sqlx::Error) -> Self {
        count_broken();
        Self::Broken(error)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::WorkerCrashed => Self::unavailable(error),
            sqlx::Error::Database(reported) if reported.is_unique_violation() => Self::Conflict(error),
            sqlx::Error::Database(reported) if is_outage(reported.code().as_deref()) => {
                Self::unavailable(error)
            }
            _ => Self::broken(error),
        }
    }
}

/// The words of the database, without the line of its own source. Those of a driver that could not read a URL
/// are left out: they repeat parts of it.
fn in_words(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(reported) => match reported.code() {
            Some(code) => format!("{} (code {code})", reported.message()),
            None => reported.message().to_owned(),
        },
        sqlx::Error::Io(error) => error.to_string(),
        sqlx::Error::Configuration(_) => "its URL cannot be used".to_owned(),
        other => other.to_string(),
    }
}

/// Whether a write failed because the database, or this connection to it, is for reading alone.
pub(super) fn is_read_only(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(reported) = error else { return false };
    match reported.code().as_deref() {
        Some("25006") => true,
        Some(code) if code.len() < 5 => code.parse::<u32>().is_ok_and(|code| code & 0xFF == 8),
        _ => false,
    }
}

/// Whether the same call may succeed later. PostgreSQL: class 08 connection, 53 resources, 57P0x shutdown,
/// 25006 read-only, 25P03 a transaction that waited too long, 40001 and 40P01 serialisation and deadlock,
/// 55P03 and 57014 time-outs. SQLite (primary codes): 5 busy, 6 locked, 8 read-only, 10 I/O, 13 full, 14
/// cannot open.
pub(super) fn is_outage(code: Option<&str>) -> bool {
    let Some(code) = code else { return false };
    // A PostgreSQL SQLSTATE has five characters; an SQLite code has at most four digits.
    if code.len() == 5 {
        return ["08", "53", "57P"].iter().any(|class| code.starts_with(class))
            || matches!(code, "25006" | "25P03" | "40001" | "40P01" | "55P03" | "57014");
    }
    // SQLite reports extended codes. The low byte is the primary code.
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xFF, 5 | 6 | 8 | 10 | 13 | 14))
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(sqlx::Error::PoolTimedOut) => {
                f.write_str("the database does not answer in time")
            }
            Self::Unavailable(error) => write!(f, "the database is unavailable: {}", in_words(error)),
            Self::Crowded => f.write_str("too many calls of one client wait for the database"),
            Self::Conflict(error) => write!(f, "the database refused a second row: {}", in_words(error)),
            Self::Reserved => f.write_str("the username is reserved for whoever had it before"),
            Self::Broken(error) => write!(f, "the database call failed: {}", in_words(error)),
            Self::Parameter { code } => write!(
                f,
                "PostgreSQL refuses a parameter of the connection (SQLSTATE {code}): see `options` in the URL"
            ),
            Self::Unused => f.write_str("no server has used this database yet; start one with it first"),
            Self::Migration(sqlx::migrate::MigrateError::VersionMissing(number)) => write!(
                f,
                "a newer version of the program has used this database (its migration {number} is not known to this \
                 one): start that version, or restore a copy from before the upgrade"
            ),
            Self::Migration(sqlx::migrate::MigrateError::VersionMismatch(number)) => write!(
                f,
                "another program has used this database: its migration {number} is not the one that this program makes"
            ),
            Self::Migration(sqlx::migrate::MigrateError::Dirty(number)) => write!(
                f,
                "an upgrade of this database stopped within migration {number}: restore a copy from before the upgrade"
            ),
            Self::Migration(error) => {
                write!(f, "the database schema could not be brought up to date: {error}")
            }
            Self::Pooler => f.write_str(
                "it leads to a pooler that may give each transaction another connection; let it keep one for each \
                 client (PgBouncer: pool_mode = session)",
            ),
            Self::ForeignLog { log } => write!(
                f,
                "{} is the log of another state of this database, and would damage it. If you put a copy in place of the \
                 database, remove that log; if you did not, keep both and ask, for the log holds the newest changes",
                log.display()
            ),
            Self::Corrupt(what) => write!(f, "the database holds an unreadable {what}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<StoreError> for AccountError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Crowded => Self::Busy { retry_after: CROWDED_RETRY },
            StoreError::Unavailable(_) | StoreError::Parameter { .. } => {
                Self::Unavailable(InternalError::new(error))
            }
            _ => Self::Internal(InternalError::new(error)),
        }
    }
}
