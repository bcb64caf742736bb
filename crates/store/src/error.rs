//! Why a database call failed.

use std::fmt;

use domain::{AccountError, Field, InternalError};

/// Why a database call failed. "No such row" is an answer, not an error.
#[derive(Debug)]
pub enum StoreError {
    /// The database cannot be reached, is full or read-only: the same call may work later.
    Unavailable(sqlx::Error),
    /// Another row has this key: a unique index refused the write.
    Conflict(sqlx::Error),
    /// Any other failure: a fault in the program or its schema.
    Broken(sqlx::Error),
    /// A schema change could not be applied.
    Migration(sqlx::migrate::MigrateError),
    /// A stored value that no version of the program wrote, by its column.
    Corrupt(&'static str),
}

impl StoreError {
    /// What a flow answers when this came of writing `field`: a conflict means that another account took the value
    /// after the flow had looked.
    pub fn or_taken(self, field: Field) -> AccountError {
        match self {
            Self::Conflict(_) => AccountError::taken([field]),
            other => other.into(),
        }
    }

    pub(super) fn closed() -> Self {
        Self::Unavailable(sqlx::Error::PoolClosed)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            sqlx::Error::Database(reported) if reported.is_unique_violation() => Self::Conflict(error),
            sqlx::Error::Database(reported) if is_outage(reported.code().as_deref()) => {
                Self::Unavailable(error)
            }
            _ => Self::Broken(error),
        }
    }
}

/// Whether the same call may succeed later. PostgreSQL: class 08 connection, 53 resources, 57P0x shutdown,
/// 25006 read-only, 40001 and 40P01 serialisation and deadlock, 55P03 and 57014 time-outs. SQLite (primary
/// codes): 5 busy, 6 locked, 8 read-only, 10 I/O, 13 full, 14 cannot open.
pub(super) fn is_outage(code: Option<&str>) -> bool {
    let Some(code) = code else { return false };
    // A PostgreSQL state has five characters, an SQLite code four digits at most.
    if code.len() == 5 {
        return ["08", "53", "57P"].iter().any(|class| code.starts_with(class))
            || matches!(code, "25006" | "40001" | "40P01" | "55P03" | "57014");
    }
    // SQLite reports extended codes; the primary one is their low byte.
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xFF, 5 | 6 | 8 | 10 | 13 | 14))
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(sqlx::Error::PoolTimedOut) => {
                f.write_str("the database does not answer in time")
            }
            Self::Unavailable(error) => write!(f, "the database is unavailable: {error}"),
            Self::Conflict(error) => write!(f, "the database refused a second row: {error}"),
            Self::Broken(error) => write!(f, "the database call failed: {error}"),
            Self::Migration(error) => {
                write!(f, "the database schema could not be brought up to date: {error}")
            }
            Self::Corrupt(what) => write!(f, "the database holds an unreadable {what}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<StoreError> for AccountError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::Unavailable(InternalError::new(error)),
            _ => Self::Internal(InternalError::new(error)),
        }
    }
}
