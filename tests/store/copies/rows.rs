//! Rows for every table, whatever its columns are.

use store::DbPool;

use super::catalogue::{columns_of, run_each, tables_of};

/// Text that a form of writing it down could spoil.
const TEXT: &str = "it''s \"{1}\" \\N \\\\ \t\r\n, NULL; é 漢 \u{1f600} \u{7f} \\.";

/// Writes two rows into each table that has none. The first has a value in each column, the second has none
/// where it may. Numbers are 1 and 2 in both, so that each row leads to one that is there.
pub async fn fill_every_table(pool: &DbPool) {
    let (before, after) = match pool {
        DbPool::Sqlite(_) => ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"),
        DbPool::Postgres(_) => {
            ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT")
        }
    };
    let mut statements = vec![before.to_owned()];
    for table in tables_of(pool).await {
        if ["roles", "readiness"].contains(&table.as_str()) || table.starts_with("_sqlx") {
            continue;
        }
        let columns = columns_of(pool, &table).await;
        for row in [1, 2] {
            let names: Vec<_> = columns.iter().map(|(name, ..)| format!("\"{name}\"")).collect();
            let values: Vec<_> = columns
                .iter()
                .map(|(name, kind, nullable)| match (*nullable && row == 2, kind.as_str()) {
                    (true, _) => "NULL".to_owned(),
                    (_, "BIGINT" | "INTEGER") if name.ends_with("_at") && row == 1 => i64::MAX.to_string(),
                    (_, "BIGINT" | "INTEGER") if name.ends_with("_at") => (i64::MIN + 1).to_string(),
                    (_, "BIGINT" | "INTEGER") => row.to_string(),
                    (_, "BOOLEAN") => if row == 1 { "TRUE" } else { "FALSE" }.to_owned(),
                    (_, "BLOB") => format!("x'00ff5c4e0a0d{row:02}'"),
                    (_, "BYTEA") => format!("'\\x00ff5c4e0a0d{row:02}'::bytea"),
                    (_, "TEXT") if row == 2 && !name.ends_with("_key") => "'2'".to_owned(),
                    (_, "TEXT") => format!("'{row} {TEXT}'"),
                    (_, other) => panic!("{table}.{name} is {other}"),
                })
                .collect();
            statements.push(format!(
                "INSERT INTO \"{table}\" ({}) VALUES ({})",
                names.join(", "),
                values.join(", ")
            ));
        }
    }
    if matches!(pool, DbPool::Postgres(_)) {
        // As if PostgreSQL had given the numbers.
        statements.push("SELECT setval(pg_get_serial_sequence('accounts', 'id'), 2)".to_owned());
    }
    statements.push(after.to_owned());
    run_each(pool, &statements.join(";\n")).await;
}
