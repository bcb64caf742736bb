//! Notifications of committed changes, for caches in memory.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{ProfileChange, Username};
use rocket::tokio::time::{Instant, sleep};
use store::{Change, ChangeListener, Engine, Store, Tx, accounts, sessions};

use crate::engines::{both_engines, run};
use crate::fixture::{Fixture, NOW, committed, dropped_half_way, given_up, open};

both_engines!(
    what_is_committed_is_told_at_once_and_what_is_given_up_never,
    every_change_that_a_copy_would_miss_is_told,
);

#[derive(Default)]
struct Reader {
    heard: Mutex<Vec<Change>>,
    lost: Mutex<u32>,
}

impl ChangeListener for Reader {
    fn changed(&self, change: &Change) {
        self.heard.lock().unwrap().push(change.clone());
    }

    fn lost_track(&self) {
        *self.lost.lock().unwrap() += 1;
    }
}

impl Reader {
    async fn of(store: &Store) -> Arc<Self> {
        let reader = Arc::new(Self::default());
        store.subscribe(reader.clone());
        within(async || store.in_step()).await;
        reader
    }

    fn take(&self) -> Vec<Change> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }
}

async fn within(condition: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !condition().await {
        assert!(started.elapsed() < Duration::from_secs(5));
        sleep(Duration::from_millis(5)).await;
    }
}

async fn what_is_committed_is_told_at_once_and_what_is_given_up_never(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let (id, token) = fixture.session(ada, NOW).await;
    let reader = Reader::of(&fixture.store).await;
    for dropped in [true, false] {
        let work = async |tx: &mut Tx| assert!(sessions::end(tx, ada, id).await.unwrap());
        if dropped {
            dropped_half_way(&fixture.store, work).await
        } else {
            given_up(&fixture.store, work).await
        }
        assert_eq!(reader.take(), []);
    }
    committed(&fixture.store, async |tx| {
        sessions::end(tx, ada, id).await.unwrap();
        assert_eq!(reader.take(), []);
    })
    .await;
    assert_eq!(reader.take()[..2], [Change::SessionEnded(token), Change::Account(ada)]);
}

#[test]
fn what_another_process_commits_to_sqlite_is_noticed_however_busy_this_one_is() {
    run(Engine::Sqlite, async |engine| {
        let fixture = Fixture::new(engine).await;
        let (ada, bob) = (fixture.account("ada").await, fixture.account("bob").await);
        let reader = Reader::of(&fixture.store).await;
        let lost = || *reader.lost.lock().unwrap();
        let at_first = lost();
        for _ in 0..20 {
            fixture.session(ada, NOW).await;
            assert!(fixture.store.in_step());
        }
        assert_eq!(lost(), at_first, "its own commits are no news");

        // Another store over the file is like another process: neither announces anything to the other.
        let other = open(&fixture.scratch).await;
        let store = fixture.store.clone();
        let busy = rocket::tokio::spawn(async move {
            loop {
                committed(&store, async |tx| sessions::keep_newest(tx, ada, 1).await.unwrap()).await;
                committed(&store, async |tx| {
                    let present = accounts::find(tx, ada).await.unwrap().unwrap().account;
                    accounts::update_profile(tx, &present, &ProfileChange::default(), NOW).await.unwrap();
                })
                .await;
            }
        });
        for number in 0..100 {
            let before = lost();
            let name = Some(number.to_string());
            committed(&other, async |tx| {
                let present = accounts::find(tx, bob).await.unwrap().unwrap().account;
                let change = ProfileChange { name: name.clone(), ..ProfileChange::default() };
                accounts::update_profile(tx, &present, &change, NOW).await.unwrap();
            })
            .await;
            // Copies may be refused for a while. Once they are believed, those of before are forgotten.
            within(async || fixture.store.in_step()).await;
            assert!(lost() > before, "commit {number} was not noticed");
        }
        busy.abort();
    });
}

async fn every_change_that_a_copy_would_miss_is_told(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ada = fixture.account("ada").await;
    let reader = Reader::of(&fixture.store).await;
    let told = |change: Change| assert!(reader.take().contains(&change), "{change:?}");
    let (kept, _) = fixture.session(ada, NOW).await;
    told(Change::Account(ada));
    let (_, token) = fixture.session(ada, NOW).await;
    told(Change::Account(ada));

    committed(&fixture.store, async |tx| {
        sessions::end_all(tx, ada, Some(kept)).await.unwrap();
    })
    .await;
    told(Change::SessionEnded(token));

    committed(&fixture.store, async |tx| {
        let present = accounts::find(tx, ada).await.unwrap().unwrap().account;
        accounts::update_profile(tx, &present, &ProfileChange::default(), NOW).await.unwrap();
    })
    .await;
    told(Change::Account(ada));

    committed(&fixture.store, async |tx| {
        accounts::set_username(tx, ada, &Username::parse("countess").unwrap(), NOW).await.unwrap();
    })
    .await;
    told(Change::Account(ada));

    committed(&fixture.store, async |tx| {
        accounts::set_picture(tx, ada, None, NOW).await.unwrap();
    })
    .await;
    told(Change::Account(ada));
}

#[test]
fn a_store_is_told_what_others_commit_and_knows_when_it_may_have_missed_something() {
    run(Engine::Postgres, async |engine| {
        let fixture = Fixture::new(engine).await;
        let ada = fixture.account("ada").await;
        let (id, token) = fixture.session(ada, NOW).await;
        let other = open(&fixture.scratch).await;
        assert!(!other.in_step(), "nothing was heard yet");
        let reader = Reader::of(&other).await;
        let lost_at_first = *reader.lost.lock().unwrap();
        committed(&fixture.store, async |tx| {
            sessions::end(tx, ada, id).await.unwrap();
        })
        .await;
        within(async || reader.heard.lock().unwrap().contains(&Change::SessionEnded(token))).await;

        fixture.scratch.shut_out().await;
        within(async || !other.in_step()).await;
        fixture.scratch.let_in().await;
        within(async || other.in_step()).await;
        assert!(*reader.lost.lock().unwrap() > lost_at_first);
    });
}
