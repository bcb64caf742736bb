//! The only folder with SQL: one text for SQLite and PostgreSQL, one transaction for a flow.
#![forbid(unsafe_code)]

pub mod accounts;
pub mod api_keys;
pub mod bearers;
mod connection;
pub mod devices;
mod error;
mod fast;
mod feed;
mod migrations;
pub mod outbox;
pub mod pairings;
mod pool;
pub mod roles;
pub mod sessions;
pub mod tickets;
mod transact;
pub mod user_secrets;

use std::sync::Arc;

use tokio::sync::Semaphore;

pub use connection::{Conn, Link, Linked, Tx};
pub use error::StoreError;
pub use feed::{Change, ChangeListener};
pub use migrations::{Migrations, Migrator};
pub use pool::{Db, DbPool, Engine};

use fast::FastConnections;
use feed::Feed;

/// The database behind all flows. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: DbPool,
    /// SQLite has one writer. Waiting here is fair and wakes at once; waiting inside SQLite polls.
    writer: Option<Arc<Semaphore>>,
    feed: Arc<Feed>,
    fast: Option<Arc<FastConnections>>,
}

impl Store {
    /// Takes a connected pool and brings its schema up to date.
    ///
    /// # Errors
    /// When the database cannot be reached or a migration fails.
    pub async fn open(pool: DbPool) -> Result<Self, StoreError> {
        pool.migrate().await?;
        let writer = (pool.engine() == Engine::Sqlite).then(|| Arc::new(Semaphore::new(1)));
        let feed = Arc::new(Feed::new(pool.engine()));
        let fast = FastConnections::new(&pool).map(Arc::new);
        Ok(Self { pool, writer, feed, fast })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.pool.engine()
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// `Unavailable` when none can be had in time.
    pub async fn read(&self) -> Result<Conn, StoreError> {
        Ok(Conn::new(self.pool.acquire().await?))
    }

    /// Tells `listener` of every committed change from now on: at once of this instance's own, within
    /// a second of those made by others on the same PostgreSQL.
    pub fn subscribe(&self, listener: Arc<dyn ChangeListener>) {
        let first = self.feed.subscribe(listener);
        if let (true, DbPool::Postgres(pool)) = (first, &self.pool) {
            tokio::spawn(feed::follow(pool.clone(), Arc::downgrade(&self.feed)));
        }
    }

    /// Whether what was read earlier can still be relied upon: `false` while news of other instances may
    /// be missing.
    pub fn in_step(&self) -> bool {
        self.feed.in_step()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read().await?.ping().await
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.pool.shut().await;
    }
}
