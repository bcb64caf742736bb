//! One state of a PostgreSQL database, in one transaction that reads alone.

use rocket::futures::TryStreamExt as _;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};

use super::super::DbPool;
use super::schema::{self, CopiedTable, Schema};
use super::sequences;
use super::{CopyError, composed};

/// What a long transaction must not end by. Whoever waits for a backup waits as long as it takes.
pub(in super::super) const NO_LIMITS: &str = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; \
                                    SET LOCAL idle_in_transaction_session_timeout = 0";

/// A state of the database that later writes do not change. Dropping it ends its transaction.
pub struct Snapshot(PoolConnection<Postgres>);

impl DbPool {
    /// Begins to read one state of the database.
    ///
    /// # Errors
    /// `Untaken` for SQLite; otherwise the database fails.
    pub async fn snapshot(&self) -> Result<Snapshot, CopyError> {
        let Self::Postgres(pool) = self else {
            return Err(CopyError::Untaken("SQLite by its rows".to_owned()));
        };
        let mut connection = pool.acquire().await?;
        connection.close_on_drop();
        // A snapshot begins with the first question, and not with the transaction.
        let begin = format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {NO_LIMITS}; SELECT 1");
        sqlx::raw_sql(composed(begin)).execute(&mut *connection).await?;
        Ok(Snapshot(connection))
    }
}

impl Snapshot {
    /// What the catalogue says of the tables, with the numbers that sequences have reached.
    ///
    /// # Errors
    /// `Untaken` when there is something that a copy does not take; otherwise the database fails.
    pub async fn schema(&mut self) -> Result<Schema, CopyError> {
        let connection: &mut PgConnection = &mut self.0;
        schema::refuse_untaken(connection).await?;
        let mut schema = schema::read(connection).await?;
        schema.after.extend(sequences::read(connection).await?);
        Ok(schema)
    }

    /// Gives the rows of a table to `take`, as PostgreSQL's `COPY` writes them: a line for each, in pieces of
    /// whole lines. Returns their number.
    ///
    /// # Errors
    /// The database fails, or `take` does.
    pub async fn rows(
        &mut self,
        table: &CopiedTable,
        mut take: impl FnMut(&[u8]) -> std::io::Result<()>,
    ) -> Result<u64, CopyError> {
        let sql = format!("COPY {} TO STDOUT", table.to_copy());
        let mut lines = self.0.copy_out_raw(&sql).await?;
        let mut rows = 0;
        while let Some(line) = lines.try_next().await? {
            take(&line)?;
            rows += 1;
        }
        Ok(rows)
    }

    /// Gives each picture that accounts have to `take`, once, as the database has it.
    ///
    /// # Errors
    /// The database fails, or `take` does.
    pub async fn pictures<E: From<CopyError>>(
        &mut self,
        mut take: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = "SELECT DISTINCT picture FROM accounts WHERE picture IS NOT NULL ORDER BY picture";
        let mut found = sqlx::query_scalar::<_, String>(sql).fetch(&mut *self.0);
        while let Some(picture) = found.try_next().await.map_err(CopyError::from)? {
            take(&picture)?;
        }
        Ok(())
    }
}
