//! One pool type for both engines. The database's URL selects the engine; `rocket_db_pools` manages the pool.

use std::str::FromStr as _;
use std::time::Duration;

use rocket::figment::Figment;
use rocket_db_pools::Database;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};

use super::{StoreError, pooler};

/// The database engine behind a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, embedded in the program. Only one instance may serve from the file; commands may run beside
    /// it.
    Sqlite,
    /// A PostgreSQL server. Several instances may share it.
    Postgres,
}

/// A pool of connections to either engine.
#[derive(Clone)]
pub enum DbPool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// The fairing that opens the pool of `databases.main` when Rocket ignites.
#[derive(Database)]
#[database("main")]
pub struct Db(DbPool);

impl DbPool {
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Connects to `url` (`sqlite:…` or `postgres://…`) with at most `connections` connections. A caller
    /// waits at most `patience` for one.
    ///
    /// # Errors
    /// `Broken` when the URL cannot be parsed, `Unavailable` when the database cannot be reached.
    pub async fn connect(url: &str, connections: u32, patience: Duration) -> Result<Self, StoreError> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            // PgBouncer refuses a connection that asks for `extra_float_digits`. No column is a float.
            let options =
                PgConnectOptions::from_str(url)?.application_name("vestibule").extra_float_digits(None);
            let pool = PgPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(patience)
                // PostgreSQL cancels a statement that takes longer than any client waits, so that the client
                // gets a 503.
                .after_connect(|connection, _| {
                    Box::pin(async move {
                        let limits = "SET statement_timeout = '20s'; SET lock_timeout = '5s'";
                        sqlx::raw_sql(limits).execute(&mut *connection).await.map(drop)
                    })
                })
                .connect_lazy_with(options);
            return match pool.acquire().await {
                Ok(_) => Ok(Self::Postgres(pool)),
                Err(error) => Err(pooler::reason(&pool.connect_options()).await.unwrap_or(error.into())),
            };
        }
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: a committed write survives a power cut. SQLite still commits thousands of times a second.
            .synchronous(SqliteSynchronous::Full)
            // What is deleted is overwritten where its page is written anyway.
            .pragma("secure_delete", "FAST")
            .busy_timeout(patience);
        let pool = SqlitePoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(patience)
            // A file does not close connections, and the test would cost a third of the throughput.
            .test_before_acquire(false)
            // What an import sets for its connection is set as long as it runs.
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_with(options)
            .await?;
        Ok(Self::Sqlite(pool))
    }

    /// Checks that no pooler in between changes connections to PostgreSQL.
    ///
    /// # Errors
    /// `Pooler` when one does, `Unavailable` when the database cannot be reached.
    pub async fn check_pooler(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(pool) => pooler::check(&pool.connect_options()).await,
        }
    }

    /// Why PostgreSQL gives no connection at present; `None` if it does.
    pub(super) async fn why_unavailable(&self) -> Option<StoreError> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(pool) => pooler::reason(&pool.connect_options()).await,
        }
    }

    /// How long a request waits for a connection or for its turn to write. After that the database counts as
    /// unavailable.
    pub(super) fn patience(&self) -> Duration {
        match self {
            Self::Sqlite(pool) => pool.options().get_acquire_timeout(),
            Self::Postgres(pool) => pool.options().get_acquire_timeout(),
        }
    }

    /// The most connections that the pool has at once.
    pub(super) fn size(&self) -> usize {
        let connections = match self {
            Self::Sqlite(pool) => pool.options().get_max_connections(),
            Self::Postgres(pool) => pool.options().get_max_connections(),
        };
        usize::try_from(connections).unwrap_or(usize::MAX)
    }

    /// Takes a connection. Every failure is `Unavailable`, whatever error the database reports.
    pub(super) async fn acquire(&self) -> Result<DbConn, StoreError> {
        match self {
            Self::Sqlite(pool) => pool.acquire().await.map(DbConn::Sqlite),
            Self::Postgres(pool) => pool.acquire().await.map(DbConn::Postgres),
        }
        .map_err(StoreError::unavailable)
    }

    /// Closes the connections that wait to be used, so that the next caller gets a new one. The caller does
    /// not wait for their goodbyes, which have no limit of time.
    pub(super) fn close_idle(&self) {
        match self {
            Self::Sqlite(pool) => {
                while let Some(mut idle) = pool.try_acquire() {
                    idle.close_on_drop();
                }
            }
            Self::Postgres(pool) => {
                while let Some(mut idle) = pool.try_acquire() {
                    idle.close_on_drop();
                }
            }
        }
    }

    pub(super) async fn shut(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// A pooled connection to either engine.
pub enum DbConn {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

#[rocket::async_trait]
impl rocket_db_pools::Pool for DbPool {
    type Connection = DbConn;
    type Error = rocket_db_pools::Error<StoreError>;

    async fn init(figment: &Figment) -> Result<Self, Self::Error> {
        let config: rocket_db_pools::Config = figment.extract().map_err(rocket_db_pools::Error::Config)?;
        let connections = u32::try_from(config.max_connections).unwrap_or(u32::MAX);
        let patience = Duration::from_secs(config.connect_timeout);
        Self::connect(&config.url, connections, patience).await.map_err(rocket_db_pools::Error::Init)
    }

    async fn get(&self) -> Result<Self::Connection, Self::Error> {
        self.acquire().await.map_err(rocket_db_pools::Error::Get)
    }

    async fn close(&self) {
        self.shut().await;
    }
}
