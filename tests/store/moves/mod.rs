//! Stores that go from one engine to the other: every row, every number, and what is refused.

mod plug_ins;
mod refusals;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use store::moves::{MoveFault, Moved, MovedTable, move_to_postgres, move_to_sqlite};
use store::{DbPool, Engine};

use crate::copies::catalogue::{columns_of, definitions, everything, run_each};
use crate::copies::rows::fill_every_table;
use crate::engines::{Scratch, run};
use crate::fixture::{Fixture, open, pool};

const PATIENCE: Duration = Duration::from_secs(5);

/// The file of a scratch database.
fn file(scratch: &Scratch) -> PathBuf {
    scratch.url.strip_prefix("sqlite:").unwrap().into()
}

/// A pool of one connection, as the command has it.
async fn alone(scratch: &Scratch) -> DbPool {
    DbPool::connect(&scratch.url, 1, PATIENCE).await.unwrap()
}

/// Moves everything of one database into the other.
async fn moved(from: &Scratch, to: &Scratch) -> Result<Moved, MoveFault> {
    let mut told = Vec::new();
    let mut see = |progress: &store::moves::MoveProgress<'_>| told.push((progress.done, progress.total));
    let moved = match from.engine {
        Engine::Sqlite => {
            let target = alone(to).await;
            let moved = move_to_postgres(&file(from), PATIENCE, false, &target, &mut see).await;
            target.close().await;
            moved
        }
        Engine::Postgres => {
            let source = alone(from).await;
            let moved = move_to_sqlite(&source, false, &file(to), None, &mut see).await;
            source.close().await;
            moved
        }
    };
    if let Ok(moved) = &moved {
        assert_eq!(told.last(), Some(&(moved.rows(), moved.rows())));
    }
    moved
}

/// All rows but those of the migrations, which are each engine's own.
async fn rows_of(pool: &DbPool) -> BTreeMap<String, Vec<String>> {
    let mut rows = everything(pool).await;
    rows.remove("_sqlx_migrations").unwrap();
    rows
}

/// Runs a statement and ends.
async fn change(scratch: &Scratch, statements: &str) {
    let pool = pool(scratch).await;
    run_each(&pool, statements).await;
    pool.close().await;
}

/// A database of an engine in which every table has rows, and in which numbers were given that no row has.
async fn filled(engine: Engine) -> Scratch {
    let scratch = Scratch::migrated(engine).await;
    let filled = pool(&scratch).await;
    fill_every_table(&filled).await;
    filled.close().await;
    change(
        &scratch,
        match engine {
            Engine::Sqlite => {
                "UPDATE sqlite_sequence SET seq = 41 WHERE name = 'accounts'; \
                 DELETE FROM webhook_deliveries; UPDATE sqlite_sequence SET seq = 9 WHERE name = 'webhook_deliveries'"
            }
            Engine::Postgres => {
                "SELECT setval(pg_get_serial_sequence('accounts', 'id'), 41); DELETE FROM webhook_deliveries; \
                 SELECT setval(pg_get_serial_sequence('webhook_deliveries', 'id'), 9)"
            }
        },
    )
    .await;
    scratch
}

fn other(engine: Engine) -> Engine {
    match engine {
        Engine::Sqlite => Engine::Postgres,
        Engine::Postgres => Engine::Sqlite,
    }
}

/// The highest number that a table gave, as its engine notes it.
async fn reached(scratch: &Scratch, table: &str) -> i64 {
    match pool(scratch).await {
        DbPool::Sqlite(pool) => {
            let sql = sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = $1");
            sql.bind(table).fetch_one(&pool).await.unwrap()
        }
        DbPool::Postgres(pool) => {
            let sql = sqlx::query_scalar("SELECT last_value FROM pg_sequences WHERE sequencename = $1");
            sql.bind(format!("{table}_id_seq")).fetch_one(&pool).await.unwrap()
        }
    }
}

async fn goes_over_and_back(engine: Engine) {
    let first = filled(engine).await;
    let expected = rows_of(&pool(&first).await).await;
    assert!(expected.len() > 30, "{expected:?}");
    let second = Scratch::new(other(engine)).await;
    let over = moved(&first, &second).await.unwrap();
    // The source is as it was.
    assert_eq!(rows_of(&pool(&first).await).await, expected);
    let counted = |moved: &Moved| -> BTreeMap<String, u64> {
        moved.tables.iter().map(|MovedTable { name, rows, .. }| (name.clone(), *rows)).collect()
    };
    let counts: BTreeMap<_, _> =
        expected.iter().map(|(name, rows)| (name.clone(), rows.len() as u64)).collect();
    assert_eq!(counted(&over), counts);
    let there = rows_of(&pool(&second).await).await;
    assert_eq!(
        there.iter().map(|(name, rows)| (name.clone(), rows.len() as u64)).collect::<BTreeMap<_, _>>(),
        counts
    );
    let third = Scratch::new(engine).await;
    let back = moved(&second, &third).await.unwrap();
    assert_eq!(back, over, "the checksums are the same on both ways");
    assert_eq!(rows_of(&pool(&third).await).await, expected);
    for scratch in [&second, &third] {
        // Indexes, keys and triggers are those that a server makes.
        let fresh = Scratch::migrated(scratch.engine).await;
        let without_numbers = async |scratch: &Scratch| {
            let found = definitions(&pool(scratch).await).await;
            // A sequence that gave a number says so.
            found.into_iter().filter(|line| !line.contains("_id_seq,")).collect::<Vec<_>>()
        };
        assert_eq!(without_numbers(scratch).await, without_numbers(&fresh).await);
        assert_eq!(
            (reached(scratch, "accounts").await, reached(scratch, "webhook_deliveries").await),
            (41, 9)
        );
        let store = open(scratch).await;
        assert_eq!(account_in(store, "zoe").await, 42);
    }
}

/// Makes an account, and returns its number.
async fn account_in(store: store::Store, name: &str) -> i64 {
    let scratch = Scratch::new(Engine::Sqlite).await;
    Fixture { store, scratch }.account(name).await.0
}

#[test]
fn everything_goes_from_sqlite_to_postgres_and_back() {
    run(Engine::Postgres, async |_| goes_over_and_back(Engine::Sqlite).await);
}

#[test]
fn everything_goes_from_postgres_to_sqlite_and_back() {
    run(Engine::Postgres, async |_| goes_over_and_back(Engine::Postgres).await);
}

#[test]
fn many_rows_go_over_in_pieces() {
    run(Engine::Postgres, async |_| {
        let first = Scratch::migrated(Engine::Sqlite).await;
        // Texts from none to 40 KiB: longer and shorter than what goes at once.
        change(
            &first,
            "INSERT INTO accounts (email, email_key, role_id, fields, picture, created_at, updated_at) \
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) \
             SELECT 'a' || i || '@example.org', 'a' || i || '@example.org', 1, \
             substr(hex(zeroblob(20480)), 1, (i * 7919) % 40961), CASE WHEN i % 3 = 0 THEN '' END, i, -i FROM n",
        )
        .await;
        let expected = rows_of(&pool(&first).await).await;
        let (second, third) = (Scratch::new(Engine::Postgres).await, Scratch::new(Engine::Sqlite).await);
        moved(&first, &second).await.unwrap();
        moved(&second, &third).await.unwrap();
        assert_eq!(rows_of(&pool(&third).await).await, expected);
        assert!(columns_of(&pool(&third).await, "accounts").await.len() > 10);
    });
}
