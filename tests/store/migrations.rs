//! The two folders of migrations create the same tables.

use std::collections::BTreeMap;
use std::path::Path;

use store::{DbPool, Engine};

use crate::engines::{both_engines, run};
use crate::fixture::{Fixture, open, pool};

both_engines!(a_database_is_brought_up_to_date_once, a_database_of_a_newer_version_is_left_alone);

#[test]
fn both_folders_have_the_same_numbers_and_names() {
    let names = |engine: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let sqlite = names("sqlite");
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, names("postgres"));
    for (number, name) in (1..).zip(&sqlite) {
        assert!(name.starts_with(&format!("{number:04}_")) && name.ends_with(".sql"), "{name}");
    }
}

/// Each table's columns: type, whether it is nullable, and the table that it refers to.
type Tables = BTreeMap<String, BTreeMap<String, (String, bool, Option<String>)>>;

const SQLITE: &str = "SELECT m.name, c.name, c.type, c.\"notnull\" = 0, f.\"table\" \
                      FROM sqlite_master m JOIN pragma_table_info(m.name) c \
                      LEFT JOIN pragma_foreign_key_list(m.name) f ON f.\"from\" = c.name \
                      WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '_sqlx_migrations'";

const POSTGRES: &str = "SELECT c.table_name::text, c.column_name::text, c.data_type::text, c.is_nullable = 'YES', \
                        (SELECT max(r.table_name::text) FROM information_schema.key_column_usage k \
                         JOIN information_schema.referential_constraints f USING (constraint_name) \
                         JOIN information_schema.constraint_column_usage r ON r.constraint_name = f.constraint_name \
                         WHERE k.table_name = c.table_name AND k.column_name = c.column_name) \
                        FROM information_schema.columns c \
                        WHERE c.table_schema = 'public' AND c.table_name <> '_sqlx_migrations'";

const SQLITE_UNIQUE: &str = "SELECT m.tbl_name || ': ' || (SELECT group_concat(name, ',') FROM pragma_index_info(m.name)) \
                             FROM sqlite_master m JOIN pragma_index_list(m.tbl_name) i ON i.name = m.name \
                             WHERE i.\"unique\" = 1 AND i.origin <> 'pk' AND m.tbl_name <> '_sqlx_migrations'";

const POSTGRES_UNIQUE: &str = "SELECT t.relname::text || ': ' || (SELECT string_agg(a.attname, ',' ORDER BY k.n) \
                               FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n) \
                               JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum) \
                               FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid \
                               JOIN pg_namespace s ON s.oid = t.relnamespace \
                               WHERE i.indisunique AND NOT i.indisprimary AND s.nspname = 'public'";

type Row = (String, String, String, bool, Option<String>);

async fn described(engine: Engine) -> (Tables, Vec<String>) {
    let fixture = Fixture::new(engine).await;
    let (rows, mut unique): (Vec<Row>, Vec<String>) = match pool(&fixture.scratch).await {
        DbPool::Sqlite(pool) => (
            sqlx::query_as(SQLITE).fetch_all(&pool).await.unwrap(),
            sqlx::query_scalar(SQLITE_UNIQUE).fetch_all(&pool).await.unwrap(),
        ),
        DbPool::Postgres(pool) => (
            sqlx::query_as(POSTGRES).fetch_all(&pool).await.unwrap(),
            sqlx::query_scalar(POSTGRES_UNIQUE).fetch_all(&pool).await.unwrap(),
        ),
    };
    let mut tables = Tables::new();
    for (table, column, kind, nullable, refers) in rows {
        // The same type under each engine's name.
        let kind = match kind.to_lowercase().as_str() {
            "integer" | "bigint" => "number".to_owned(),
            "blob" | "bytea" => "bytes".to_owned(),
            other => other.to_owned(),
        };
        tables.entry(table).or_default().insert(column, (kind, nullable, refers));
    }
    unique.sort();
    (tables, unique)
}

#[test]
fn both_engines_have_the_same_tables_columns_and_keys() {
    run(Engine::Postgres, async |engine| {
        let (tables, unique) = described(Engine::Sqlite).await;
        let (same_tables, same_unique) = described(engine).await;
        assert!(tables.len() >= 5 && unique.len() >= 6, "{tables:?} {unique:?}");
        assert_eq!(same_tables, tables);
        assert_eq!(same_unique, unique);
    });
}

async fn a_database_is_brought_up_to_date_once(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let again = open(&fixture.scratch).await;
    let mut db = again.read().await.unwrap();
    assert!(store::accounts::find(&mut db, ada).await.unwrap().is_some());
}

async fn a_database_of_a_newer_version_is_left_alone(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 SELECT 9999, 'from the future', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    let pool = pool(&fixture.scratch).await;
    match &pool {
        DbPool::Sqlite(pool) => drop(sqlx::query(newer).execute(pool).await.unwrap()),
        DbPool::Postgres(pool) => drop(sqlx::query(newer).execute(pool).await.unwrap()),
    }
    let refused = store::Store::open(pool).await;
    assert!(refused.is_err_and(|error| error.to_string().contains("9999")));
}
