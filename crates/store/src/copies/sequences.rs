//! The numbers that sequences of PostgreSQL have reached, as statements that set them.

use sqlx::PgConnection;

use super::schema::of_ours;
use super::{CopyError, composed, quoted};

/// Each sequence, with how another database names it: by the column whose identity it is, because the name is
/// PostgreSQL's to choose there, or by its own name.
const NAMES: &str = concat!(
    "SELECT c.relname::text, COALESCE((SELECT format('pg_get_serial_sequence(%L, %L)', quote_ident(o.relname), a.attname) \
     FROM pg_depend d JOIN pg_class o ON o.oid = d.refobjid \
     JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid \
     WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass \
     AND d.deptype = 'i'), format('%L::regclass', quote_ident(c.relname))) FROM pg_class c WHERE c.relkind = 'S' AND ",
    of_ours!("pg_class", "c", "relnamespace"),
    " ORDER BY c.relname"
);

/// Sequences know no transaction: they may be ahead of the snapshot, so that no number is given twice.
pub(super) async fn read(connection: &mut PgConnection) -> Result<Vec<String>, CopyError> {
    let names: Vec<(String, String)> = sqlx::query_as(NAMES).fetch_all(&mut *connection).await?;
    let mut statements = Vec::new();
    for (name, elsewhere) in names {
        let sql = format!("SELECT last_value, is_called FROM {}", quoted(&name));
        let (number, called): (i64, bool) = sqlx::query_as(composed(sql)).fetch_one(&mut *connection).await?;
        statements.push(format!("SELECT setval({elsewhere}, {number}, {called})"));
    }
    Ok(statements)
}
