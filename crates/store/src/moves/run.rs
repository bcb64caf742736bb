//! The move itself: what is there, what goes where, the rows, and whether they came.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::super::{DbPool, StoreError};
use super::cell::Cell;
use super::fault::{MoveFault, MoveSide, of_table, sqlite};
use super::plan::{MovingTable, plan};
use super::postgres_source::PostgresSource;
use super::postgres_target::PostgresTarget;
use super::seen::{MoveProgress, Moved, MovedTable};
use super::sqlite_source::SqliteSource;
use super::sqlite_target::SqliteTarget;
use super::table_sum::TableSum;

/// After how many rows it is told how far the move is.
const TELL_EVERY: u64 = 1_000;

/// Fills the PostgreSQL database of `target`, a pool of one connection, with the rows of an SQLite `file`.
/// Nobody writes to the file meanwhile, unless they `may_write`: then what they write does not come along.
/// Whoever writes to it at the beginning is waited for with this `patience`.
///
/// # Errors
/// Says why nothing came over.
pub async fn move_to_postgres(
    file: &Path,
    patience: Duration,
    may_write: bool,
    target: &DbPool,
    see: &mut dyn FnMut(&MoveProgress<'_>),
) -> Result<Moved, MoveFault> {
    let DbPool::Postgres(pool) = target else { return Err(same_engine()) };
    let source = SqliteSource::begin(file, patience, may_write)?;
    let here = source.tables()?;
    source.refuse_orphans(&here)?;
    let mut target = PostgresTarget::begin(pool).await?;
    let there = target.tables().await?;
    target.clear(&there).await?;
    let tables = plan(&here, &there)?;
    let mut told = RowsTold { done: 0, total: source.count(&tables)?, see };
    let mut sums = Vec::new();
    for table in &tables {
        let failed = |error| of_table::<StoreError>(MoveSide::Source, &table.name)(sqlite(error));
        let mut sum = TableSum::default();
        let mut rows_in = target.rows(table).await?;
        let mut statement = source.rows(table)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let cells = SqliteSource::cells(table, row, sum.rows + 1)?;
            sum.add(&cells);
            rows_in.add(&cells).await?;
            told.tell(&table.name);
        }
        rows_in.finish().await?;
        sums.push(sum);
    }
    let counted = source.counted_tables()?;
    let reached = counted.into_iter().map(|counted| ((counted.table, counted.column), counted.reached));
    let reached = reached.collect();
    target.finish(&tables, &reached).await?;
    let mut found = Vec::new();
    for table in &tables {
        found.push(target.sum(table).await?);
    }
    let moved = compared(&tables, &sums, &found)?;
    refuse_lower(&reached, &target.reached().await?)?;
    target.commit().await?;
    Ok(moved)
}

/// Makes `file`, which is empty or not there, an SQLite database with the rows of the PostgreSQL database of
/// `source`, a pool of one connection. The file is whole then, and not yet brought to the disk. `prepared` is
/// a database whose tables it takes. Nobody writes to the source meanwhile, unless they `may_write`: then
/// what they write does not come along.
///
/// # Errors
/// Says why the file is not whole.
pub async fn move_to_sqlite(
    source: &DbPool,
    may_write: bool,
    file: &Path,
    prepared: Option<&DbPool>,
    see: &mut dyn FnMut(&MoveProgress<'_>),
) -> Result<Moved, MoveFault> {
    let DbPool::Postgres(pool) = source else { return Err(same_engine()) };
    let mut source = PostgresSource::begin(pool, may_write).await?;
    let here = source.tables().await?;
    let mut target = SqliteTarget::begin(file, prepared).await?;
    let there = target.tables()?;
    target.clear(&there)?;
    let tables = plan(&here, &there)?;
    let mut reached = source.reached().await?;
    let mut told = RowsTold { done: 0, total: source.count(&tables).await?, see };
    let mut sums = Vec::new();
    for table in &tables {
        let mut sum = TableSum::default();
        let mut rows_in = target.rows(table)?;
        let take = |cells: &[Cell<'_>]| {
            sum.add(cells);
            rows_in.add(cells)?;
            told.tell(&table.name);
            Ok(())
        };
        source.rows(table, take).await?;
        sums.push(sum);
    }
    target.finish(&reached)?;
    let found = tables.iter().map(|table| target.sum(table)).collect::<Result<Vec<_>, _>>()?;
    let moved = compared(&tables, &sums, &found)?;
    let now = target.reached()?;
    // A plug-in's table may give a number again on SQLite: that is how it was made there.
    reached.retain(|counts, _| now.contains_key(counts));
    refuse_lower(&reached, &now)?;
    Ok(moved)
}

fn same_engine() -> MoveFault {
    MoveFault::Unmovable("both databases are of one engine".to_owned())
}

/// Tells now and then how far the move is.
struct RowsTold<'a> {
    done: u64,
    total: u64,
    see: &'a mut dyn FnMut(&MoveProgress<'_>),
}

impl RowsTold<'_> {
    /// One more row has gone over.
    fn tell(&mut self, table: &str) {
        self.done += 1;
        if self.done.is_multiple_of(TELL_EVERY) || self.done == self.total {
            (self.see)(&MoveProgress { table, done: self.done, total: self.total });
        }
    }
}

/// What came over, if it is what was there.
fn compared(tables: &[MovingTable], sums: &[TableSum], found: &[TableSum]) -> Result<Moved, MoveFault> {
    let mut moved = Vec::new();
    for ((table, sum), found) in tables.iter().zip(sums).zip(found) {
        if let Some(what) = sum.difference(found) {
            return Err(MoveFault::Differs { table: table.name.clone(), what });
        }
        moved.push(MovedTable { name: table.name.clone(), rows: sum.rows, checksum: sum.digits() });
    }
    Ok(Moved { tables: moved })
}

/// Fails when the target could give a number again that the source has given.
fn refuse_lower(
    source: &BTreeMap<(String, String), i64>,
    target: &BTreeMap<(String, String), i64>,
) -> Result<(), MoveFault> {
    let lower = source.iter().find(|(counts, reached)| {
        let found = target.get(*counts).copied().unwrap_or_default();
        found < **reached
    });
    match lower {
        None => Ok(()),
        Some(((table, _), _)) => {
            Err(MoveFault::Differs { table: table.clone(), what: "the highest number that it gave" })
        }
    }
}
