//! Schema changes: files named `0001_what_they_do.sql`, in one folder for each engine.

use std::fmt;

use rust_embed::RustEmbed;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, PgConnection, SqlSafeStr as _};

use super::{DbPool, Store, StoreError};

#[derive(RustEmbed)]
#[folder = "../../migrations/sqlite/"]
struct Sqlite;

#[derive(RustEmbed)]
#[folder = "../../migrations/postgres/"]
struct Postgres;

/// The schema changes of the program or of one plug-in, for both engines.
pub struct Migrations {
    sqlite: Migrator,
    postgres: Migrator,
}

impl fmt::Debug for Migrations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<i64> = self.sqlite.iter().map(|migration| migration.version).collect();
        f.debug_tuple("Migrations").field(&numbers).finish()
    }
}

impl Migrations {
    /// The program's own schema changes.
    pub(super) fn builtin() -> Self {
        Self { sqlite: migrator::<Sqlite>(), postgres: migrator::<Postgres>() }
    }

    /// Takes a plug-in's files for SQLite and for PostgreSQL. Files that are not named `NUMBER_words.sql` are
    /// ignored. The table `_plugin_OWNER_migrations` records the applied ones. `owner` may contain a-z, 0-9
    /// and _.
    pub fn of_plugin<S: RustEmbed, P: RustEmbed>(owner: &str) -> Self {
        let (mut sqlite, mut postgres) = (migrator::<S>(), migrator::<P>());
        for migrator in [&mut sqlite, &mut postgres] {
            migrator.dangerous_set_table_name(format!("_plugin_{owner}_migrations"));
        }
        Self { sqlite, postgres }
    }

    /// The numbers of the migrations, in their order.
    pub(super) fn numbers(&self) -> Vec<i64> {
        self.sqlite.iter().map(|migration| migration.version).collect()
    }

    /// Whether the migrations of both engines have the same numbers and names.
    pub fn agree(&self) -> bool {
        let names = |migrator: &Migrator| -> Vec<(i64, String)> {
            migrator.iter().map(|migration| (migration.version, migration.description.to_string())).collect()
        };
        names(&self.sqlite) == names(&self.postgres)
    }

    /// The tables that they make, on either engine.
    pub fn tables(&self) -> Vec<String> {
        let mut tables: Vec<String> = [&self.sqlite, &self.postgres]
            .into_iter()
            .flat_map(Migrator::iter)
            .flat_map(|migration| created_tables(migration.sql.as_str()))
            .collect();
        tables.sort_unstable();
        tables.dedup();
        tables
    }

    /// The highest number.
    pub(super) fn newest(&self) -> i64 {
        self.sqlite.iter().map(|migration| migration.version).max().unwrap_or_default()
    }

    pub(super) async fn run(&self, pool: &DbPool) -> Result<(), StoreError> {
        match pool {
            DbPool::Sqlite(pool) => self.sqlite.run(pool).await,
            DbPool::Postgres(pool) => self.postgres.run(pool).await,
        }
        .map_err(StoreError::Migration)
    }

    /// As [`run`](Self::run), within the transaction that the connection is in.
    pub(super) async fn run_within(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        self.postgres.run(connection).await.map_err(StoreError::Migration)
    }
}

/// The names after `CREATE TABLE` in a migration, in lower case and without quotes or a schema.
fn created_tables(sql: &str) -> Vec<String> {
    let code = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
    let code = code.collect::<Vec<_>>().join(" ").to_lowercase().replace('(', " ( ");
    let words: Vec<&str> = code.split_whitespace().collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        if *word != "table" || !before.is_some_and(|word| ["create", "unlogged"].contains(word)) {
            continue;
        }
        let after = words.iter().skip(at + 1).find(|word| !["if", "not", "exists"].contains(word));
        let name = after.and_then(|name| name.rsplit('.').next()).unwrap_or_default();
        found.push(name.trim_matches(['"', '`', '[', ']']).to_owned());
    }
    found
}

/// Whether the program has ever prepared this database.
pub(super) async fn begun(pool: &DbPool) -> Result<bool, StoreError> {
    // The table that sqlx records migrations in.
    let found: i64 = match pool {
        DbPool::Sqlite(pool) => {
            let sql = "SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'";
            sqlx::query_scalar(sql).fetch_one(pool).await?
        }
        DbPool::Postgres(pool) => {
            let sql = "SELECT COUNT(to_regclass('_sqlx_migrations'))";
            sqlx::query_scalar(sql).fetch_one(pool).await?
        }
    };
    Ok(found > 0)
}

impl Store {
    /// Applies the plug-in's migrations that the database lacks.
    ///
    /// # Errors
    /// `Migration` when one fails, or when the text of an applied one has changed.
    pub async fn migrate(&self, migrations: &Migrations) -> Result<(), StoreError> {
        migrations.run(&self.pool).await
    }
}

/// Builds what `sqlx::migrate!` would make of a folder. sqlx's macros would compile both drivers a second
/// time.
fn migrator<E: RustEmbed>() -> Migrator {
    let files = E::iter().filter_map(|name| E::get(&name).and_then(|file| migration(&name, &file.data)));
    Migrator::with_migrations(files.collect())
}

fn migration(file: &str, content: &[u8]) -> Option<Migration> {
    let (number, words) = file.split_once('_')?;
    let (number, description) = (number.parse().ok()?, words.strip_suffix(".sql")?.replace('_', " "));
    let sql = String::from_utf8(content.to_vec()).ok()?;
    let without_transaction = sql.starts_with("-- no-transaction");
    let sql = AssertSqlSafe(sql).into_sql_str();
    Some(Migration::new(number, description.into(), MigrationType::Simple, sql, without_transaction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_ours_is_a_migration_for_both_engines() {
        let ours = Migrations::builtin();
        assert_eq!(ours.sqlite.iter().count(), Sqlite::iter().count());
        assert_eq!(ours.postgres.iter().count(), Postgres::iter().count());
        assert!(ours.agree() && ours.sqlite.iter().count() > 0);
    }

    #[test]
    fn tables_are_read_from_the_statements_that_make_them() {
        let sql = "-- CREATE TABLE comment (x)\nCREATE TABLE notes(id BIGINT);\nCREATE INDEX notes_i ON notes (id);\n\
                   create table if not exists \"Guest_Book\" (\n id BIGINT);\nCREATE UNLOGGED TABLE public.seen (id BIGINT);\n\
                   ALTER TABLE old ADD COLUMN x TEXT;\nDROP TABLE gone;";
        assert_eq!(created_tables(sql), ["notes", "guest_book", "seen"]);
        assert!(Migrations::builtin().tables().contains(&"accounts".to_owned()));
    }

    #[test]
    fn a_file_is_read_as_sqlx_reads_it() {
        let sql = "-- no-transaction\nSELECT 1";
        let read = migration("0012_add_the_things.sql", sql.as_bytes()).unwrap();
        assert_eq!((read.version, read.description.as_ref(), read.no_tx), (12, "add the things", true));
        // The SHA-384 of the text, which databases have recorded.
        let hex: String = read.checksum[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((read.checksum.len(), hex.as_str()), (48, "25a6f61abc935712"));
        for other in ["README.md", "12.sql", "x_y.sql", "1_y.txt", "sub/1_y.sql"] {
            assert!(migration(other, b"SELECT 1").is_none(), "{other}");
        }
    }
}
