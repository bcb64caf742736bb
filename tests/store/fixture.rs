//! An open store over a scratch database, and rows for it.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use domain::{
    AccountId, EmailAddress, Millis, OsRandom, ProfileChange, Role, SessionId, Token, TokenDigest, Username,
};
use rocket::tokio::select;
use rocket::tokio::sync::oneshot;
use store::accounts::{self, NewAccountRow};
use store::sessions::{self, NewSession};
use store::{DbPool, Engine, Store, StoreError, Tx};

use crate::engines::Scratch;
use GivenUp::{Failed, No};

pub const NOW: Millis = Millis(1_767_225_600_000);

pub struct Fixture {
    pub store: Store,
    pub scratch: Scratch,
}

impl Fixture {
    pub async fn new(engine: Engine) -> Self {
        let scratch = Scratch::migrated(engine).await;
        let store = open(&scratch).await;
        Self { store, scratch }
    }

    /// Creates an account with this username.
    pub async fn account(&self, username: &str) -> AccountId {
        committed(&self.store, async |tx| accounts::insert(tx, &new_account(username), NOW).await.unwrap())
            .await
    }

    pub async fn session(&self, account_id: AccountId, now: Millis) -> (SessionId, TokenDigest) {
        let token = digest();
        let new = NewSession {
            account_id,
            token,
            browser_label: "Firefox · Linux".into(),
            place: "127.0.0.0/24".into(),
            factors: domain::Factors::only(domain::Factor::Password),
        };
        let id = committed(&self.store, async |tx| sessions::insert(tx, &new, now).await.unwrap()).await;
        (id, token)
    }

    /// Runs a statement without the store.
    pub async fn sql(&self, statement: &'static str) {
        match pool(&self.scratch).await {
            DbPool::Sqlite(pool) => drop(sqlx::query(statement).execute(&pool).await.unwrap()),
            DbPool::Postgres(pool) => drop(sqlx::query(statement).execute(&pool).await.unwrap()),
        }
    }
}

/// Runs `work` in a transaction and commits it.
pub async fn committed<T>(store: &Store, work: impl AsyncFnOnce(&mut Tx) -> T) -> T {
    store.transact(async |tx| Ok::<_, StoreError>(work(tx).await)).await.unwrap()
}

/// Runs `work` in a transaction and rolls it back.
pub async fn given_up<T>(store: &Store, work: impl AsyncFnOnce(&mut Tx) -> T) -> T {
    match store.transact(async |tx| Err::<Infallible, _>(No(work(tx).await))).await {
        Err(No(done)) => done,
        Err(Failed(error)) => panic!("{error}"),
    }
}

/// Drops the transaction after `work`, as a request does when its client disconnects.
pub async fn dropped_half_way<T>(store: &Store, work: impl AsyncFnOnce(&mut Tx) -> T) -> T {
    let (told, done) = oneshot::channel();
    let transaction = store.transact(async |tx| {
        drop(told.send(work(tx).await));
        pending::<Result<(), StoreError>>().await
    });
    select! {
        ended = transaction => panic!("the transaction ended by itself: {ended:?}"),
        done = done => done.unwrap(),
    }
}

/// The reason for a rollback.
enum GivenUp<T> {
    No(T),
    Failed(StoreError),
}

impl<T> From<StoreError> for GivenUp<T> {
    fn from(error: StoreError) -> Self {
        Failed(error)
    }
}

/// Opens another store over the same database.
pub async fn open(scratch: &Scratch) -> Store {
    Store::open(pool(scratch).await).await.unwrap()
}

pub async fn pool(scratch: &Scratch) -> DbPool {
    DbPool::connect(&scratch.url, 6, Duration::from_secs(5)).await.unwrap()
}

pub fn new_account(username: &str) -> NewAccountRow {
    NewAccountRow {
        email: EmailAddress::parse(&format!("{username}@example.org")).unwrap(),
        username: Some(Username::parse(username).unwrap()),
        role: Role::MEMBER,
        profile: ProfileChange::default(),
        password_hash: Some(format!("hash of {username}")),
        approval_wanted: false,
        terms: None,
    }
}

pub fn digest() -> TokenDigest {
    Token::generate(&OsRandom).digest()
}
