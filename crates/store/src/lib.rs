//! The accounts' database: SQLite inside the program or PostgreSQL beside it. This is the only crate with
//! SQL; one text serves both engines. A module is a table, a function a statement or two.
//!
//! Reading functions take a [`Conn`] or a [`Tx`], writing ones a [`Tx`]. What a transaction changes is
//! announced to every [`ChangeListener`] when it commits, never before.
//!
//! # Errors
//! Every function fails with [`StoreError::Unavailable`] when the database cannot be reached, is full or
//! read-only, and with [`StoreError::Broken`] when it refuses a statement. Their documentation names only
//! what goes beyond that.
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
pub mod user_secrets;

use std::sync::Arc;

use tokio::sync::Semaphore;

pub use change::{Change, ChangeListener};
pub use connection::{Conn, Link, Linked, Tx};
pub use error::StoreError;
pub use migrations::Migrations;
pub use pool::{Db, DbPool, Engine};

use fast::FastConnections;
use feed::Feed;

/// Most rows that one `prune` removes, so that no transaction holds SQLite's only writer for long.
const PRUNED_AT_ONCE: i64 = 500;

/// The database behind all flows. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: DbPool,
    /// SQLite has one writer. This semaphore is fair and wakes the next at once; waiting inside SQLite polls.
    writer: Option<Arc<Semaphore>>,
    feed: Arc<Feed>,
    fast: Option<Arc<FastConnections>>,
}

impl Store {
    /// Takes a connected pool and brings its schema up to date.
    ///
    /// # Errors
    /// `Migration` when a schema change fails.
    pub async fn open(pool: DbPool) -> Result<Self, StoreError> {
        pool.migrate().await?;
        let writer = (pool.engine() == Engine::Sqlite).then(|| Arc::new(Semaphore::new(1)));
        let feed = Arc::new(Feed::new(pool.engine()));
        let fast = FastConnections::new(&pool).map(Arc::new);
        Ok(Self { pool, writer, feed, fast })
    }

    pub fn engine(&self) -> Engine {
        self.pool.engine()
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// `Unavailable` when all connections stay in use for as long as the pool waits.
    pub async fn read(&self) -> Result<Conn, StoreError> {
        Ok(Conn::new(self.pool.acquire().await?))
    }

    /// Calls `listener` for every change that is committed from now on: at once for this instance's own,
    /// within a second for those of other instances on the same PostgreSQL.
    pub fn subscribe(&self, listener: Arc<dyn ChangeListener>) {
        let first = self.feed.subscribe(listener);
        if let (true, DbPool::Postgres(pool)) = (first, &self.pool) {
            tokio::spawn(feed::follow(pool.clone(), Arc::downgrade(&self.feed)));
        }
    }

    /// Whether copies of rows can be relied upon: `false` while changes of other instances may not have been
    /// heard.
    pub fn in_step(&self) -> bool {
        self.feed.in_step()
    }

    /// Asks the database for an answer.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read().await?.ping().await
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.pool.shut().await;
    }
}
