//! Clients take turns at the database, and the writes of one account wait outside of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rocket::tokio::sync::oneshot;
use rocket::tokio::task::{JoinSet, yield_now};
use rocket::tokio::time::{sleep, timeout};
use store::{DbPool, Engine, Store, StoreError, on_behalf_of};

use crate::engines::both_engines;
use crate::fixture::Fixture;

both_engines!(
    behind_hundreds_of_one_client_another_waits_for_one_connection,
    behind_hundreds_of_one_client_another_waits_for_one_write,
    writes_to_one_account_wait_without_a_connection,
    a_client_may_have_only_so_many_calls_that_wait,
);

const MANY: u64 = 1;
const FEW: u64 = 2;
const PATIENCE: Duration = Duration::from_secs(60);

/// A store with so many connections, in which nobody loses patience.
async fn store_with(fixture: &Fixture, connections: u32) -> Store {
    let pool = DbPool::connect(&fixture.scratch.url, connections, PATIENCE).await.unwrap();
    Store::open(pool).await.unwrap()
}

type Served = Arc<Mutex<Vec<u64>>>;

/// Lets tasks that were just spawned run up to where they wait.
async fn settle() {
    for _ in 0..2_000 {
        yield_now().await;
    }
}

/// Waits until so many calls stand in the store's lines.
async fn lined_up(store: &Store, calls: usize) {
    let standing = async {
        loop {
            let figures = store.pool_figures();
            if figures.waiting + figures.waiting_to_write >= calls {
                return;
            }
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(PATIENCE, standing).await.unwrap();
}

/// Starts 200 calls of one client and then one of another while `held` holds what they wait for; returns the
/// place of the other in the order in which they were served.
async fn place_of_the_other<F, H>(store: &Store, call: impl Fn(u64, Served) -> F, held: H) -> usize
where
    F: Future<Output = ()> + Send + 'static,
{
    let served = Served::default();
    let mut calls = JoinSet::new();
    for _ in 0..200 {
        calls.spawn(on_behalf_of(MANY, call(MANY, served.clone())));
    }
    lined_up(store, 200).await;
    calls.spawn(on_behalf_of(FEW, call(FEW, served.clone())));
    lined_up(store, 201).await;
    drop(held);
    timeout(PATIENCE, calls.join_all()).await.unwrap();
    let served = served.lock().unwrap();
    assert_eq!(served.len(), 201);
    served.iter().position(|client| *client == FEW).unwrap()
}

async fn behind_hundreds_of_one_client_another_waits_for_one_connection(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let store = store_with(&fixture, 1).await;
    let held = store.read().await.unwrap();
    let call = |client, served: Served| {
        let store = store.clone();
        async move {
            let _db = store.read().await.unwrap();
            served.lock().unwrap().push(client);
        }
    };
    let place = place_of_the_other(&store, call, held).await;
    assert!(place <= 2, "{place} were served before");
}

async fn behind_hundreds_of_one_client_another_waits_for_one_write(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let store = store_with(&fixture, if engine == Engine::Sqlite { 3 } else { 1 }).await;
    let (begun, has_begun) = oneshot::channel();
    let (end, ends) = oneshot::channel::<()>();
    let holder = store.clone();
    let holding = rocket::tokio::spawn(async move {
        let held = holder.transact(async |_| {
            let _ = begun.send(());
            let _ = ends.await;
            Ok::<_, StoreError>(())
        });
        held.await.unwrap();
    });
    has_begun.await.unwrap();
    let call = |client, served: Served| {
        let store = store.clone();
        async move {
            let written = store.transact(async |_| {
                served.lock().unwrap().push(client);
                Ok::<_, StoreError>(())
            });
            written.await.unwrap();
        }
    };
    let place = place_of_the_other(&store, call, end).await;
    holding.await.unwrap();
    assert!(place <= 2, "{place} were served before");
}

async fn writes_to_one_account_wait_without_a_connection(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let (ada, bob) = (fixture.account("ada").await, fixture.account("bob").await);
    // SQLite has one writer, so there the account's write is held before it begins.
    let store = store_with(&fixture, 2).await;
    let (begun, has_begun) = oneshot::channel();
    let (end, ends) = oneshot::channel::<()>();
    let holder = store.clone();
    let holding = rocket::tokio::spawn(async move {
        let held = holder.transact_on(ada, async |_| {
            let _ = begun.send(());
            let _ = ends.await;
            Ok::<_, StoreError>(())
        });
        held.await.unwrap();
    });
    has_begun.await.unwrap();
    let mut waiting = JoinSet::new();
    for client in 0..20 {
        let store = store.clone();
        let write = async move { store.transact_on(ada, async |_| Ok::<_, StoreError>(())).await };
        waiting.spawn(on_behalf_of(client, write));
    }
    settle().await;
    // One connection is the holder's. The other is free, although twenty wait to write.
    timeout(PATIENCE, store.ping()).await.unwrap().unwrap();
    if engine == Engine::Postgres {
        let other = store.transact_on(bob, async |_| Ok::<_, StoreError>(()));
        timeout(PATIENCE, other).await.unwrap().unwrap();
    }
    drop(end);
    holding.await.unwrap();
    for written in waiting.join_all().await {
        written.unwrap();
    }
    let after = store.transact_on(bob, async |_| Ok::<_, StoreError>(()));
    after.await.unwrap();
}

async fn a_client_may_have_only_so_many_calls_that_wait(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let store = store_with(&fixture, 1).await;
    let held = store.read().await.unwrap();
    let mut waiting = JoinSet::new();
    for _ in 0..400 {
        let store = store.clone();
        waiting.spawn(on_behalf_of(MANY, async move { store.ping().await }));
    }
    let refused = async {
        let mut refused = 0;
        while refused < 400 - 256 {
            let outcome = waiting.join_next().await.unwrap().unwrap();
            assert!(matches!(outcome, Err(StoreError::Crowded)), "{outcome:?}");
            refused += 1;
        }
    };
    timeout(PATIENCE, refused).await.unwrap();
    let other = store.clone();
    waiting.spawn(on_behalf_of(FEW, async move { other.ping().await }));
    settle().await;
    drop(held);
    assert!(waiting.join_all().await.iter().all(Result::is_ok));
}
