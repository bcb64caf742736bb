//! Look-ups that read SQLite on the caller's thread: what programs present with a call – an API key, a
//! bearer, the secret, the code or the token of a client – and what goes into the answer with it. sqlx hands
//! every SQLite statement to its connection's own thread and back, which takes 33 to 44 µs; reading a cached
//! row takes 4 µs. On PostgreSQL the look-ups go through the pool.
//!
//! Nothing is cached between look-ups: a key that another process
//! revokes is refused at once.

use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use super::error::is_outage;
use super::{DbPool, Linked as _, Store, StoreError, direct};

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

/// Declares the struct of a row that both libraries read. The fields have the names and the order of the
/// columns.
macro_rules! fast_row {
    ($vis:vis struct $name:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        $crate::row::row_struct! {
            $vis struct $name { $($field: $type),+ }
        }

        impl $crate::fast::FastRow for $name {
            fn from_sqlite(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
                let mut columns = 0..;
                // By position: by name, rusqlite would compare the names of all columns again for every value
                // of every row.
                $(let $field = row.get(columns.next().unwrap_or_default())?;)+
                Ok(Self { $($field),+ })
            }
        }
    };
}
pub(super) use fast_row;

/// A row, and a number that the same statement selects from another table as its last column, `number`. One
/// statement for both saves locking and unlocking SQLite's WAL a second time, which is most of the cost of a
/// second look-up.
pub(super) struct WithNumber<R> {
    pub(super) row: R,
    pub(super) number: Option<i64>,
}

impl<R: FastRow> FastRow for WithNumber<R> {
    fn from_sqlite(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let last = row.as_ref().column_count().saturating_sub(1);
        Ok(Self { row: R::from_sqlite(row)?, number: row.get(last)? })
    }
}

impl<'r, R, T: Row> FromRow<'r, T> for WithNumber<R>
where
    R: FromRow<'r, T>,
    &'static str: ColumnIndex<T>,
    Option<i64>: Decode<'r, T::Database> + Type<T::Database>,
{
    fn from_row(row: &'r T) -> sqlx::Result<Self> {
        Ok(Self { row: R::from_row(row)?, number: row.try_get("number")? })
    }
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

    fn first_row<R: FastRow>(&self, sql: &str, values: &[Parameter<'_>]) -> rusqlite::Result<Option<R>> {
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

fn is_busy(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
    matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked))
}

fn store_error(error: rusqlite::Error) -> StoreError {
    let code = error.sqlite_error().map(|reported| reported.extended_code.to_string());
    let outage = is_outage(code.as_deref());
    let error = sqlx::Error::AnyDriverError(Box::new(error));
    if outage { StoreError::unavailable(error) } else { StoreError::broken(error) }
}

impl Store {
    /// The first row that `sql` selects. The parameters must appear in the text in the order of their
    /// numbers, because SQLite numbers `$1`, `$2` by their first appearance.
    pub(super) async fn fast_row<R>(
        &self,
        sql: &'static str,
        values: &[Parameter<'_>],
    ) -> Result<Option<R>, StoreError>
    where
        R: FastRow + for<'r> FromRow<'r, PgRow> + for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    {
        if let Some(connections) = &self.fast {
            // Runs on this thread, without `block_in_place`. The page is almost always cached, and
            // `block_in_place` moves the thread's other tasks to another thread, which takes twenty times as
            // long as the read.
            match connections.first_row(sql, values) {
                // SQLITE_BUSY: a checkpoint holds the file exclusively. The pool may wait for it.
                Err(error) if is_busy(&error) => {}
                found => return found.map_err(store_error),
            }
        }
        // Boxed, so that the caller's future does not reserve space for this one.
        Box::pin(self.first_row_through_the_pool(sql, values)).await
    }

    async fn first_row_through_the_pool<R>(
        &self,
        sql: &'static str,
        values: &[Parameter<'_>],
    ) -> Result<Option<R>, StoreError>
    where
        R: for<'r> FromRow<'r, PgRow> + for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    {
        let mut db = self.read().await?;
        let found = super::connection::on!(db.link(), c => {
            let mut query = sqlx::query_as(sql);
            for value in values {
                query = match value {
                    Parameter::Number(number) => query.bind(*number),
                    Parameter::Text(text) => query.bind(*text),
                    Parameter::Bytes(bytes) => query.bind(*bytes),
                };
            }
            query.fetch_optional(c).await
        })?;
        Ok(found)
    }
}
