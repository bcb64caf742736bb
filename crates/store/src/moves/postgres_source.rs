//! A PostgreSQL database whose rows go over: one state of it, in one transaction that reads alone.

use std::collections::BTreeMap;

use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};

use super::super::StoreError;
use super::super::copies::{NO_LIMITS, composed, quoted};
use super::cell::Cell;
use super::fault::{MoveFault, MoveSide, of_side, of_table};
use super::plan::{FoundTable, MovingTable};
use super::postgres_catalogue;
use super::postgres_others::others;

const SIDE: MoveSide = MoveSide::Source;

/// How long whoever writes may take to its end.
const WRITERS_END: &str = "SET LOCAL lock_timeout = '5s'";

/// The database, in a transaction. Dropping it ends that.
pub(super) struct PostgresSource(PoolConnection<Postgres>);

impl PostgresSource {
    /// Begins to read one state of the database. Others cannot write meanwhile, unless they `may_write`.
    pub(super) async fn begin(pool: &PgPool, may_write: bool) -> Result<Self, MoveFault> {
        let mut connection = pool.acquire().await.map_err(of_side(SIDE))?;
        connection.close_on_drop();
        if !may_write && let Some(others) = others(&mut connection).await.map_err(of_side(SIDE))? {
            return Err(MoveFault::Unmovable(format!(
                "servers or commands have {others} connections to the database: end all of them first. \
                 `--while-running` moves what is there now, for a trial"
            )));
        }
        let begun = begin(&mut connection, may_write).await;
        begun.map(|()| Self(connection)).map_err(|error| match &error {
            StoreError::Unavailable(sqlx::Error::Database(reported))
                if reported.code().as_deref() == Some("55P03") =>
            {
                MoveFault::Unmovable("somebody is writing to the database; let them end first".to_owned())
            }
            _ => MoveFault::Store(SIDE, error),
        })
    }

    pub(super) async fn tables(&mut self) -> Result<Vec<FoundTable>, MoveFault> {
        postgres_catalogue::tables(&mut self.0, SIDE).await
    }

    /// The number of all rows.
    pub(super) async fn count(&mut self, tables: &[MovingTable]) -> Result<u64, MoveFault> {
        let mut total = 0;
        for table in tables {
            let rows = postgres_catalogue::count(&mut self.0, &table.name).await;
            total += rows.map_err(of_table(SIDE, &table.name))?;
        }
        Ok(total)
    }

    /// Gives each row of a table to `take`.
    pub(super) async fn rows(
        &mut self,
        table: &MovingTable,
        take: impl FnMut(&[Cell<'_>]) -> Result<(), MoveFault>,
    ) -> Result<(), MoveFault> {
        postgres_catalogue::rows(&mut self.0, table, SIDE, take).await
    }

    /// The highest number that each column with a sequence ever gave.
    ///
    /// # Errors
    /// `Unmovable` for a sequence that counts for no column: SQLite has none.
    pub(super) async fn reached(&mut self) -> Result<BTreeMap<(String, String), i64>, MoveFault> {
        let mut reached = BTreeMap::new();
        for sequence in postgres_catalogue::sequences(&mut self.0).await.map_err(of_side(SIDE))? {
            let Some(counts) = sequence.counts else {
                let why = "counts for no column, and SQLite has nothing of the kind";
                return Err(MoveFault::Unmovable(format!("the sequence `{}` {why}", sequence.name)));
            };
            reached.insert(counts, sequence.reached);
        }
        Ok(reached)
    }
}

async fn begin(connection: &mut PoolConnection<Postgres>, may_write: bool) -> Result<(), StoreError> {
    let names = postgres_catalogue::names(connection).await?;
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    // A snapshot begins with the first question: after the locks, so that nobody is writing who is not in it.
    let lock = if may_write || names.is_empty() {
        String::new()
    } else {
        format!("{WRITERS_END}; LOCK TABLE {} IN SHARE MODE; SET LOCAL lock_timeout = 0;", names.join(", "))
    };
    let begin = format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {NO_LIMITS}; {lock} SELECT 1");
    sqlx::raw_sql(composed(begin)).execute(&mut **connection).await?;
    Ok(())
}
