//! An SQLite database that gets rows: a file that nobody reads before it has its name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, OpenFlags, ToSql, params_from_iter};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::super::copies::quoted;
use super::super::migrations::Migrations;
use super::super::{DbPool, StoreError};
use super::cell::Cell;
use super::fault::{MoveFault, MoveSide, of_side, of_table, sqlite};
use super::plan::{FoundTable, MovingTable, SEEDED};
use super::sqlite_catalogue;
use super::table_sum::TableSum;

const SIDE: MoveSide = MoveSide::Target;

/// Nothing has to be taken back: a file that was not finished is thrown away. The cache is what SQLite has of
/// the file in memory, in KiB.
const FAST: &str = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; \
                    PRAGMA foreign_keys = OFF; PRAGMA cache_size = -8192; PRAGMA temp_store = FILE";

/// A file that is being filled.
pub(super) struct SqliteTarget {
    connection: Connection,
    file: PathBuf,
    /// The statements that make the indexes and triggers anew.
    lifted: Vec<String>,
}

impl SqliteTarget {
    /// Makes `file`, which is empty or not there, a database with the tables of our migrations. `prepared` is
    /// one that a server has started with, and has those of plug-ins too: its tables are taken.
    pub(super) async fn begin(file: &Path, prepared: Option<&DbPool>) -> Result<Self, MoveFault> {
        if let Some(pool) = prepared {
            pool.copy_to(file).await.map_err(|error| match error {
                super::super::copies::CopyError::Store(error) => MoveFault::Store(SIDE, error),
                other => MoveFault::NotEmpty(other.to_string()),
            })?;
        }
        migrate(file).await.map_err(of_side(SIDE))?;
        let opened = || {
            let connection = open(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            connection.execute_batch(FAST)?;
            connection.execute_batch("BEGIN IMMEDIATE")?;
            Ok(connection)
        };
        let connection = opened().map_err(failed)?;
        Ok(Self { connection, file: file.to_owned(), lifted: Vec::new() })
    }

    pub(super) fn tables(&self) -> Result<Vec<FoundTable>, MoveFault> {
        sqlite_catalogue::tables(&self.connection, SIDE)
    }

    /// Fails when a table has rows that no migration of ours wrote. Takes those away, and the indexes and
    /// triggers, until the rows are there.
    pub(super) fn clear(&mut self, tables: &[FoundTable]) -> Result<(), MoveFault> {
        if let Some(table) = sqlite_catalogue::not_empty(&self.connection, tables).map_err(failed)? {
            return Err(MoveFault::NotEmpty(format!("its table `{table}` has rows")));
        }
        let lifted = || {
            for (seeded, _) in SEEDED {
                self.connection.execute(&format!("DELETE FROM {}", quoted(seeded)), [])?;
            }
            let sql = "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL \
                       ORDER BY type, name";
            let mut lifted = Vec::new();
            let mut statement = self.connection.prepare(sql)?;
            let found: Vec<(String, String, String)> = statement
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect::<Result<_, _>>()?;
            for (kind, name, sql) in found {
                self.connection.execute(&format!("DROP {kind} {}", quoted(&name)), [])?;
                lifted.push(sql);
            }
            Ok(lifted)
        };
        self.lifted = lifted().map_err(failed)?;
        Ok(())
    }

    /// What takes the rows of a table.
    pub(super) fn rows<'a>(&'a self, table: &'a MovingTable) -> Result<RowsIn<'a>, MoveFault> {
        let columns: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
        let values: Vec<String> = (1..=columns.len()).map(|number| format!("?{number}")).collect();
        let what = if columns.is_empty() {
            "DEFAULT VALUES".to_owned()
        } else {
            format!("({}) VALUES ({})", columns.join(", "), values.join(", "))
        };
        let sql = format!("INSERT INTO {} {what}", quoted(&table.name));
        let statement = self.connection.prepare(&sql).map_err(|error| at(table, error))?;
        Ok(RowsIn { statement, table })
    }

    /// Has each table go on behind the highest number that it gave at the source, and makes the indexes and
    /// triggers. Then the file is whole.
    pub(super) fn finish(&mut self, reached: &BTreeMap<(String, String), i64>) -> Result<(), MoveFault> {
        let mut finished = || {
            for counted in sqlite_catalogue::counted_tables(&self.connection)? {
                let known =
                    reached.get(&(counted.table.clone(), counted.column)).copied().unwrap_or_default();
                if known <= counted.reached {
                    continue;
                }
                let set = "UPDATE sqlite_sequence SET seq = ?1 WHERE name = ?2";
                if self.connection.execute(set, (known, &counted.table))? == 0 {
                    let noted = "INSERT INTO sqlite_sequence (seq, name) VALUES (?1, ?2)";
                    self.connection.execute(noted, (known, &counted.table))?;
                }
            }
            for sql in &self.lifted {
                self.connection.execute(sql, [])?;
            }
            self.connection.execute_batch("COMMIT")?;
            // From here on the file is read again, and not what is kept of it.
            self.connection = open(&self.file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            Ok(())
        };
        finished().map_err(failed)
    }

    /// The sum of the rows that the table has now.
    pub(super) fn sum(&self, table: &MovingTable) -> Result<TableSum, MoveFault> {
        sqlite_catalogue::sum(&self.connection, table, SIDE)
    }

    /// The highest number that each table ever gave.
    pub(super) fn reached(&self) -> Result<BTreeMap<(String, String), i64>, MoveFault> {
        let counted = sqlite_catalogue::counted_tables(&self.connection).map_err(failed)?;
        Ok(counted.into_iter().map(|counted| ((counted.table, counted.column), counted.reached)).collect())
    }
}

/// The rows of a table, on their way in.
pub(super) struct RowsIn<'a> {
    statement: rusqlite::Statement<'a>,
    table: &'a MovingTable,
}

impl RowsIn<'_> {
    pub(super) fn add(&mut self, cells: &[Cell<'_>]) -> Result<(), MoveFault> {
        let added = self.statement.execute(params_from_iter(cells));
        added.map(drop).map_err(|error| at(self.table, error))
    }
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::ValueRef;

        Ok(ToSqlOutput::Borrowed(match *self {
            Cell::Null => ValueRef::Null,
            Cell::Number(number) => ValueRef::Integer(number),
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
            Cell::Bytes(bytes) => ValueRef::Blob(bytes),
            Cell::Truth(truth) => ValueRef::Integer(truth.into()),
        }))
    }
}

/// Applies our migrations that the file lacks.
async fn migrate(file: &Path) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(std::path::absolute(file).map_err(sqlx::Error::Io)?)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Memory)
        .synchronous(SqliteSynchronous::Off);
    let pool = DbPool::Sqlite(SqlitePoolOptions::new().max_connections(1).connect_with(options).await?);
    let migrated = Migrations::builtin().run(&pool).await;
    pool.close().await;
    migrated
}

fn open(file: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

fn failed(error: rusqlite::Error) -> MoveFault {
    of_side::<StoreError>(SIDE)(sqlite(error))
}

fn at(table: &MovingTable, error: rusqlite::Error) -> MoveFault {
    of_table::<StoreError>(SIDE, &table.name)(sqlite(error))
}
