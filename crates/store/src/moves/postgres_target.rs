//! A PostgreSQL database that gets rows, in one transaction.

use std::collections::BTreeMap;

use sqlx::postgres::PgCopyIn;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use super::super::copies::{ALONE, NO_LIMITS, around_rows, composed, quoted};
use super::super::migrations::Migrations;
use super::binary_copy::CopyRows;
use super::cell::Cell;
use super::fault::{MoveFault, MoveSide, of_side, of_table};
use super::plan::{FoundTable, MovingTable, SEEDED, is_of_migrations};
use super::postgres_catalogue;
use super::postgres_others::others;
use super::table_sum::TableSum;

const SIDE: MoveSide = MoveSide::Target;

/// How many bytes go to the server at once, at least.
const AT_ONCE: usize = 64 << 10;

/// A database that is being filled. Dropping it leaves the database as it was.
pub(super) struct PostgresTarget {
    transaction: Transaction<'static, Postgres>,
    /// The statements that make foreign keys, indexes and triggers anew.
    lifted: Vec<String>,
}

impl PostgresTarget {
    /// Begins to fill the database, and makes the tables of our migrations that it lacks.
    pub(super) async fn begin(pool: &PgPool) -> Result<Self, MoveFault> {
        let mut transaction = pool.begin().await.map_err(of_side(SIDE))?;
        let alone = format!("{NO_LIMITS}; {ALONE}");
        sqlx::raw_sql(composed(alone)).execute(&mut *transaction).await.map_err(of_side(SIDE))?;
        // After the lock, which a move has that was killed, until the server notices.
        if let Some(others) = others(&mut transaction).await.map_err(of_side(SIDE))? {
            return Err(MoveFault::InUse(format!("servers or commands have {others} connections to it")));
        }
        Migrations::builtin().run_within(&mut transaction).await.map_err(of_side(SIDE))?;
        Ok(Self { transaction, lifted: Vec::new() })
    }

    pub(super) async fn tables(&mut self) -> Result<Vec<FoundTable>, MoveFault> {
        postgres_catalogue::tables(&mut self.transaction, SIDE).await
    }

    /// Fails when a table has rows that no migration of ours wrote. Takes those away, and foreign keys,
    /// indexes and triggers, until the rows are there: so tables come in any order, and no trigger fires.
    pub(super) async fn clear(&mut self, tables: &[FoundTable]) -> Result<(), MoveFault> {
        let connection: &mut PgConnection = &mut self.transaction;
        for FoundTable { name, .. } in tables.iter().filter(|table| !is_of_migrations(&table.name)) {
            let own = SEEDED.iter().find(|(seeded, _)| seeded == name).map_or(0, |(_, rows)| *rows);
            let rows = postgres_catalogue::count(connection, name).await.map_err(of_table(SIDE, name))?;
            if rows != own {
                return Err(MoveFault::NotEmpty(format!("its table `{name}` has rows")));
            }
        }
        let around = around_rows(connection).await.map_err(of_side(SIDE))?;
        run(connection, &around.drop).await?;
        for (seeded, _) in SEEDED {
            run(connection, &[format!("DELETE FROM {}", quoted(seeded))]).await?;
        }
        self.lifted = around.make;
        Ok(())
    }

    /// What takes the rows of a table.
    pub(super) async fn rows<'a>(&'a mut self, table: &'a MovingTable) -> Result<RowsOut<'a>, MoveFault> {
        let sql = format!("COPY {} FROM STDIN (FORMAT binary)", postgres_catalogue::to_copy(table));
        let copy = self.transaction.copy_in_raw(&sql).await.map_err(of_table(SIDE, &table.name))?;
        Ok(RowsOut { copy, rows: CopyRows::begin(), table })
    }

    /// Has each column go on behind the highest number that it gave at the source, and makes foreign keys,
    /// indexes and triggers.
    pub(super) async fn finish(
        &mut self,
        tables: &[MovingTable],
        reached: &BTreeMap<(String, String), i64>,
    ) -> Result<(), MoveFault> {
        let connection: &mut PgConnection = &mut self.transaction;
        run(connection, &self.lifted).await?;
        for sequence in postgres_catalogue::sequences(connection).await.map_err(of_side(SIDE))? {
            let Some((table, column)) = sequence.counts else { continue };
            let sql = format!("SELECT COALESCE(MAX({}), 0)::BIGINT FROM {}", quoted(&column), quoted(&table));
            let highest: i64 = sqlx::query_scalar(composed(sql))
                .fetch_one(&mut *connection)
                .await
                .map_err(of_table(SIDE, &table))?;
            let highest = reached.get(&(table, column)).copied().unwrap_or_default().max(highest);
            if highest > sequence.reached {
                let sql = "SELECT setval($1::regclass, $2)";
                let set = sqlx::query(sql).bind(quoted(&sequence.name)).bind(highest);
                set.execute(&mut *connection).await.map_err(of_side(SIDE))?;
            }
        }
        // Without it the first questions would be answered by reading whole tables.
        let names: Vec<String> = tables.iter().map(|table| quoted(&table.name)).collect();
        run(connection, &[format!("ANALYZE {}", names.join(", "))]).await
    }

    /// The sum of the rows that the table has now.
    pub(super) async fn sum(&mut self, table: &MovingTable) -> Result<TableSum, MoveFault> {
        postgres_catalogue::sum(&mut self.transaction, table, SIDE).await
    }

    /// The highest number that each column with a sequence ever gave.
    pub(super) async fn reached(&mut self) -> Result<BTreeMap<(String, String), i64>, MoveFault> {
        let found = postgres_catalogue::sequences(&mut self.transaction).await.map_err(of_side(SIDE))?;
        Ok(found.into_iter().filter_map(|sequence| Some((sequence.counts?, sequence.reached))).collect())
    }

    /// Keeps everything.
    pub(super) async fn commit(self) -> Result<(), MoveFault> {
        self.transaction.commit().await.map_err(of_side(SIDE))
    }
}

async fn run(connection: &mut PgConnection, statements: &[String]) -> Result<(), MoveFault> {
    for statement in statements {
        let ran = sqlx::raw_sql(composed(statement.clone())).execute(&mut *connection).await;
        ran.map_err(of_side::<sqlx::Error>(SIDE))?;
    }
    Ok(())
}

/// The rows of a table, on their way in.
pub(super) struct RowsOut<'a> {
    copy: PgCopyIn<&'a mut PgConnection>,
    rows: CopyRows,
    table: &'a MovingTable,
}

impl RowsOut<'_> {
    pub(super) async fn add(&mut self, cells: &[Cell<'_>]) -> Result<(), MoveFault> {
        if self.rows.add(&self.table.columns, cells).is_none() {
            let name = &self.table.name;
            let why = "has a number that is too large for its column in the target";
            return Err(MoveFault::Unmovable(format!("the table `{name}` {why}")));
        }
        if self.rows.bytes().len() < AT_ONCE { Ok(()) } else { self.send().await }
    }

    async fn send(&mut self) -> Result<(), MoveFault> {
        let sent = self.copy.send(self.rows.bytes()).await;
        sent.map_err(of_table::<sqlx::Error>(SIDE, &self.table.name))?;
        self.rows.gone();
        Ok(())
    }

    pub(super) async fn finish(mut self) -> Result<(), MoveFault> {
        self.rows.end();
        self.send().await?;
        let finished = self.copy.finish().await;
        finished.map(drop).map_err(of_table::<sqlx::Error>(SIDE, &self.table.name))
    }
}
