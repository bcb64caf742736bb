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

pub mod account_passwords;
pub mod accounts;
mod alone;
pub mod api_keys;
pub mod app_passwords;
pub mod audit_events;
pub mod audit_log;
pub mod bearers;
mod change;
pub mod claims;
mod connection;
pub mod copies;
pub mod data_exports;
mod direct;
pub mod erasure;
mod error;
mod error_counts;
mod event_lines;
pub mod exchanged_bearers;
mod fast;
mod fast_connections;
mod feed;
mod foreign_log;
pub mod former_usernames;
pub mod identities;
pub mod imported_accounts;
pub mod known_apps;
pub mod known_browsers;
pub mod known_places;
pub mod mail_log;
pub mod mailboxes;
mod many_rows;
mod migrations;
pub mod moves;
pub mod oidc_clients;
pub mod oidc_codes;
pub mod oidc_devices;
pub mod oidc_grants;
pub mod oidc_logouts;
pub mod oidc_pushed_requests;
pub mod oidc_sign_ins;
pub mod oidc_signing_keys;
pub mod oidc_tokens;
pub mod outbox;
pub mod paired_devices;
pub mod passkey_challenges;
pub mod passkeys;
pub mod pending_identities;
pub mod pending_sign_ins;
mod pool;
mod pool_figures;
mod pooler;
pub mod provider_departures;
mod readiness;
pub mod recovery_codes;
pub mod roles;
mod row;
mod schema_state;
pub mod secret_keys;
pub mod sessions;
mod statement;
mod subscriptions;
pub mod tickets;
pub mod totp_secrets;
mod transact;
mod turn;
mod url;
pub mod user_secrets;
mod watch;
pub mod webhook_deliveries;

use std::sync::{Arc, OnceLock};

pub use change::{Change, ChangeListener};
pub use connection::{Conn, Link, Linked, Tx};
pub use error::StoreError;
pub use error_counts::{ErrorCounts, error_counts};
pub use foreign_log::check_log;
pub use migrations::Migrations;
pub use pool::{Db, DbPool, Engine};
pub use pool_figures::PoolFigures;
pub use schema_state::{SchemaState, schema_state};
pub use subscriptions::Subscriptions;
pub use turn::on_behalf_of;
pub use url::{check_url, postgres_server, sqlite_file};

use fast_connections::FastConnections;
use feed::Feed;
use readiness::Readiness;
use turn::{Gatekeeper, Patience};
use watch::Watch;

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
    /// Notices the commits of other processes to an SQLite file. Set with the first listener: without copies
    /// of rows there is nothing to notice.
    watch: Arc<OnceLock<Watch>>,
    readiness: Arc<Readiness>,
    subscriptions: Arc<OnceLock<Subscriptions>>,
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
        let (watch, readiness, subscriptions) = Default::default();
        Ok(Self { pool, gates, feed, fast, watch, readiness, subscriptions })
    }

    /// As [`open`](Self::open), for a database that a server has used.
    ///
    /// # Errors
    /// `Unused` when none has; `Migration` when a schema change fails.
    pub async fn open_used(pool: DbPool) -> Result<Self, StoreError> {
        if !migrations::begun(&pool).await? {
            return Err(StoreError::Unused);
        }
        Self::open(pool).await
    }

    pub fn engine(&self) -> Engine {
        self.pool.engine()
    }

    /// Has all transactions from now on write deliveries for these webhooks. Only the first call counts.
    pub fn tell(&self, subscriptions: Subscriptions) {
        self.subscriptions.get_or_init(|| subscriptions);
    }

    /// Takes a connection for reading from the pool. Clients take turns, see [`on_behalf_of`].
    ///
    /// # Errors
    /// `Unavailable` when no connection becomes free within the pool's patience.
    pub async fn read(&self) -> Result<Conn, StoreError> {
        Ok(Conn::new(self.gates.connection(&self.pool, Patience::of(&self.pool)).await?))
    }

    /// Calls `listener` for every change that is committed from now on: at once for changes of this instance,
    /// within a second for changes of other processes that share the PostgreSQL database. A commit of another
    /// process to an SQLite file is told as lost track, by the next [`in_step`](Self::in_step) at the latest.
    pub fn subscribe(&self, listener: Arc<dyn ChangeListener>) {
        let first = self.feed.subscribe(listener);
        match (&self.pool, self.gates.writers(), &self.fast) {
            (DbPool::Postgres(pool), ..) if first => {
                tokio::spawn(feed::follow(pool.clone(), Arc::downgrade(&self.feed)));
            }
            (DbPool::Sqlite(_), Some(writer), Some(fast)) => {
                let file = fast.file().to_owned();
                self.watch.get_or_init(|| Watch::new(file, writer.clone(), self.feed.clone()));
            }
            _ => {}
        }
    }

    /// Whether copies of rows can be relied on. `false` while the instance may have missed changes of other
    /// processes. On SQLite this reads the database, on the caller's thread: it takes a few microseconds.
    pub fn in_step(&self) -> bool {
        self.watch.get().map_or_else(|| self.feed.in_step(), Watch::in_step)
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
