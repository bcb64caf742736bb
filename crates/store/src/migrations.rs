//! Schema changes of plug-ins, recorded apart from ours.

use std::fmt;

pub use sqlx::migrate::Migrator;

use super::{DbPool, Store, StoreError};

/// The schema changes of one plug-in, for both engines.
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
    /// Takes what `sqlx::migrate!` made of two folders. Migrations that were run are recorded in the table
    /// `_plugin_OWNER_migrations`; `owner` consists of a-z, 0-9 and _.
    pub fn new(owner: &str, mut sqlite: Migrator, mut postgres: Migrator) -> Self {
        for migrator in [&mut sqlite, &mut postgres] {
            migrator.dangerous_set_table_name(format!("_plugin_{owner}_migrations"));
        }
        Self { sqlite, postgres }
    }

    /// Whether both folders have migrations of the same numbers and names.
    pub fn agree(&self) -> bool {
        let names = |migrator: &Migrator| -> Vec<(i64, String)> {
            migrator.iter().map(|migration| (migration.version, migration.description.to_string())).collect()
        };
        names(&self.sqlite) == names(&self.postgres)
    }
}

impl Store {
    /// Runs a plug-in's migrations that were not run yet.
    ///
    /// # Errors
    /// `Migration` when one fails, or the text of one that was run has changed since.
    pub async fn migrate(&self, migrations: &Migrations) -> Result<(), StoreError> {
        match &self.pool {
            DbPool::Sqlite(pool) => migrations.sqlite.run(pool).await,
            DbPool::Postgres(pool) => migrations.postgres.run(pool).await,
        }
        .map_err(StoreError::Migration)
    }
}
