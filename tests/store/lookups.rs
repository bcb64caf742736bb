//! Rows that are looked up by themselves: what others wrote is seen at once, and nobody's writing suffers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rocket::tokio::task::JoinSet;
use rocket::tokio::time::sleep;
use vestibule::domain::EmailAddress;
use vestibule::store::{DbPool, Engine, Link, Linked, Store, accounts};

use crate::engines::{both_engines, run};
use crate::fixture::{Fixture, NOW, committed, new_account, open, pool};

both_engines!(what_others_write_is_seen_by_the_next_look_up);

fn ada() -> EmailAddress {
    EmailAddress::parse("ada@example.org").unwrap()
}

async fn what_others_write_is_seen_by_the_next_look_up(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    // A store of its own gives no notice to the other, as another process does not.
    let other = open(&fixture.scratch).await;
    for _ in 0..20 {
        assert_eq!(accounts::id_of(&fixture.store, &ada()).await.unwrap(), None);
        let id = committed(&other, async |tx| {
            let id = accounts::insert(tx, &new_account("ada"), NOW).await.unwrap();
            assert_eq!(accounts::id_of(&fixture.store, &ada()).await.unwrap(), None);
            id
        })
        .await;
        assert_eq!(accounts::id_of(&fixture.store, &ada()).await.unwrap(), Some(id));
        assert_eq!(accounts::id_of(&other, &ada()).await.unwrap(), Some(id));
        fixture.sql("DELETE FROM accounts").await;
    }
}

/// Two clients that look up without end, until [`Looking::end`].
struct Looking(Arc<AtomicBool>, JoinSet<()>);

impl Looking {
    fn begin(fixture: &Fixture) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let mut clients = JoinSet::new();
        for _ in 0..2 {
            let (store, over) = (fixture.store.clone(), over.clone());
            clients.spawn(async move {
                while !over.load(Ordering::Relaxed) {
                    accounts::id_of(&store, &ada()).await.unwrap();
                    rocket::tokio::task::yield_now().await;
                }
            });
        }
        Self(over, clients)
    }

    async fn end(self) {
        self.0.store(true, Ordering::Relaxed);
        self.1.join_all().await;
    }
}

/// Bytes of the log. SQLite begins it anew at four, once everything in it is in the database too and nobody reads it.
fn log_size(fixture: &Fixture) -> u64 {
    std::fs::metadata(fixture.scratch.folder().join("test.sqlite-wal")).unwrap().len()
}

/// Megabytes of the log after `store` wrote forty, while others looked up through the fixture's.
async fn log_after_writing(fixture: &Fixture, store: &Store, pause: Duration) -> u64 {
    fixture.sql("CREATE TABLE ballast (content BLOB NOT NULL)").await;
    let looking = Looking::begin(fixture);
    for _ in 0..200 {
        committed(store, async |tx| {
            let Link::Sqlite(c) = tx.link() else { unreachable!() };
            sqlx::query("INSERT INTO ballast VALUES (randomblob(200000))").execute(c).await.unwrap();
        })
        .await;
        sleep(pause).await;
    }
    let size = log_size(fixture) >> 20;
    looking.end().await;
    size
}

#[test]
fn the_log_does_not_grow_while_somebody_always_looks_up() {
    run(Engine::Sqlite, async |engine| {
        let fixture = Fixture::new(engine).await;
        let size = log_after_writing(&fixture, &fixture.store, Duration::ZERO).await;
        assert!(size < 20, "{size} MB");
    });
}

#[test]
fn nor_does_it_while_another_program_writes() {
    run(Engine::Sqlite, async |engine| {
        let fixture = Fixture::new(engine).await;
        let other = open(&fixture.scratch).await;
        let size = log_after_writing(&fixture, &other, Duration::from_millis(20)).await;
        assert!(size < 25, "{size} MB");
    });
}

#[test]
fn nothing_is_held_once_nobody_looks_up_any_more() {
    run(Engine::Sqlite, async |engine| {
        let fixture = Fixture::new(engine).await;
        let DbPool::Sqlite(other) = pool(&fixture.scratch).await else { unreachable!() };
        let emptied = async || {
            let (busy, ..): (i64, i64, i64) =
                sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&other).await.unwrap();
            busy == 0
        };
        let looking = Looking::begin(&fixture);
        sleep(Duration::from_millis(300)).await;
        looking.end().await;
        let began = Instant::now();
        sqlx::query("CREATE TABLE later (id INTEGER)").execute(&other).await.unwrap();
        while !emptied().await {
            assert!(began.elapsed() < Duration::from_secs(2), "somebody still reads");
            sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(log_size(&fixture), 0);
    });
}
