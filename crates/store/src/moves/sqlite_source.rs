//! An SQLite database whose rows go over: one state of it, in one transaction.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Statement};

use super::super::StoreError;
use super::super::copies::quoted;
use super::cell::Cell;
use super::fault::{MoveFault, MoveSide, of_side, of_table, sqlite};
use super::plan::{FoundTable, MovingTable, is_of_migrations};
use super::sqlite_catalogue::{self, CountedTable};

const SIDE: MoveSide = MoveSide::Source;

/// The database, in a transaction. Dropping it ends that.
pub(super) struct SqliteSource(Connection);

impl SqliteSource {
    /// Begins to read one state of the file. Others cannot write meanwhile, unless they `may_write`.
    pub(super) fn begin(file: &Path, patience: Duration, may_write: bool) -> Result<Self, MoveFault> {
        let begun = || {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(file, flags)?;
            connection.busy_timeout(patience)?;
            // A state is taken by the first question, unless the transaction takes the turn to write.
            let begin = if may_write { "BEGIN; SELECT 1 FROM sqlite_schema" } else { "BEGIN IMMEDIATE" };
            connection.execute_batch(begin)?;
            Ok(connection)
        };
        begun().map(Self).map_err(|error| of_side::<StoreError>(SIDE)(sqlite(error)))
    }

    pub(super) fn tables(&self) -> Result<Vec<FoundTable>, MoveFault> {
        sqlite_catalogue::tables(&self.0, SIDE)
    }

    /// The number of all rows.
    pub(super) fn count(&self, tables: &[MovingTable]) -> Result<u64, MoveFault> {
        let counts = tables.iter().map(|table| {
            let counted = sqlite_catalogue::count(&self.0, &table.name);
            counted.map_err(|error| of_table::<StoreError>(SIDE, &table.name)(sqlite(error)))
        });
        counts.sum()
    }

    /// Fails when a row leads to one that is not there: SQLite keeps such rows when foreign keys were off.
    pub(super) fn refuse_orphans(&self, tables: &[FoundTable]) -> Result<(), MoveFault> {
        for FoundTable { name, .. } in tables.iter().filter(|table| !is_of_migrations(&table.name)) {
            let sql = format!("PRAGMA foreign_key_check({})", quoted(name));
            let found = || -> rusqlite::Result<Option<String>> {
                let mut statement = self.0.prepare(&sql)?;
                let mut rows = statement.query([])?;
                rows.next()?.map(|row| row.get(2)).transpose()
            };
            let found = found().map_err(|error| of_table::<StoreError>(SIDE, name)(sqlite(error)))?;
            if let Some(parent) = found {
                return Err(MoveFault::Unmovable(format!(
                    "a row of the table `{name}` names one of `{parent}` that is not there; `PRAGMA foreign_key_check` \
                     in the sqlite3 program lists all"
                )));
            }
        }
        Ok(())
    }

    /// What reads the rows of a table.
    pub(super) fn rows(&self, table: &MovingTable) -> Result<Statement<'_>, MoveFault> {
        let prepared = self.0.prepare(&sqlite_catalogue::select(table));
        prepared.map_err(|error| of_table::<StoreError>(SIDE, &table.name)(sqlite(error)))
    }

    /// The cells of a row of [`rows`](Self::rows), at this place.
    pub(super) fn cells<'a>(
        table: &MovingTable,
        row: &'a rusqlite::Row<'_>,
        place: u64,
    ) -> Result<Vec<Cell<'a>>, MoveFault> {
        sqlite_catalogue::cells(table, row, place, SIDE)
    }

    /// The tables that give each number once, with the highest that they gave.
    pub(super) fn counted_tables(&self) -> Result<Vec<CountedTable>, MoveFault> {
        let counted = sqlite_catalogue::counted_tables(&self.0);
        counted.map_err(|error| of_side::<StoreError>(SIDE)(sqlite(error)))
    }
}
