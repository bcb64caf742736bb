//! SQLite connections that are used on the caller's thread, and the rows that are read by them.

use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};

use super::{DbPool, direct};

/// A parameter bound to a look-up's statement.
#[derive(Clone, Copy)]
pub(super) enum Parameter<'a> {
    Number(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl ToSql for Parameter<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Number(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A row that both rusqlite and sqlx can read.
pub(super) trait FastRow: Sized {
    fn from_sqlite(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self>;
}

/// SQLite connections that stay open between look-ups. Each may cache 2 MiB of pages, SQLite's default
/// `cache_size`.
const KEPT: usize = 16;

/// SQLite connections for look-ups only. As many are opened as are used at the same time; [`KEPT`] of them
/// stay open.
pub(super) struct FastConnections {
    file: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl FastConnections {
    /// Returns `None` for PostgreSQL, and for an in-memory SQLite database, which only the connection that
    /// made it can see.
    pub(super) fn new(pool: &DbPool) -> Option<Self> {
        let DbPool::Sqlite(pool) = pool else { return None };
        let file = pool.connect_options().get_filename().to_owned();
        file.is_file().then(|| Self { file, idle: Mutex::default() })
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Closes the connections that wait to be used.
    pub(super) fn close_idle(&self) {
        self.idle.lock().clear();
    }

    pub(super) fn first_row<R: FastRow>(
        &self,
        sql: &str,
        values: &[Parameter<'_>],
    ) -> rusqlite::Result<Option<R>> {
        let idle = self.idle.lock().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => direct::open(&self.file)?,
        };
        let found = {
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query(params_from_iter(values))?;
            rows.next()?.map(R::from_sqlite).transpose()?
        };
        // If the look-up fails, `?` drops the connection, which closes it.
        let mut idle = self.idle.lock();
        if idle.len() < KEPT {
            idle.push(connection);
        }
        Ok(found)
    }
}

/// Whether somebody else has the file to themselves for now.
pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
    matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked))
}
