//! What a database has, read without the code that copies it.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::AssertSqlSafe;
use store::DbPool;

/// Runs the statements.
pub async fn run_each(pool: &DbPool, statements: &str) {
    let sql = sqlx::raw_sql(AssertSqlSafe(statements.to_owned()));
    match pool {
        DbPool::Sqlite(pool) => drop(sql.execute(pool).await.unwrap()),
        DbPool::Postgres(pool) => drop(sql.execute(pool).await.unwrap()),
    }
}

async fn texts(pool: &DbPool, sql: &str) -> Vec<String> {
    let sql = AssertSqlSafe(sql.to_owned());
    match pool {
        DbPool::Sqlite(pool) => sqlx::query_scalar(sql).fetch_all(pool).await.unwrap(),
        DbPool::Postgres(pool) => sqlx::query_scalar(sql).fetch_all(pool).await.unwrap(),
    }
}

/// The names of all tables.
pub async fn tables_of(pool: &DbPool) -> Vec<String> {
    let sql = match pool {
        DbPool::Sqlite(_) => {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name"
        }
        DbPool::Postgres(_) => {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' \
             AND table_type = 'BASE TABLE' ORDER BY table_name"
        }
    };
    texts(pool, sql).await
}

/// The columns of a table, each with its type and whether it may be null.
pub async fn columns_of(pool: &DbPool, table: &str) -> Vec<(String, String, bool)> {
    let sql = match pool {
        DbPool::Sqlite(_) => format!(
            "SELECT name || '|' || upper(type) || '|' || (\"notnull\" = 0 AND pk = 0) FROM pragma_table_info('{table}') \
             ORDER BY name"
        ),
        DbPool::Postgres(_) => format!(
            "SELECT column_name || '|' || upper(data_type) || '|' || CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}' ORDER BY column_name"
        ),
    };
    let read = |line: String| {
        let mut words = line.split('|').map(str::to_owned);
        (words.next().unwrap(), words.next().unwrap(), words.next().unwrap() == "1")
    };
    texts(pool, &sql).await.into_iter().map(read).collect()
}

/// Every row of every table as text, in order.
pub async fn everything(pool: &DbPool) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for table in tables_of(pool).await {
        let sql = match pool {
            DbPool::Sqlite(_) => {
                let columns = columns_of(pool, &table).await;
                let quoted: Vec<_> = columns.iter().map(|(name, ..)| format!("quote(\"{name}\")")).collect();
                format!("SELECT {} AS line FROM \"{table}\" ORDER BY line", quoted.join(" || ',' || "))
            }
            DbPool::Postgres(_) => format!("SELECT \"{table}\"::text AS line FROM \"{table}\" ORDER BY line"),
        };
        all.insert(table.clone(), texts(pool, &sql).await);
    }
    all
}

/// What the database says of its columns, indexes, keys, triggers and functions.
pub async fn definitions(pool: &DbPool) -> BTreeSet<String> {
    let queries: &[&str] = match pool {
        DbPool::Sqlite(_) => &["SELECT type || name || COALESCE(sql, '') FROM sqlite_schema"],
        DbPool::Postgres(_) => &[
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT conrelid::regclass || conname || pg_get_constraintdef(oid) FROM pg_constraint \
             WHERE connamespace = 'public'::regnamespace",
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
            "SELECT pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal",
            "SELECT viewname || definition FROM pg_views WHERE schemaname = 'public'",
            "SELECT c::text FROM (SELECT table_name, column_name, \
             row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position), column_default, is_nullable, \
             data_type, character_maximum_length, collation_name, is_identity, identity_generation, identity_start, \
             identity_increment, is_generated, generation_expression FROM information_schema.columns \
             WHERE table_schema = 'public') c",
            "SELECT s::text FROM (SELECT sequencename, data_type, start_value, min_value, max_value, increment_by, \
             cycle, cache_size, last_value FROM pg_sequences WHERE schemaname = 'public') s",
            "SELECT relname || relkind::text || relpersistence::text || COALESCE(reloptions::text, '') FROM pg_class \
             WHERE relnamespace = 'public'::regnamespace",
        ],
    };
    let mut found = BTreeSet::new();
    for sql in queries {
        found.extend(texts(pool, sql).await);
    }
    assert!(found.len() > 100, "{found:?}");
    found
}
