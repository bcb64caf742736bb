//! A database with the migrated tables, all empty. Tests copy it, which costs a fraction of a migration. The
//! first test that needs the template creates it. Its name contains a hash of the migrations.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rocket::tokio::time::sleep;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};
use vestibule::plugin::{DbPool, OsRandom, Random as _, Store};

use super::url_of;

/// Advisory lock that is held while the template is created on PostgreSQL.
const MAKING: i64 = 0x7665_7374_6962;

/// A hash of the present migrations of `engine`.
fn fingerprint(engine: &str) -> u64 {
    let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let project = above.find(|folder| folder.join("Rocket.toml").is_file()).unwrap();
    let folder = std::fs::read_dir(project.join("migrations").join(engine)).unwrap();
    let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut hasher = DefaultHasher::new();
    for path in paths {
        path.file_name().hash(&mut hasher);
        std::fs::read(path).unwrap().hash(&mut hasher);
    }
    hasher.finish()
}

async fn migrate(url: &str) {
    let pool = DbPool::connect(url, 2, Duration::from_secs(20)).await.unwrap();
    let store = Store::open(pool.clone()).await.unwrap();
    // Moves everything into the one file that is copied.
    if let DbPool::Sqlite(pool) = &pool {
        pool.execute("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    }
    store.close().await;
}

/// Path of the file to copy.
pub async fn sqlite() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let name = format!("migrated-{:016x}.sqlite", fingerprint("sqlite"));
    let path = folder.join(&name);
    if !path.exists() {
        let mut random = [0; 8];
        OsRandom.fill(&mut random);
        // The template gets its name when it is complete. Tests that create it at the same time create the
        // same file.
        let making = folder.join(format!("{name}.{:x}", u64::from_ne_bytes(random)));
        migrate(&format!("sqlite:{}", making.display())).await;
        std::fs::rename(making, &path).unwrap();
    }
    path
}

/// Name of the database to copy.
pub async fn postgres(server: &mut PgConnection) -> String {
    let name = format!("vestibule_template_{:016x}", fingerprint("postgres"));
    if is_there(server, &name).await {
        return name;
    }
    sqlx::query("SELECT pg_advisory_lock($1)").bind(MAKING).execute(&mut *server).await.unwrap();
    if !is_there(server, &name).await {
        // The template gets its name when it is complete, so a half-made one is never copied.
        let making = format!("{name}_making");
        run(server, format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)")).await;
        run(server, format!("CREATE DATABASE {making}")).await;
        migrate(&url_of(&making)).await;
        // PostgreSQL copies a database only while no connection uses it, its own background processes
        // included.
        run(server, format!("ALTER DATABASE {making} ALLOW_CONNECTIONS false")).await;
        while is_used(server, &making).await {
            sleep(Duration::from_millis(10)).await;
        }
        run(server, format!("ALTER DATABASE {making} RENAME TO {name}")).await;
    }
    sqlx::query("SELECT pg_advisory_unlock($1)").bind(MAKING).execute(&mut *server).await.unwrap();
    name
}

async fn run(server: &mut PgConnection, statement: String) {
    server.execute(AssertSqlSafe(statement)).await.unwrap();
}

async fn is_there(server: &mut PgConnection, name: &str) -> bool {
    let there = "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)";
    sqlx::query_scalar(there).bind(name).fetch_one(server).await.unwrap()
}

async fn is_used(server: &mut PgConnection, name: &str) -> bool {
    let used = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = $1)";
    sqlx::query_scalar(used).bind(name).fetch_one(server).await.unwrap()
}
