//! The tables of a PostgreSQL database, and their rows.

use std::collections::BTreeMap;

use rocket::futures::TryStreamExt as _;
use sqlx::PgConnection;

use super::super::StoreError;
use super::super::copies::{composed, of_ours, quoted};
use super::binary_copy::{CopiedRows, Garbled};
use super::cell::{Cell, CellKind, NUMBER};
use super::fault::{MoveFault, MoveSide, of_side, of_table};
use super::plan::{FoundColumn, FoundTable, MovingTable, is_of_migrations};
use super::table_sum::TableSum;

const TABLES: &str = concat!(
    "SELECT c.relname::text FROM pg_class c WHERE c.relkind = 'r' AND ",
    of_ours!("pg_class", "c", "relnamespace"),
    " ORDER BY c.relname"
);

/// What is more than one table, or less. A question to the one would find the rows of the other.
const UNLIKE: &str = concat!(
    "SELECT c.relname::text FROM pg_class c WHERE (c.relkind IN ('p', 'f') OR c.relkind = 'r' AND EXISTS \
     (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid OR i.inhparent = c.oid)) AND ",
    of_ours!("pg_class", "c", "relnamespace"),
    " ORDER BY c.relname LIMIT 1"
);

const COLUMNS: &str = concat!(
    "SELECT c.relname::text, a.attname::text, t.typname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
     JOIN pg_type t ON t.oid = a.atttypid WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' \
     AND c.relkind = 'r' AND ",
    of_ours!("pg_class", "c", "relnamespace"),
    " ORDER BY c.relname, a.attnum"
);

/// Each sequence, with the column that it counts for.
const SEQUENCES: &str = concat!(
    "SELECT c.relname::text, o.relname::text, a.attname::text FROM pg_class c \
     LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid \
     AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') \
     LEFT JOIN pg_class o ON o.oid = d.refobjid \
     LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE c.relkind = 'S' AND ",
    of_ours!("pg_class", "c", "relnamespace"),
    " ORDER BY c.relname"
);

/// A sequence, and how far it is.
#[derive(Debug)]
pub(super) struct Sequence {
    pub(super) name: String,
    /// The table and the column that it counts for.
    pub(super) counts: Option<(String, String)>,
    /// The highest number that it gave; 0 when it gave none.
    pub(super) reached: i64,
}

/// The names of the tables.
pub(super) async fn names(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar(TABLES).fetch_all(connection).await?)
}

/// The tables.
///
/// # Errors
/// `Unmovable` for one that is not a table of its own.
pub(super) async fn tables(
    connection: &mut PgConnection,
    side: MoveSide,
) -> Result<Vec<FoundTable>, MoveFault> {
    let unlike: Option<String> =
        sqlx::query_scalar(UNLIKE).fetch_optional(&mut *connection).await.map_err(of_side(side))?;
    if let Some(name) = unlike {
        return Err(MoveFault::Unmovable(format!(
            "the table `{name}` has parts, is one, or is kept elsewhere, and cannot be moved"
        )));
    }
    let found: Vec<(String, String, String)> =
        sqlx::query_as(COLUMNS).fetch_all(&mut *connection).await.map_err(of_side(side))?;
    let mut columns = BTreeMap::<String, Vec<FoundColumn>>::new();
    for (table, name, declared) in found {
        let kind = kind(&declared);
        columns.entry(table).or_default().push(FoundColumn { name, declared, kind });
    }
    let mut tables = Vec::new();
    for name in names(connection).await.map_err(of_side(side))? {
        let mut migrations = Vec::new();
        if is_of_migrations(&name) {
            let sql = format!("SELECT version FROM {} ORDER BY version", quoted(&name));
            let noted = sqlx::query_scalar(composed(sql)).fetch_all(&mut *connection).await;
            migrations = noted.map_err(of_table(side, &name))?;
        }
        let columns = columns.remove(&name).unwrap_or_default();
        tables.push(FoundTable { name, columns, migrations });
    }
    Ok(tables)
}

fn kind(declared: &str) -> Option<CellKind> {
    match declared {
        "int8" => Some(NUMBER),
        "int4" => Some(CellKind::Number { bytes: 4 }),
        "int2" => Some(CellKind::Number { bytes: 2 }),
        "text" | "varchar" => Some(CellKind::Text),
        "bytea" => Some(CellKind::Bytes),
        "bool" => Some(CellKind::Truth),
        _ => None,
    }
}

/// The number of a table's rows.
pub(super) async fn count(connection: &mut PgConnection, table: &str) -> Result<u64, StoreError> {
    let sql = format!("SELECT COUNT(*) FROM {}", quoted(table));
    let rows: i64 = sqlx::query_scalar(composed(sql)).fetch_one(connection).await?;
    Ok(u64::try_from(rows).unwrap_or_default())
}

/// The sequences, and how far they are. They know no transaction.
pub(super) async fn sequences(connection: &mut PgConnection) -> Result<Vec<Sequence>, StoreError> {
    let found: Vec<(String, Option<String>, Option<String>)> =
        sqlx::query_as(SEQUENCES).fetch_all(&mut *connection).await?;
    let mut sequences = Vec::new();
    for (name, table, column) in found {
        let sql = format!("SELECT last_value, is_called FROM {}", quoted(&name));
        let (last, called): (i64, bool) = sqlx::query_as(composed(sql)).fetch_one(&mut *connection).await?;
        let reached = if called { last } else { last.saturating_sub(1) };
        sequences.push(Sequence { name, counts: table.zip(column), reached });
    }
    Ok(sequences)
}

/// Gives each row of a table to `take`, as PostgreSQL has them.
pub(super) async fn rows(
    connection: &mut PgConnection,
    table: &MovingTable,
    side: MoveSide,
    mut take: impl FnMut(&[Cell<'_>]) -> Result<(), MoveFault>,
) -> Result<(), MoveFault> {
    let garbled = |Garbled| {
        let why = sqlx::Error::Protocol("PostgreSQL sent no rows of this table".to_owned());
        of_table(side, &table.name)(why)
    };
    let sql = format!("COPY {} TO STDOUT (FORMAT binary)", to_copy(table));
    let mut pieces = connection.copy_out_raw(&sql).await.map_err(of_table(side, &table.name))?;
    let mut copied = CopiedRows::default();
    while let Some(piece) = pieces.try_next().await.map_err(of_table(side, &table.name))? {
        copied.push(&piece);
        while let Some(cells) = copied.next_row(&table.columns).map_err(garbled)? {
            take(&cells)?;
        }
    }
    if copied.is_whole() { Ok(()) } else { Err(garbled(Garbled)) }
}

/// The table as `COPY` names it.
pub(super) fn to_copy(table: &MovingTable) -> String {
    let columns: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
    let name = quoted(&table.name);
    // A table may have no columns, and a list may not.
    if columns.is_empty() { name } else { format!("{name} ({})", columns.join(", ")) }
}

/// The sum of a table's rows.
pub(super) async fn sum(
    connection: &mut PgConnection,
    table: &MovingTable,
    side: MoveSide,
) -> Result<TableSum, MoveFault> {
    let mut sum = TableSum::default();
    let add = |cells: &[Cell<'_>]| {
        sum.add(cells);
        Ok(())
    };
    rows(connection, table, side, add).await?;
    Ok(sum)
}
