//! Filling an empty PostgreSQL database, in one transaction.

use sqlx::pool::PoolConnection;
use sqlx::postgres::PgCopyIn;
use sqlx::{PgConnection, Postgres};

use super::super::DbPool;
use super::schema::{CopiedTable, Schema, of_ours};
use super::snapshot::NO_LIMITS;
use super::{CopyError, composed, quoted};

/// A database that is being filled. Dropping it leaves the database empty.
pub struct Fill(PoolConnection<Postgres>);

/// The rows of one table, on their way in.
pub struct Rows<'a>(PgCopyIn<&'a mut PgConnection>);

/// Two that fill one database would each find it empty.
pub(in super::super) const ALONE: &str = "SELECT pg_advisory_xact_lock(7318349394477056)";

/// Anything with a name of its own.
const ANYTHING: &str = concat!(
    "SELECT c.relname::text FROM pg_class c WHERE c.relkind IN ('r', 'v', 'm', 'S', 'f', 'p') AND ",
    of_ours!("pg_class", "c", "relnamespace"),
    " ORDER BY c.relkind = 'S', c.relname LIMIT 1"
);

impl DbPool {
    /// Begins to fill the database.
    ///
    /// # Errors
    /// `NotEmpty` when it has something; `Untaken` for SQLite; otherwise the database fails.
    pub async fn fill(&self) -> Result<Fill, CopyError> {
        let Self::Postgres(pool) = self else {
            return Err(CopyError::Untaken("SQLite by its rows".to_owned()));
        };
        let mut connection = pool.acquire().await?;
        connection.close_on_drop();
        // Functions may name tables that come after them.
        let begin = format!("BEGIN; {NO_LIMITS}; SET LOCAL check_function_bodies = off; {ALONE}");
        sqlx::raw_sql(composed(begin)).execute(&mut *connection).await?;
        let found: Option<String> = sqlx::query_scalar(ANYTHING).fetch_optional(&mut *connection).await?;
        found.map_or(Ok(Fill(connection)), |name| Err(CopyError::NotEmpty(name)))
    }
}

impl Fill {
    /// Runs statements of a copy's schema.
    ///
    /// # Errors
    /// The database fails or refuses one.
    pub async fn run(&mut self, statements: &[String]) -> Result<(), CopyError> {
        for statement in statements {
            sqlx::raw_sql(composed(statement.clone())).execute(&mut *self.0).await?;
        }
        Ok(())
    }

    /// Begins with the rows of a table.
    ///
    /// # Errors
    /// The database fails or has no such table.
    pub async fn rows(&mut self, table: &CopiedTable) -> Result<Rows<'_>, CopyError> {
        let sql = format!("COPY {} FROM STDIN", table.to_copy());
        Ok(Rows(self.0.copy_in_raw(&sql).await?))
    }

    /// Counts the rows for whoever plans queries, and ends the transaction.
    ///
    /// # Errors
    /// The database fails. Then it is empty, unless the connection was lost at the very end.
    pub async fn commit(mut self, schema: &Schema) -> Result<(), CopyError> {
        let tables: Vec<String> = schema.tables.iter().map(|table| quoted(&table.name)).collect();
        if !tables.is_empty() {
            // Without it the first questions would be answered by reading whole tables.
            self.run(&[format!("ANALYZE {}", tables.join(", "))]).await?;
        }
        sqlx::query("COMMIT").execute(&mut *self.0).await?;
        Ok(())
    }
}

impl Rows<'_> {
    /// Sends a piece of the lines.
    ///
    /// # Errors
    /// The database fails.
    pub async fn send(&mut self, piece: &[u8]) -> Result<(), CopyError> {
        self.0.send(piece).await?;
        Ok(())
    }

    /// Ends the table, and returns the number of its rows.
    ///
    /// # Errors
    /// The database fails, or refuses a line.
    pub async fn finish(self) -> Result<u64, CopyError> {
        Ok(self.0.finish().await?)
    }
}
