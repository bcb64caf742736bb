//! The tables of an SQLite database, and their rows.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::super::StoreError;
use super::super::copies::quoted;
use super::cell::{Cell, CellKind, NUMBER};
use super::fault::{MoveFault, MoveSide, of_table, sqlite};
use super::plan::{FoundColumn, FoundTable, MovingTable, SEEDED, is_of_migrations};
use super::table_sum::TableSum;

/// A table that gives each number once.
#[derive(Debug)]
pub(super) struct CountedTable {
    pub(super) table: String,
    /// The column of the numbers.
    pub(super) column: String,
    /// The highest that was ever given; 0 when none was.
    pub(super) reached: i64,
}

/// The tables, without SQLite's own.
///
/// # Errors
/// `Unmovable` for tables that a module keeps.
pub(super) fn tables(connection: &Connection, side: MoveSide) -> Result<Vec<FoundTable>, MoveFault> {
    let failed = |error| MoveFault::Store(side, sqlite(error));
    let sql = "SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type <> 'view' \
               AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name";
    let names = pairs(connection, sql).map_err(failed)?;
    let mut tables = Vec::new();
    for (name, kind) in names {
        if kind != "table" {
            return Err(MoveFault::Unmovable(format!("the {kind} table `{name}` of SQLite cannot be moved")));
        }
        let columns = columns(connection, &name).map_err(failed)?;
        let migrations =
            if is_of_migrations(&name) { migrations(connection, &name).map_err(failed)? } else { Vec::new() };
        tables.push(FoundTable { name, columns, migrations });
    }
    Ok(tables)
}

fn pairs(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<(String, String)>> {
    connection.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<FoundColumn>> {
    let mut statement =
        connection.prepare("SELECT name, type FROM pragma_table_xinfo(?1) WHERE hidden = 0")?;
    let column = |row: &Row<'_>| {
        let (name, declared): (String, String) = (row.get(0)?, row.get(1)?);
        let kind = kind(&declared);
        Ok(FoundColumn { name, declared, kind })
    };
    statement.query_map([table], column)?.collect()
}

fn migrations(connection: &Connection, table: &str) -> rusqlite::Result<Vec<i64>> {
    let sql = format!("SELECT version FROM {} ORDER BY version", quoted(table));
    connection.prepare(&sql)?.query_map([], |row| row.get(0))?.collect()
}

/// The kind of a declared type. SQLite takes any word, so only those are known that migrations have.
fn kind(declared: &str) -> Option<CellKind> {
    let word = declared.split('(').next().unwrap_or_default().trim().to_ascii_uppercase();
    match word.as_str() {
        "BIGINT" | "INT" | "INTEGER" | "SMALLINT" => Some(NUMBER),
        "TEXT" | "VARCHAR" => Some(CellKind::Text),
        "BLOB" | "BYTEA" => Some(CellKind::Bytes),
        "BOOL" | "BOOLEAN" => Some(CellKind::Truth),
        _ => None,
    }
}

/// The number of a table's rows.
pub(super) fn count(connection: &Connection, table: &str) -> rusqlite::Result<u64> {
    let sql = format!("SELECT COUNT(*) FROM {}", quoted(table));
    let rows: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
    Ok(u64::try_from(rows).unwrap_or_default())
}

/// The name of a table with rows that no migration of ours wrote.
pub(super) fn not_empty(connection: &Connection, tables: &[FoundTable]) -> rusqlite::Result<Option<String>> {
    for FoundTable { name, .. } in tables {
        let own = SEEDED.iter().find(|(seeded, _)| seeded == name).map_or(0, |(_, rows)| *rows);
        if !is_of_migrations(name) && count(connection, name)? != own {
            return Ok(Some(name.clone()));
        }
    }
    Ok(None)
}

/// The tables with `AUTOINCREMENT`.
pub(super) fn counted_tables(connection: &Connection) -> rusqlite::Result<Vec<CountedTable>> {
    let made = "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'sqlite_sequence'";
    if connection.query_row(made, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(Vec::new());
    }
    let sql = "SELECT t.name, c.name, COALESCE((SELECT MAX(s.seq) FROM sqlite_sequence s WHERE s.name = t.name), 0) \
               FROM sqlite_schema t JOIN pragma_table_info(t.name) c ON c.pk = 1 \
               WHERE t.type = 'table' AND upper(t.sql) LIKE '%AUTOINCREMENT%' ORDER BY t.name";
    let counted =
        |row: &Row<'_>| Ok(CountedTable { table: row.get(0)?, column: row.get(1)?, reached: row.get(2)? });
    connection.prepare(sql)?.query_map([], counted)?.collect()
}

/// What reads the columns of a table that move.
pub(super) fn select(table: &MovingTable) -> String {
    let names: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
    // A table may have no columns that move, and a list may not be empty.
    let names = if names.is_empty() { "NULL".to_owned() } else { names.join(", ") };
    format!("SELECT {names} FROM {}", quoted(&table.name))
}

/// The cells of a row that [`select`] found at this place.
///
/// # Errors
/// `Unmovable` names the column whose value is none of its type: SQLite keeps any in any.
pub(super) fn cells<'a>(
    table: &MovingTable,
    row: &'a Row<'_>,
    place: u64,
    side: MoveSide,
) -> Result<Vec<Cell<'a>>, MoveFault> {
    let mut cells = Vec::with_capacity(table.columns.len());
    for (at, column) in table.columns.iter().enumerate() {
        let value = row.get_ref(at).map_err(|error| of_table(side, &table.name)(sqlite(error)))?;
        let wrong = |what: &str| {
            let (column, row) = (&column.name, named(table, row, place));
            MoveFault::Unmovable(format!("table `{}`, {row}: the column `{column}` {what}", table.name))
        };
        cells.push(match (column.kind, value) {
            (_, ValueRef::Null) => Cell::Null,
            (CellKind::Number { .. }, ValueRef::Integer(number)) => Cell::Number(number),
            (CellKind::Truth, ValueRef::Integer(truth @ (0 | 1))) => Cell::Truth(truth == 1),
            (CellKind::Bytes, ValueRef::Blob(bytes)) => Cell::Bytes(bytes),
            (CellKind::Text, ValueRef::Text(bytes)) => {
                let text = std::str::from_utf8(bytes).map_err(|_| wrong("is text that is not UTF-8"))?;
                if text.contains('\0') {
                    return Err(wrong("has a NUL in its text, which PostgreSQL cannot keep"));
                }
                Cell::Text(text)
            }
            (kind, value) => {
                let found = value.data_type().to_string().to_lowercase();
                return Err(wrong(&format!("is {found} and should be {}", should(kind))));
            }
        });
    }
    Ok(cells)
}

/// A row by its number, or by its place where it has none.
fn named(table: &MovingTable, row: &Row<'_>, place: u64) -> String {
    let id = table.columns.iter().position(|column| column.name == "id");
    match id.and_then(|at| row.get_ref(at).ok()) {
        Some(ValueRef::Integer(id)) => format!("the row with `id` {id}"),
        _ => format!("row {place} of a `SELECT`"),
    }
}

fn should(kind: CellKind) -> &'static str {
    match kind {
        CellKind::Number { .. } => "a whole number",
        CellKind::Text => "text",
        CellKind::Bytes => "bytes",
        CellKind::Truth => "a truth value, 0 or 1",
    }
}

/// The sum of a table's rows.
pub(super) fn sum(
    connection: &Connection,
    table: &MovingTable,
    side: MoveSide,
) -> Result<TableSum, MoveFault> {
    let failed = |error| of_table::<StoreError>(side, &table.name)(sqlite(error));
    let mut sum = TableSum::default();
    let mut statement = connection.prepare(&select(table)).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        sum.add(&cells(table, row, sum.rows + 1, side)?);
    }
    Ok(sum)
}
