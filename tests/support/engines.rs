//! The two database engines. Each test in [`both_engines!`] runs on SQLite and again on PostgreSQL.
//!
//! `VESTIBULE_TEST_POSTGRES` is the URL of an existing database on a server where tests may create databases;
//! by default `postgres://postgres@127.0.0.1:5432/postgres`. Without a server the tests fail, unless
//! `VESTIBULE_TEST_WITHOUT_POSTGRES=1` leaves them out.

mod template;

use std::io::Write as _;
use std::path::Path;
use std::str::FromStr as _;

use rocket::tokio::runtime;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};
use vestibule::plugin::{Engine, OsRandom, Random as _};

/// Defines a test of each function on each engine.
macro_rules! both_engines {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[test] fn $test() { $crate::engines::run(vestibule::plugin::Engine::Sqlite, super::$test); })+
        }
        mod on_postgres {
            $(#[test] fn $test() { $crate::engines::run(vestibule::plugin::Engine::Postgres, super::$test); })+
        }
    };
}
pub(crate) use both_engines;

/// Runs `test` on `engine`.
pub fn run<F: Future<Output = ()>>(engine: Engine, test: impl FnOnce(Engine) -> F) {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        if engine == Engine::Sqlite || postgres_is_there().await {
            test(engine).await;
        }
    });
}

async fn postgres_is_there() -> bool {
    let Err(error) = server().connect().await else { return true };
    let waived = std::env::var_os("VESTIBULE_TEST_WITHOUT_POSTGRES").is_some_and(|set| set == "1");
    assert!(
        waived,
        "no PostgreSQL answers ({error}). VESTIBULE_TEST_POSTGRES says where there is one; \
         VESTIBULE_TEST_WITHOUT_POSTGRES=1 leaves its tests out."
    );
    // Written to standard error directly, because the test runner hides what passing tests print.
    let _ = writeln!(std::io::stderr(), "left out, because no PostgreSQL answers: {error}");
    false
}

fn address() -> String {
    let set = std::env::var_os("VESTIBULE_TEST_POSTGRES").and_then(|set| set.into_string().ok());
    set.unwrap_or_else(|| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
}

fn server() -> PgConnectOptions {
    PgConnectOptions::from_str(&address()).unwrap()
}

/// A fresh database. Dropping it deletes it.
pub struct Scratch {
    pub engine: Engine,
    /// Value of `database_url`.
    pub url: String,
    folder: tempfile::TempDir,
    name: String,
}

impl Scratch {
    /// An empty database.
    pub async fn new(engine: Engine) -> Self {
        Self::made(engine, false).await
    }

    /// A database with the migrated tables, all empty.
    pub async fn migrated(engine: Engine) -> Self {
        Self::made(engine, true).await
    }

    async fn made(engine: Engine, migrated: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut random = [0; 8];
        OsRandom.fill(&mut random);
        let name = format!("vestibule_test_{:x}", u64::from_ne_bytes(random));
        let url = match engine {
            Engine::Sqlite => {
                let path = folder.path().join("test.sqlite");
                if migrated {
                    std::fs::copy(template::sqlite().await, &path).unwrap();
                }
                format!("sqlite:{}", path.display())
            }
            Engine::Postgres => {
                let mut connection = server().connect().await.unwrap();
                let template =
                    if migrated { &template::postgres(&mut connection).await } else { "template1" };
                // Copying files takes a third of the time that writing them to the log does, where nothing
                // waits for the disk.
                let knows = connection.server_version_num().is_some_and(|version| version >= 150_000);
                let strategy = if knows { " STRATEGY FILE_COPY" } else { "" };
                let create = format!("CREATE DATABASE {name} TEMPLATE {template}{strategy}");
                connection.execute(sqlx::AssertSqlSafe(create)).await.unwrap();
                connection.close().await.unwrap();
                url_of(&name)
            }
        };
        Self { engine, url, folder, name }
    }

    /// A temporary folder beside the database.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Number of PostgreSQL connections that wait for a lock.
    pub async fn blocked(&self) -> i64 {
        let mut connection = server().connect().await.unwrap();
        let waiting = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'";
        let count = sqlx::query_scalar(waiting).bind(&self.name).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        count
    }

    /// Closes all connections and refuses new ones.
    pub async fn shut_out(&self) {
        command(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS false", self.name)).await;
        let name = &self.name;
        command(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))
            .await;
    }

    /// Accepts connections again.
    pub async fn let_in(&self) {
        command(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS true", self.name)).await;
    }
}

/// URL of the database `name` on the server.
fn url_of(name: &str) -> String {
    let mut url = url::Url::parse(&address()).unwrap();
    url.set_path(name);
    url.into()
}

async fn command(text: &str) {
    let mut connection = server().connect().await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(text.to_owned())).await.unwrap();
    connection.close().await.unwrap();
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.engine == Engine::Postgres {
            let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
            // A thread and runtime of its own: the test's runtime may be stopping or panicking.
            let dropped = std::thread::spawn(move || {
                let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(command(&drop));
            });
            let _ = dropped.join();
        }
    }
}
