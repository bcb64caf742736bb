//! Look-ups that read SQLite on the caller's thread: what programs present with a call – an API key, a
//! bearer, the secret, the code or the token of a client – and what goes into the answer with it. sqlx hands
//! every SQLite statement to its connection's own thread and back, which takes 33 to 44 µs; reading a cached
//! row takes 4 µs. On PostgreSQL the look-ups go through the pool.
//!
//! Nothing is cached between look-ups: a key that another process
//! revokes is refused at once.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use super::error::is_outage;
use super::fast_connections::{FastConnections, is_busy};
pub(super) use super::fast_connections::{FastRow, Parameter};
use super::{Linked as _, Store, StoreError, Tx};

/// Declares the struct of a row that both libraries read. The fields have the names and the order of the
/// columns.
macro_rules! fast_row {
    ($vis:vis struct $name:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        $vis struct $name {
            $($field: $type),+
        }

        // By position: by name, sqlx looks each one up in a table, and rusqlite compares the names of all
        // columns, again for every value of every row.
        impl<'r, R: sqlx::Row> sqlx::FromRow<'r, R> for $name
        where
            usize: sqlx::ColumnIndex<R>,
            $($type: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>),+
        {
            fn from_row(row: &'r R) -> sqlx::Result<Self> {
                let mut columns = 0..;
                $(let $field = row.try_get::<$type, usize>(columns.next().unwrap_or_default())?;)+
                Ok(Self { $($field),+ })
            }
        }

        impl $crate::fast::FastRow for $name {
            fn from_sqlite(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
                let mut columns = 0..;
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
        if let Some(connections) = &self.fast
            && let Some(found) = first_row(connections, sql, values)?
        {
            return Ok(found);
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

/// The first row that `sql` selects, read on this thread, without `block_in_place`. The page is almost always
/// cached, and `block_in_place` moves the thread's other tasks to another thread, which takes twenty times as
/// long as the read. The outer `None` stands for SQLITE_BUSY: a checkpoint holds the file exclusively, and a
/// connection of the pool may wait for it.
fn first_row<R: FastRow>(
    connections: &FastConnections,
    sql: &'static str,
    values: &[Parameter<'_>],
) -> Result<Option<Option<R>>, StoreError> {
    match connections.first_row(sql, values) {
        Err(error) if is_busy(&error) => Ok(None),
        found => found.map(Some).map_err(store_error),
    }
}

impl Tx {
    /// The first row that `sql` selects, read on the caller's thread. The outer `None` says that the
    /// transaction has to read it itself: on PostgreSQL, after its first statement, and during a checkpoint.
    pub(super) fn first_read<R: FastRow>(
        &self,
        sql: &'static str,
        values: &[Parameter<'_>],
    ) -> Result<Option<Option<R>>, StoreError> {
        let Some(connections) = self.alike() else { return Ok(None) };
        first_row(connections, sql, values)
    }
}
