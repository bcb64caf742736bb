//! Rows of an earlier version survive the migrations and keep their meaning.

use std::collections::BTreeMap;
use std::path::Path;

use domain::Role;
use sqlx::AssertSqlSafe;
use sqlx::migrate::Migrator;
use store::{DbPool, Engine, accounts, api_keys};

use crate::engines::{Scratch, both_engines};
use crate::fixture::{Fixture, open, pool};

both_engines!(rows_of_an_earlier_version_are_kept_and_mean_the_same);

/// The last migration of the earlier version, and a row for each of its tables.
const VERSION: &str = "0004";
const ROWS: &str = include_str!("upgrade/0004.sql");

/// Number of that version's tables with a row. Some have other names today.
const TABLES: usize = 9;

/// Runs the migrations up to `VERSION`, and writes the rows.
async fn earlier(scratch: &Scratch) {
    let (name, blob): (_, fn(&str) -> String) = match scratch.engine {
        Engine::Sqlite => ("sqlite", |byte| format!("X'{}'", byte.repeat(32))),
        Engine::Postgres => ("postgres", |byte| format!("'\\x{}'", byte.repeat(32))),
    };
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(name);
    let some = scratch.folder().join("earlier");
    std::fs::create_dir(&some).unwrap();
    for entry in std::fs::read_dir(all).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_str().unwrap()[..4] <= *VERSION {
            std::fs::copy(entry.path(), some.join(entry.file_name())).unwrap();
        }
    }
    let rows = (1..10).fold(ROWS.to_owned(), |rows, number| {
        rows.replace(&format!("BLOB({number})"), &blob(&format!("{number:02x}")))
    });
    let migrator = Migrator::new(some).await.unwrap();
    match pool(scratch).await {
        DbPool::Sqlite(pool) => {
            migrator.run(&pool).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(rows)).execute(&pool).await.unwrap();
            pool.close().await;
        }
        DbPool::Postgres(pool) => {
            migrator.run(&pool).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(rows)).execute(&pool).await.unwrap();
            pool.close().await;
        }
    }
}

/// The number of rows of each table.
async fn counts(scratch: &Scratch) -> BTreeMap<String, i64> {
    let names = match scratch.engine {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Engine::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
    };
    let mut counts = BTreeMap::new();
    match pool(scratch).await {
        DbPool::Sqlite(pool) => {
            for name in sqlx::query_scalar::<_, String>(names).fetch_all(&pool).await.unwrap() {
                let count = AssertSqlSafe(format!("SELECT COUNT(*) FROM {name}"));
                counts.insert(name, sqlx::query_scalar(count).fetch_one(&pool).await.unwrap());
            }
        }
        DbPool::Postgres(pool) => {
            for name in sqlx::query_scalar::<_, String>(names).fetch_all(&pool).await.unwrap() {
                let count = AssertSqlSafe(format!("SELECT COUNT(*) FROM {name}"));
                counts.insert(name, sqlx::query_scalar(count).fetch_one(&pool).await.unwrap());
            }
        }
    }
    counts.remove("_sqlx_migrations");
    counts.remove("roles");
    counts.remove("readiness");
    counts
}

async fn rows_of_an_earlier_version_are_kept_and_mean_the_same(engine: Engine) {
    let scratch = Scratch::new(engine).await;
    earlier(&scratch).await;
    let before = counts(&scratch).await;
    assert_eq!(before.values().filter(|count| **count == 1).count(), TABLES, "{before:?}");

    let store = open(&scratch).await;
    let after = counts(&scratch).await;
    assert_eq!(after.values().sum::<i64>(), before.values().sum::<i64>(), "{after:?}");

    let mut db = store.read().await.unwrap();
    let found = accounts::find_by_identifier(&mut db, "ada").await.unwrap().unwrap();
    assert_eq!(found.password_expires_at, None, "a chosen password does not end");
    let found = found.account;
    assert_eq!((found.id.0, found.email.as_str(), found.name.as_str()), (1, "Ada@example.org", "Ada"));
    assert_eq!(found.picture.map(|picture| picture.to_stored()).as_deref(), Some("aa.png"));
    assert_eq!(found.verified_at.map(|at| at.0), Some(1_700_000_000_001));
    drop(db);

    // A key that could give roles up to the second lists these. Its scope is none of today's.
    let fixture = Fixture { store, scratch };
    fixture.sql("UPDATE api_keys SET scopes = 'accounts:read'").await;
    let keys = api_keys::list(&mut fixture.store.read().await.unwrap()).await.unwrap();
    assert_eq!(keys[0].roles, [Role::MEMBER, Role::EDITOR]);

    let signed_in_before = async |id| {
        let asked = fixture.store.transact(async |tx| accounts::signed_in_before(tx, id).await);
        asked.await.unwrap()
    };
    assert!(signed_in_before(found.id).await, "there are traces of it");

    // The upgraded database takes new rows as a fresh one does, and does not reuse a number.
    let bob = fixture.account("bob").await;
    assert_eq!(bob.0, 2);
    assert!(!signed_in_before(bob).await);
}
