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
    /// Takes what `sqlx::migrate!` made of two folders. What was run is recorded in `_plugin_OWNER_migrations`;
    /// `owner` is of a-z, 0-9 and _.
    pub fn new(owner: &str, mut sqlite: Migrator, mut postgres: Migrator) -> Self {
        for migrator in [&mut sqlite, &mut postgres] {
            migrator.dangerous_set_table_name(format!("_plugin_{owner}_migrations"));
        }
        Self { sqlite, postgres }
    }

    /// Whether each folder has the numbers and names of the other.
    pub fn agree(&self) -> bool {
        let names = |migrator: &Migrator| -> Vec<(i64, String)> {
            migrator.iter().map(|migration| (migration.version, migration.description.to_string())).collect()
        };
        names(&self.sqlite) == names(&self.postgres)
    }
}

impl Store {
    /// Runs those of a plug-in's schema changes that were not run yet.
    ///
    /// # Errors
    /// When one fails, or one that was run is not what it was.
    pub async fn migrate(&self, migrations: &Migrations) -> Result<(), StoreError> {
        match &self.pool {
            DbPool::Sqlite(pool) => migrations.sqlite.run(pool).await,
            DbPool::Postgres(pool) => migrations.postgres.run(pool).await,
        }
        .map_err(StoreError::Migration)
    }
}
