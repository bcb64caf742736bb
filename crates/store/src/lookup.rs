//! Single rows by an indexed column, for calls that do little else. sqlx hands every SQLite statement to a thread of its
//! connection, which costs ten times what reading a cached page does; here SQLite is read on the caller's thread. Always
//! from the database, never from a copy: what another process wrote, such as a revoked key, is seen at once.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, params_from_iter};
use sqlx::postgres::PgRow;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use super::pin::{Pin, Writing};
use super::{DbPool, Store, StoreError};

/// A value that a row is looked up by.
#[derive(Clone, Copy)]
pub(super) enum By<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl ToSql for By<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            By::Text(text) => ValueRef::Text(text.as_bytes()),
            By::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A row as SQLite gives it; PostgreSQL's is read by sqlx.
pub(super) trait FromSqlite: Sized {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self>;
}

/// A struct that either engine's row is read into: its fields are named as the columns are, and in their order.
macro_rules! looked_up {
    (struct $name:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        #[derive(sqlx::FromRow)]
        struct $name {
            $($field: $type),+
        }

        impl $crate::lookup::FromSqlite for $name {
            fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
                let mut columns = 0..;
                // By place: SQLite compares names anew for each value of each row.
                $(let $field = row.get(columns.next().unwrap_or_default())?;)+
                Ok(Self { $($field),+ })
            }
        }
    };
}
pub(super) use looked_up;

/// A row, and a number that the same statement found elsewhere: its last column, which is called `beside`. Each read of
/// SQLite locks and unlocks a place of the log's index, so two answers of one statement cost little more than one.
pub(super) struct Beside<R>(pub R, pub Option<i64>);

impl<R: FromSqlite> FromSqlite for Beside<R> {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let last = row.as_ref().column_count().saturating_sub(1);
        Ok(Self(R::read(row)?, row.get(last)?))
    }
}

impl<'r, R, T: Row> FromRow<'r, T> for Beside<R>
where
    R: FromRow<'r, T>,
    &'static str: ColumnIndex<T>,
    Option<i64>: Decode<'r, T::Database> + Type<T::Database>,
{
    fn from_row(row: &'r T) -> sqlx::Result<Self> {
        Ok(Self(R::from_row(row)?, row.try_get("beside")?))
    }
}

/// Connections that are kept open; each may hold 2 MiB of pages (SQLite's default `cache_size`).
const KEPT: usize = 16;

/// Connections of SQLite that only look up: as many as are needed at once, of which some are kept.
pub(super) struct Lookups {
    file: PathBuf,
    idle: Mutex<Vec<Connection>>,
    pin: Arc<Pin>,
}

impl Lookups {
    /// None for PostgreSQL, and for a database in memory, which only its own connection sees.
    pub(super) fn over(pool: &DbPool) -> Option<Self> {
        let DbPool::Sqlite(pool) = pool else { return None };
        let file = pool.connect_options().get_filename().to_owned();
        file.is_file().then(|| Self { file, idle: Mutex::default(), pin: Arc::default() })
    }

    /// Keeps out of the way of somebody who writes, until what is returned is dropped.
    pub(super) fn give_way(&self) -> Writing {
        self.pin.give_way()
    }

    fn open(file: &Path) -> rusqlite::Result<Connection> {
        // Not read-only: a reader of a write-ahead log takes part in its index.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.busy_timeout(Duration::ZERO)?;
        Ok(connection)
    }

    fn one<R: FromSqlite>(&self, sql: &str, by: &[By<'_>]) -> rusqlite::Result<Option<R>> {
        self.pin.take(|| Self::open(&self.file));
        let idle = self.idle.lock().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => Self::open(&self.file)?,
        };
        let found = {
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query(params_from_iter(by))?;
            rows.next()?.map(R::read).transpose()?
        };
        // One that failed is closed instead, and so are those that only a slow disk made necessary.
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

impl Store {
    /// The first row that `sql` finds by these values. Its parameters must come in the order of their numbers, which is the
    /// order that SQLite goes by.
    pub(super) async fn look_up<R>(&self, sql: &'static str, by: &[By<'_>]) -> Result<Option<R>, StoreError>
    where
        R: FromSqlite
            + for<'r> FromRow<'r, PgRow>
            + for<'r> FromRow<'r, sqlx::sqlite::SqliteRow>
            + Send
            + Unpin,
    {
        if let Some(lookups) = &self.lookups {
            // Inline: the row's page is in memory as good as always, and handing the thread's other work to another
            // one meanwhile costs twenty times what reading it does.
            match lookups.one(sql, by) {
                // Somebody has the file for himself, which a restart of the log can take: this waits elsewhere.
                Err(error) if is_busy(&error) => {}
                found => return found.map_err(StoreError::from),
            }
        }
        // In a box of its own: every call's future would be as large as this one.
        Box::pin(self.look_up_through_the_pool(sql, by)).await
    }

    async fn look_up_through_the_pool<R>(
        &self,
        sql: &'static str,
        by: &[By<'_>],
    ) -> Result<Option<R>, StoreError>
    where
        R: for<'r> FromRow<'r, PgRow> + for<'r> FromRow<'r, sqlx::sqlite::SqliteRow> + Send + Unpin,
    {
        let mut db = self.read().await?;
        let found = super::connection::on!(super::Linked::link(&mut db), c => {
            let mut query = sqlx::query_as(sql);
            for value in by {
                query = match value {
                    By::Text(text) => query.bind(*text),
                    By::Bytes(bytes) => query.bind(*bytes),
                };
            }
            query.fetch_optional(c).await
        })?;
        Ok(found)
    }
}
