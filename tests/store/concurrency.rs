//! Transactions are atomic, and no writer fails because of another.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use domain::{AccountId, ProfileChange};
use rocket::tokio::task::JoinSet;
use rocket::tokio::time::sleep;
use store::{DbPool, Engine, Linked, Store, StoreError, Tx, accounts};

use crate::engines::{Scratch, both_engines, run};
use crate::fixture::{Fixture, NOW, committed, dropped_half_way, given_up, new_account, open};

both_engines!(
    writers_wait_for_each_other_instead_of_failing,
    several_programs_write_to_one_database,
    a_dropped_transaction_leaves_nothing,
    what_is_not_committed_is_seen_by_nobody_else,
    an_account_that_is_held_stays_as_it_was_read,
    an_account_is_held_as_its_own_transaction_left_it,
    a_failed_statement_gives_up_its_transaction_and_no_more,
    a_store_without_a_free_connection_says_so_in_time,
);

async fn name_of(db: &mut impl Linked, id: AccountId) -> String {
    accounts::find(db, id).await.unwrap().unwrap().account.name
}

/// Reads, waits and writes. A deferred SQLite transaction fails at this beside another writer.
async fn append(store: &Store, id: AccountId) {
    committed(store, async |tx| {
        let present = accounts::hold_and_find(tx, id).await.unwrap().unwrap().account;
        sleep(Duration::from_millis(1)).await;
        let change = ProfileChange { name: Some(format!("{}x", present.name)), ..ProfileChange::default() };
        accounts::update_profile(tx, &present, &change, NOW).await.unwrap();
    })
    .await;
}

async fn writers_wait_for_each_other_instead_of_failing(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let mut crowd = JoinSet::new();
    for _ in 0..40 {
        let store = fixture.store.clone();
        crowd.spawn(async move { append(&store, ada).await });
    }
    crowd.join_all().await;
    let mut db = fixture.store.read().await.unwrap();
    assert_eq!(name_of(&mut db, ada).await, "x".repeat(40));
}

async fn several_programs_write_to_one_database(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    // A separate store does not share the semaphore for writers, like another process.
    let stores = [fixture.store.clone(), open(&fixture.scratch).await, open(&fixture.scratch).await];
    let mut crowd = JoinSet::new();
    for store in stores.iter().cycle().take(30) {
        let store = store.clone();
        crowd.spawn(async move { append(&store, ada).await });
    }
    crowd.join_all().await;
    let mut db = fixture.store.read().await.unwrap();
    assert_eq!(name_of(&mut db, ada).await, "x".repeat(30));
}

async fn a_dropped_transaction_leaves_nothing(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    for dropped in [true, false, true] {
        let work = async |tx: &mut Tx| {
            let id = accounts::insert(tx, &new_account("ada"), NOW).await.unwrap();
            assert!(accounts::find(tx, id).await.unwrap().is_some());
        };
        if dropped {
            dropped_half_way(&fixture.store, work).await
        } else {
            given_up(&fixture.store, work).await
        }
        let mut db = fixture.store.read().await.unwrap();
        assert!(accounts::find_by_identifier(&mut db, "ada").await.unwrap().is_none());
    }
    // A dropped transaction gives its turn to the next writer.
    for _ in 0..10 {
        dropped_half_way(&fixture.store, async |_| ()).await;
    }
    fixture.account("ada").await;
}

async fn what_is_not_committed_is_seen_by_nobody_else(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let (id, mut db) = committed(&fixture.store, async |tx| {
        let id = accounts::insert(tx, &new_account("ada"), NOW).await.unwrap();
        let mut db = fixture.store.read().await.unwrap();
        assert!(accounts::find(&mut db, id).await.unwrap().is_none());
        (id, db)
    })
    .await;
    assert!(accounts::find(&mut db, id).await.unwrap().is_some());
}

/// Polls `future` once; returns whether it is pending.
async fn is_pending(mut future: Pin<&mut impl Future<Output = ()>>) -> bool {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_pending())).await
}

async fn an_account_that_is_held_stays_as_it_was_read(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let mut other = pin!(append(&fixture.store, ada));
    // On SQLite this transaction has the turn to write. On PostgreSQL the server reports which transactions
    // wait for a lock.
    let waits = async || match engine {
        Engine::Sqlite => true,
        Engine::Postgres => fixture.scratch.blocked().await > 0,
    };
    committed(&fixture.store, async |tx| {
        accounts::hold(tx, ada).await.unwrap();
        loop {
            assert!(is_pending(other.as_mut()).await, "it was changed under our hands");
            if waits().await {
                break;
            }
        }
        assert_eq!(name_of(tx, ada).await, "");
        assert!(is_pending(other.as_mut()).await, "it was changed under our hands");
    })
    .await;
    other.await;
    let mut db = fixture.store.read().await.unwrap();
    assert_eq!(name_of(&mut db, ada).await, "x");
}

async fn an_account_is_held_as_its_own_transaction_left_it(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    for before in ["", "Ada"] {
        committed(&fixture.store, async |tx| {
            let found = accounts::hold_and_find(tx, ada).await.unwrap().unwrap().account;
            assert_eq!(found.name, before);
            for name in ["Countess", "Ada"] {
                let change = ProfileChange { name: Some(name.into()), ..ProfileChange::default() };
                accounts::update_profile(tx, &found, &change, NOW).await.unwrap();
                let again = accounts::hold_and_find(tx, ada).await.unwrap().unwrap();
                assert_eq!(again.account.name, name);
            }
            assert!(accounts::hold_and_find(tx, AccountId(ada.0 + 1)).await.unwrap().is_none());
        })
        .await;
    }
}

async fn a_failed_statement_gives_up_its_transaction_and_no_more(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    fixture.account("ada").await;
    for _ in 0..20 {
        given_up(&fixture.store, async |tx| {
            accounts::insert(tx, &new_account("bob"), NOW).await.unwrap();
            let refused = accounts::insert(tx, &new_account("ada"), NOW).await;
            assert!(matches!(refused, Err(StoreError::Conflict(_))));
        })
        .await;
    }
    let mut db = fixture.store.read().await.unwrap();
    assert!(accounts::find_by_identifier(&mut db, "bob").await.unwrap().is_none());
}

async fn a_store_without_a_free_connection_says_so_in_time(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let pool = DbPool::connect(&fixture.scratch.url, 1, Duration::from_millis(200)).await.unwrap();
    let store = Store::open(pool).await.unwrap();
    let held = store.read().await.unwrap();
    assert!(matches!(store.read().await.map(drop), Err(StoreError::Unavailable(_))));
    let begun = store.transact(async |_| Ok::<_, StoreError>(())).await;
    assert!(matches!(begun, Err(StoreError::Unavailable(_))));
    drop(held);
    store.ping().await.unwrap();
    dropped_half_way(&store, async |_| ()).await;
    store.close().await;
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
}

#[test]
fn what_is_committed_survives_the_end_of_the_program_at_any_moment() {
    run(Engine::Sqlite, async |engine| {
        let fixture = Fixture::new(engine).await;
        let ada = fixture.account("ada").await;
        given_up(&fixture.store, async |tx| {
            let bob = accounts::insert(tx, &new_account("bob"), NOW).await.unwrap();
            // A copy of the files now is what a killed program leaves behind.
            let left = Scratch::new(engine).await;
            for entry in std::fs::read_dir(fixture.scratch.folder()).unwrap() {
                let file = entry.unwrap();
                std::fs::copy(file.path(), left.folder().join(file.file_name())).unwrap();
            }
            let after = open(&left).await;
            let mut db = after.read().await.unwrap();
            assert!(accounts::find(&mut db, ada).await.unwrap().is_some());
            assert!(accounts::find(&mut db, bob).await.unwrap().is_none());
        })
        .await;
    });
}
