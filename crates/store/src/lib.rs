//! The accounts' database: SQLite inside the program, or a PostgreSQL server. No other crate contains SQL,
//! and one SQL text serves both engines. A module is a table; a function is one statement or two.
//!
//! Functions that read take a [`Conn`] or a [`Tx`]; functions that write take a [`Tx`]. The commit announces
//! what a transaction changed to every [`ChangeListener`], never earlier.
//!
//! # Errors
//! Every function can fail with [`StoreError::Unavailable`] (the database is unreachable, full or read-only)
//! and with [`StoreError::Broken`] (it refuses a statement). Every method of [`Store`] that takes a
//! connection can fail with [`StoreError::Crowded`] (too many calls of one client wait). The functions' own
//! documentation names only other errors.
#![forbid(unsafe_code)]
#![expect(missing_docs, reason = "fields and variants whose names say it all have no sentence beside them")]

pub mod accounts;
pub mod api_keys;
pub mod bearers;
mod change;
mod connection;
mod error;
mod fast;
mod feed;
pub mod known_browsers;
mod migrations;
pub mod outbox;
pub mod paired_devices;
mod pool;
pub mod roles;
mod row;
pub mod sessions;
mod statement;
pub mod tickets;
mod transact;
mod turn;
pub mod user_secrets;

use std::sync::Arc;

pub use change::{Change, ChangeListener};
pub use connection::{Conn, Link, Linked, Tx};
pub use error::StoreError;
pub use migrations::Migrations;
pub use pool::{Db, DbPool, Engine};
pub use turn::on_behalf_of;

use fast::FastConnections;
use feed::Feed;
use turn::{Gatekeeper, Patience};

/// The maximum number of rows that one `prune` removes, so that no transaction blocks SQLite's only writer
/// for long.
const PRUNED_AT_ONCE: i64 = 500;

/// The database of the accounts. Cloning is cheap: clones share the pool.
#[derive(Clone)]
pub struct Store {
    pool: DbPool,
    gates: Arc<Gatekeeper>,
    feed: Arc<Feed>,
    fast: Option<Arc<FastConnections>>,
}

impl Store {
    /// Takes a connected pool and applies the schema changes that the database lacks.
    ///
    /// # Errors
    /// `Migration` when a schema change fails.
    pub async fn open(pool: DbPool) -> Result<Self, StoreError> {
        Migrations::builtin().run(&pool).await?;
        let gates = Arc::new(Gatekeeper::new(&pool));
        let feed = Arc::new(Feed::new(pool.engine()));
        let fast = FastConnections::new(&pool).map(Arc::new);
        Ok(Self { pool, gates, feed, fast })
    }

    pub fn engine(&self) -> Engine {
        self.pool.engine()
    }

    /// Takes a connection for reading from the pool. Clients take turns, see [`on_behalf_of`].
    ///
    /// # Errors
    /// `Unavailable` when no connection becomes free within the pool's patience.
    pub async fn read(&self) -> Result<Conn, StoreError> {
        Ok(Conn::new(self.gates.connection(&self.pool, Patience::of(&self.pool)).await?))
    }

    /// Calls `listener` for every change that is committed from now on: at once for changes of this instance,
    /// within a second for changes of other instances that share the PostgreSQL database.
    pub fn subscribe(&self, listener: Arc<dyn ChangeListener>) {
        let first = self.feed.subscribe(listener);
        if let (true, DbPool::Postgres(pool)) = (first, &self.pool) {
            tokio::spawn(feed::follow(pool.clone(), Arc::downgrade(&self.feed)));
        }
    }

    /// Whether copies of rows can be relied on. `false` while the instance may have missed changes of other
    /// instances.
    pub fn in_step(&self) -> bool {
        self.feed.in_step()
    }

    /// Runs `SELECT 1`, for health checks.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read().await?.ping().await
    }

    /// Closes all connections. Later calls fail with `Unavailable`.
    pub async fn close(&self) {
        self.pool.shut().await;
    }
}
