//! A million accounts, or as many as `VESTIBULE_TEST_ACCOUNTS` says. Takes minutes, and is run by name:
//! `VESTIBULE_TEST_PROGRAM=target/dist/vestibule cargo nextest run --test pages --run-ignored only million`.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use sqlx::AssertSqlSafe;
use store::{DbPool, Engine};

use super::Site;
use crate::engines::{Scratch, run};
use crate::program::PROGRAM;

const LONGEST: Duration = Duration::from_secs(60);
const MOST_MEMORY_KIB: u64 = 64 << 10;

fn number() -> u64 {
    let set = std::env::var_os("VESTIBULE_TEST_ACCOUNTS").and_then(|set| set.into_string().ok());
    set.map_or(1_000_000, |set| set.parse().unwrap())
}

fn accounts(engine: Engine, number: u64) -> Vec<String> {
    let (numbers, bytes) = match engine {
        Engine::Sqlite => (
            format!(
                "(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number}) SELECT i FROM n)"
            ),
            "randomblob(32)",
        ),
        Engine::Postgres => (
            format!("(SELECT i FROM generate_series(1, {number}) AS g (i)) AS n"),
            "sha256(('s' || i)::bytea)",
        ),
    };
    vec![
        format!(
            "INSERT INTO accounts (email, email_key, username, username_key, username_skeleton, name, role_id, \
             password_hash, created_at, updated_at) SELECT 'somebody.' || i || '@example.org', \
             'somebody.' || i || '@example.org', 'somebody_' || i, 'somebody_' || i, 'somebody_' || i, 'Some Body', 1, \
             '$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IHRoYXQgaXM$Ejm0nPPCvs1hGfzhkFJUh4fOIq7cXQgXQ7ZyTtAhhAU', \
             1767225600000 + i, 1767225600000 + i FROM {numbers}"
        ),
        format!(
            "INSERT INTO sessions (account_id, token, device, address, created_at, seen_at) SELECT i, {bytes}, \
             'Firefox · Linux', '127.0.0.0/24', 1767225600000, 1767225600000 FROM {numbers}"
        ),
    ]
}

/// Runs the program, and prints how long it took and how much memory at most.
fn measured(site: &Site, what: &str, arguments: &[&str]) -> (Duration, u64) {
    let begun = Instant::now();
    let named = std::env::var_os("VESTIBULE_TEST_PROGRAM");
    let program = named.as_deref().map_or(Path::new(PROGRAM), Path::new);
    let program = program.canonicalize().unwrap();
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(site.scratch.folder())
        .env_clear()
        .envs(site.environment())
        .spawn()
        .unwrap();
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        most = most.max(peak.and_then(|kib| kib.trim().parse().ok()).unwrap_or_default());
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(child.wait().unwrap().success());
    let took = begun.elapsed();
    println!("{what}: {:.1} s, {} MiB", took.as_secs_f64(), most >> 10);
    (took, most)
}

/// A site with so many accounts, which nobody serves.
async fn filled(engine: Engine, number: u64) -> Site {
    let site = Site::new(engine).await;
    site.start().stop();
    let pool = DbPool::connect(&site.scratch.url, 1, Duration::from_secs(5)).await.unwrap();
    for sql in accounts(engine, number) {
        match &pool {
            DbPool::Sqlite(pool) => drop(sqlx::query(AssertSqlSafe(sql)).execute(pool).await.unwrap()),
            DbPool::Postgres(pool) => {
                sqlx::raw_sql("SET statement_timeout = 0").execute(pool).await.unwrap();
                sqlx::query(AssertSqlSafe(sql)).execute(pool).await.unwrap();
            }
        }
    }
    pool.close().await;
    site
}

fn a_million(engine: Engine) {
    run(engine, async |engine| {
        let number = number();
        let site = filled(engine, number).await;
        let backup = measured(&site, &format!("{engine:?}, backup"), &["backup", "--json", "million.backup"]);
        println!("{} MiB", fs::metadata(site.path("million.backup")).unwrap().len() >> 20);
        let place = Site::new(engine).await;
        let file = site.path("million.backup");
        let file = file.to_str().unwrap();
        let restore = measured(&place, &format!("{engine:?}, restore"), &["restore", "--json", file]);
        assert_eq!(place.run(&["backup", "--json", "again.backup"]).json()["accounts"], number);
        for (took, memory) in [backup, restore] {
            assert!(took <= LONGEST && memory <= MOST_MEMORY_KIB, "{took:?} {memory} KiB");
        }
    });
}

/// The time is only printed: it is the database's, for the most part.
fn a_million_moved(engine: Engine) {
    run(Engine::Postgres, async |_| {
        let site = filled(engine, number()).await;
        let other = if engine == Engine::Sqlite { Engine::Postgres } else { Engine::Sqlite };
        let target = Scratch::new(other).await;
        let (_, memory) = measured(&site, &format!("{engine:?}, move"), &["move", "--json", &target.url]);
        assert!(memory <= MOST_MEMORY_KIB, "{memory} KiB");
    });
}

#[test]
#[ignore = "takes minutes"]
fn a_million_accounts_move_to_postgres() {
    a_million_moved(Engine::Sqlite);
}

#[test]
#[ignore = "takes minutes"]
fn a_million_accounts_move_to_sqlite() {
    a_million_moved(Engine::Postgres);
}

#[test]
#[ignore = "takes minutes"]
fn a_million_accounts_on_sqlite() {
    a_million(Engine::Sqlite);
}

#[test]
#[ignore = "takes minutes"]
fn a_million_accounts_on_postgres() {
    a_million(Engine::Postgres);
}
