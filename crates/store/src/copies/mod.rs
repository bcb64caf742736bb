//! Copies of the whole database, with every table that it has, and the way back. A copy is of one moment,
//! whatever is written meanwhile.
//!
//! SQLite makes its own copy, as a file. PostgreSQL gives the rows of one snapshot, and what its catalogue
//! says of tables, so that those of plug-ins and of operators come along; it is filled in one transaction.

mod file;
mod fill;
mod schema;
mod sequences;
mod snapshot;

use std::fmt;
use std::io;

use sqlx::AssertSqlSafe;

use super::migrations::{Migrations, begun};
use super::{DbPool, StoreError};

pub use file::SqliteCopy;
pub use fill::Fill;
pub use schema::{CopiedTable, Schema};
pub use snapshot::Snapshot;

pub(super) use fill::ALONE;
pub(super) use schema::{around_rows, of_ours};
pub(super) use snapshot::NO_LIMITS;

/// Why a database cannot be copied or filled.
#[derive(Debug)]
pub enum CopyError {
    /// The database fails.
    Store(StoreError),
    /// The place that the copy is written to fails.
    Io(io::Error),
    /// There is something in the database that a copy does not take, in words.
    Untaken(String),
    /// The database that is to be filled has a table already, or another thing of this name.
    NotEmpty(String),
}

impl fmt::Display for CopyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Io(error) => error.fmt(f),
            Self::Untaken(what) => write!(f, "a backup cannot take {what}; use `pg_dump` for this database"),
            Self::NotEmpty(what) => write!(f, "it is not empty: it has `{what}`; name a new, empty database"),
        }
    }
}

impl std::error::Error for CopyError {}

impl From<sqlx::Error> for CopyError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<StoreError> for CopyError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<io::Error> for CopyError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The number of the newest schema change that this program knows.
pub fn newest_migration() -> i64 {
    Migrations::builtin().newest()
}

impl DbPool {
    /// Whether the program has ever prepared this database.
    ///
    /// # Errors
    /// The database fails.
    pub async fn is_used(&self) -> Result<bool, StoreError> {
        begun(self).await
    }

    /// The number of the newest schema change that was applied to this database. Applies none.
    ///
    /// # Errors
    /// `Unused` when the program has never prepared it; otherwise the database fails.
    pub async fn migration(&self) -> Result<i64, StoreError> {
        if !self.is_used().await? {
            return Err(StoreError::Unused);
        }
        let sql = "SELECT MAX(version) FROM _sqlx_migrations";
        let newest: Option<i64> = match self {
            Self::Sqlite(pool) => sqlx::query_scalar(sql).fetch_one(pool).await?,
            Self::Postgres(pool) => sqlx::query_scalar(sql).fetch_one(pool).await?,
        };
        newest.ok_or(StoreError::Unused)
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.shut().await;
    }
}

/// A statement that was put together here, from names that were quoted.
pub(super) fn composed(sql: String) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql)
}

/// An identifier as both engines read it whatever it contains.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
