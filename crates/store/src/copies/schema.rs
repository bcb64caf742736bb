//! What makes the tables of a PostgreSQL database anew, from its catalogue: statements before the rows come,
//! and statements after them. So rows are written without indexes, need no order among tables, and fire no
//! trigger. Names stand without the schema's: a copy may be brought into another one.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::super::StoreError;
use super::{CopyError, quoted};

/// The statements and tables of a database.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// Statements before the rows: functions, sequences, tables.
    pub before: Vec<String>,
    /// The tables, whose rows come in this order.
    pub tables: Vec<CopiedTable>,
    /// Statements after the rows: keys, indexes, foreign keys, views, triggers, numbers of sequences.
    pub after: Vec<String>,
}

/// A table, with the columns that have values of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopiedTable {
    /// Its name.
    pub name: String,
    /// The names of its columns, except of those that are computed.
    pub columns: Vec<String>,
}

impl CopiedTable {
    /// The table as `COPY` names it.
    pub(super) fn to_copy(&self) -> String {
        let columns = self.columns.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
        let name = quoted(&self.name);
        // A table may have no columns, and a list may not.
        if columns.is_empty() { name } else { format!("{name} ({columns})") }
    }
}

/// What is in the catalogue of this database's schema. An extension makes its own things anew.
macro_rules! of_ours {
    ($class:literal, $alias:literal, $space:literal) => {
        concat!(
            $alias,
            ".",
            $space,
            " = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND NOT EXISTS (SELECT FROM pg_depend \
             WHERE classid = '",
            $class,
            "'::regclass AND objid = ",
            $alias,
            ".oid AND deptype = 'e')"
        )
    };
}
pub(in super::super) use of_ours;

/// What a copy would lose, or could not make in an order in which everything is there that it needs.
const UNTAKEN: [&str; 11] = [
    concat!(
        "SELECT CASE c.relkind WHEN 'm' THEN 'the materialized view ' WHEN 'p' THEN 'the partitioned table ' \
         WHEN 'f' THEN 'the foreign table ' ELSE 'the type ' END || c.relname::text FROM pg_class c \
         WHERE c.relkind IN ('m', 'p', 'f', 'c') AND ",
        of_ours!("pg_class", "c", "relnamespace")
    ),
    concat!(
        "SELECT 'the type ' || t.typname::text FROM pg_type t WHERE t.typtype IN ('d', 'e', 'r') AND ",
        of_ours!("pg_type", "t", "typnamespace")
    ),
    concat!(
        "SELECT 'the table ' || c.relname::text || ', which inherits' FROM pg_class c JOIN pg_inherits i \
         ON i.inhrelid = c.oid WHERE c.relkind = 'r' AND ",
        of_ours!("pg_class", "c", "relnamespace")
    ),
    concat!(
        "SELECT 'the function ' || p.proname::text FROM pg_proc p WHERE p.prokind NOT IN ('f', 'p') AND ",
        of_ours!("pg_proc", "p", "pronamespace")
    ),
    // `prosqlbody` is not there before PostgreSQL 14.
    concat!(
        "SELECT 'the function ' || p.proname::text || ', which names a table' FROM pg_proc p \
         WHERE p.prokind IN ('f', 'p') AND (to_jsonb(p) ->> 'prosqlbody' IS NOT NULL OR EXISTS (SELECT FROM pg_depend d \
         LEFT JOIN pg_type t ON d.refclassid = 'pg_type'::regclass AND t.oid = d.refobjid \
         LEFT JOIN pg_type e ON e.oid = t.typelem WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid \
         AND d.deptype = 'n' AND (d.refclassid = 'pg_class'::regclass OR COALESCE(t.typrelid, 0) <> 0 \
         OR COALESCE(e.typrelid, 0) <> 0))) AND ",
        of_ours!("pg_proc", "p", "pronamespace")
    ),
    concat!(
        "SELECT 'the view ' || c.relname::text || ', which names a younger view' FROM pg_class c \
         JOIN pg_rewrite r ON r.ev_class = c.oid JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass \
         AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass \
         JOIN pg_class o ON o.oid = d.refobjid AND o.relkind = 'v' AND o.oid > c.oid WHERE c.relkind = 'v' AND ",
        of_ours!("pg_class", "c", "relnamespace")
    ),
    concat!(
        "SELECT 'the options of the view ' || c.relname::text FROM pg_class c \
         WHERE c.relkind = 'v' AND c.reloptions IS NOT NULL AND ",
        of_ours!("pg_class", "c", "relnamespace")
    ),
    concat!(
        "SELECT 'the row security of the table ' || c.relname::text FROM pg_class c \
         WHERE c.relkind = 'r' AND c.relrowsecurity AND ",
        of_ours!("pg_class", "c", "relnamespace")
    ),
    concat!(
        "SELECT 'the options of the identity column of ' || o.relname::text FROM pg_sequence s \
         JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_depend d ON d.classid = 'pg_class'::regclass \
         AND d.objid = c.oid AND d.deptype = 'i' JOIN pg_class o ON o.oid = d.refobjid \
         WHERE (s.seqincrement <> 1 OR s.seqmin <> 1 OR s.seqstart <> 1 OR s.seqcache <> 1 OR s.seqcycle) AND ",
        of_ours!("pg_class", "c", "relnamespace")
    ),
    concat!(
        "SELECT 'the rule ' || r.rulename::text FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class \
         WHERE c.relkind = 'r' AND ",
        of_ours!("pg_class", "c", "relnamespace")
    ),
    concat!(
        "SELECT 'the policy ' || p.polname::text FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE ",
        of_ours!("pg_class", "c", "relnamespace")
    ),
];

/// A definition begins with the schema's name, which is taken out.
const FUNCTIONS: &str = concat!(
    "SELECT kind || substr(definition, length(kind || quote_ident(current_schema()) || '.') + 1) FROM (SELECT p.oid, \
     CASE p.prokind WHEN 'p' THEN 'CREATE OR REPLACE PROCEDURE ' ELSE 'CREATE OR REPLACE FUNCTION ' END AS kind, \
     pg_get_functiondef(p.oid) AS definition FROM pg_proc p WHERE p.prokind IN ('f', 'p') AND ",
    of_ours!("pg_proc", "p", "pronamespace"),
    ") AS functions ORDER BY oid"
);

/// Those that no identity column makes.
const SEQUENCES: &str = concat!(
    "SELECT format('CREATE SEQUENCE %I AS %s INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s%s', c.relname, \
     format_type(s.seqtypid, NULL), s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, \
     CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END) FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid \
     WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid \
     AND d.deptype = 'i') AND ",
    of_ours!("pg_class", "c", "relnamespace"),
    " ORDER BY c.relname"
);

const TABLES: &str = concat!(
    "SELECT format('CREATE %sTABLE %I (%s)%s', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END, c.relname, \
     (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)) \
     || CASE WHEN a.attcollation <> t.typcollation THEN (SELECT format(' COLLATE %I.%I', n.nspname, o.collname) \
     FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace WHERE o.oid = a.attcollation) ELSE '' END \
     || CASE a.attidentity WHEN 'd' THEN ' GENERATED BY DEFAULT AS IDENTITY' \
     WHEN 'a' THEN ' GENERATED ALWAYS AS IDENTITY' ELSE '' END \
     || CASE WHEN d.adbin IS NULL THEN '' WHEN a.attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%s) STORED', \
     pg_get_expr(d.adbin, d.adrelid)) WHEN a.attgenerated <> '' THEN format(' GENERATED ALWAYS AS (%s) VIRTUAL', \
     pg_get_expr(d.adbin, d.adrelid)) ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END \
     || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, ', ' ORDER BY a.attnum) \
     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), \
     CASE WHEN c.reloptions IS NULL THEN '' ELSE ' WITH (' || array_to_string(c.reloptions, ', ') || ')' END) \
     FROM pg_class c WHERE c.relkind = 'r' AND ",
    of_ours!("pg_class", "c", "relnamespace"),
    " ORDER BY c.relname"
);

/// The name of each table, with those of its columns.
const COLUMNS: &str = concat!(
    "SELECT c.relname::text, ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 \
     AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum) FROM pg_class c WHERE c.relkind = 'r' AND ",
    of_ours!("pg_class", "c", "relnamespace"),
    " ORDER BY c.relname"
);

/// Sequences that go with a column.
const OWNERS: &str = concat!(
    "SELECT format('ALTER SEQUENCE %I OWNED BY %I.%I', c.relname, o.relname, a.attname) FROM pg_class c \
     JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'a' \
     JOIN pg_class o ON o.oid = d.refobjid \
     JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid \
     WHERE d.refclassid = 'pg_class'::regclass AND c.relkind = 'S' AND ",
    of_ours!("pg_class", "c", "relnamespace"),
    " ORDER BY c.relname"
);

/// Keys and checks; foreign keys want the keys that they lead to.
macro_rules! constraints {
    ($kinds:literal) => {
        concat!(
            "SELECT format('ALTER TABLE %I ADD CONSTRAINT %I %s', c.relname, k.conname, pg_get_constraintdef(k.oid)) \
             FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE c.relkind = 'r' AND k.contype IN (",
            $kinds,
            ") AND ",
            of_ours!("pg_class", "c", "relnamespace"),
            " ORDER BY c.relname, k.conname"
        )
    };
}

/// Those that no key makes.
const INDEXES: &str = concat!(
    "SELECT pg_get_indexdef(i.indexrelid, 0, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
     JOIN pg_class x ON x.oid = i.indexrelid WHERE c.relkind = 'r' \
     AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) AND ",
    of_ours!("pg_class", "c", "relnamespace"),
    " ORDER BY x.relname"
);

const VIEWS: &str = concat!(
    "SELECT format('CREATE VIEW %I AS %s', c.relname, pg_get_viewdef(c.oid)) FROM pg_class c WHERE c.relkind = 'v' AND ",
    of_ours!("pg_class", "c", "relnamespace"),
    " ORDER BY c.oid"
);

const TRIGGERS: &str = concat!(
    "SELECT pg_get_triggerdef(t.oid, true) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
     WHERE NOT t.tgisinternal AND ",
    of_ours!("pg_class", "c", "relnamespace"),
    " ORDER BY c.relname, t.tgname"
);

/// Those that were switched off, or that replication fires.
const TRIGGER_STATES: &str = concat!(
    "SELECT format('ALTER TABLE %I %s TRIGGER %I', c.relname, CASE t.tgenabled WHEN 'D' THEN 'DISABLE' \
     WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname) FROM pg_trigger t \
     JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgenabled <> 'O' AND ",
    of_ours!("pg_class", "c", "relnamespace"),
    " ORDER BY c.relname, t.tgname"
);

/// Fails when there is something that the statements here would lose.
pub(super) async fn refuse_untaken(connection: &mut PgConnection) -> Result<(), CopyError> {
    for sql in UNTAKEN {
        if let Some(what) = sqlx::query_scalar(sql).fetch_optional(&mut *connection).await? {
            return Err(CopyError::Untaken(what));
        }
    }
    Ok(())
}

pub(super) async fn read(connection: &mut PgConnection) -> Result<Schema, CopyError> {
    let mut schema = Schema::default();
    for sql in [FUNCTIONS, SEQUENCES, TABLES, OWNERS] {
        schema.before.extend(statements(connection, sql).await?);
    }
    let tables: Vec<(String, Vec<String>)> = sqlx::query_as(COLUMNS).fetch_all(&mut *connection).await?;
    schema.tables = tables.into_iter().map(|(name, columns)| CopiedTable { name, columns }).collect();
    for sql in [
        constraints!("'p', 'u', 'x'"),
        INDEXES,
        constraints!("'c'"),
        constraints!("'f'"),
        VIEWS,
        TRIGGERS,
        TRIGGER_STATES,
    ] {
        schema.after.extend(statements(connection, sql).await?);
    }
    Ok(schema)
}

/// What stands in the way of rows that come in any order: foreign keys, indexes that no key makes, triggers.
pub(in super::super) struct AroundRows {
    /// The statements that take it away.
    pub(in super::super) drop: Vec<String>,
    /// The statements that make it anew.
    pub(in super::super) make: Vec<String>,
}

/// Foreign keys go before the indexes that they may lead to.
const DROPS: [&str; 3] = [
    concat!(
        "SELECT format('ALTER TABLE %I DROP CONSTRAINT %I', c.relname, k.conname) FROM pg_constraint k \
         JOIN pg_class c ON c.oid = k.conrelid WHERE c.relkind = 'r' AND k.contype = 'f' AND ",
        of_ours!("pg_class", "c", "relnamespace"),
    ),
    concat!(
        "SELECT format('DROP INDEX %I', x.relname) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
         JOIN pg_class x ON x.oid = i.indexrelid WHERE c.relkind = 'r' AND NOT EXISTS \
         (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) AND ",
        of_ours!("pg_class", "c", "relnamespace"),
    ),
    concat!(
        "SELECT format('DROP TRIGGER %I ON %I', t.tgname, c.relname) FROM pg_trigger t \
         JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND ",
        of_ours!("pg_class", "c", "relnamespace"),
    ),
];

pub(in super::super) async fn around_rows(connection: &mut PgConnection) -> Result<AroundRows, StoreError> {
    let mut around = AroundRows { drop: Vec::new(), make: Vec::new() };
    for sql in DROPS {
        around.drop.extend(statements(connection, sql).await?);
    }
    for sql in [INDEXES, constraints!("'f'"), TRIGGERS, TRIGGER_STATES] {
        around.make.extend(statements(connection, sql).await?);
    }
    Ok(around)
}

async fn statements(connection: &mut PgConnection, sql: &'static str) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar(sql).fetch_all(&mut *connection).await?)
}
