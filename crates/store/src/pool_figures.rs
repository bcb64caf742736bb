//! What the database's connections do, for the operator.

use super::{DbPool, Store};

/// The connections of one store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolFigures {
    /// The most that there may be.
    pub most: usize,
    /// Those that are open.
    pub open: usize,
    /// Those of them that nobody uses now.
    pub idle: usize,
    /// The calls that wait for one.
    pub waiting: usize,
    /// The calls that wait for SQLite's only writer; 0 on PostgreSQL.
    pub waiting_to_write: usize,
}

impl Store {
    /// What the connections do now.
    #[must_use]
    pub fn pool_figures(&self) -> PoolFigures {
        let (open, idle) = match &self.pool {
            DbPool::Sqlite(pool) => (pool.size(), pool.num_idle()),
            DbPool::Postgres(pool) => (pool.size(), pool.num_idle()),
        };
        let (waiting, waiting_to_write) = self.gates.waiting();
        let open = usize::try_from(open).unwrap_or(usize::MAX);
        PoolFigures { most: self.pool.size(), open, idle: idle.min(open), waiting, waiting_to_write }
    }
}
