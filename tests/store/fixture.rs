//! An open store over a scratch database, and rows to put into it.

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

    /// An account with this username.
    pub async fn account(&self, username: &str) -> AccountId {
        committed(&self.store, async |tx| accounts::insert(tx, &new_account(username), NOW).await.unwrap())
            .await
    }

    pub async fn session(&self, account_id: AccountId, now: Millis) -> (SessionId, TokenDigest) {
        let token = digest();
        let new =
            NewSession {
                account_id, token, browser_label: "Firefox · Linux".into(), ip: "127.0.0.1".into()
            };
        let id = committed(&self.store, async |tx| sessions::insert(tx, &new, now).await.unwrap()).await;
        (id, token)
    }

    /// Runs a statement behind the store's back.
    pub async fn sql(&self, statement: &'static str) {
        match pool(&self.scratch).await {
            DbPool::Sqlite(pool) => drop(sqlx::query(statement).execute(&pool).await.unwrap()),
            DbPool::Postgres(pool) => drop(sqlx::query(statement).execute(&pool).await.unwrap()),
        }
    }
}

/// Commits what `work` does.
pub async fn committed<T>(store: &Store, work: impl AsyncFnOnce(&mut Tx) -> T) -> T {
    store.transact(async |tx| Ok::<_, StoreError>(work(tx).await)).await.unwrap()
}

/// Rolls back what `work` does.
pub async fn given_up<T>(store: &Store, work: impl AsyncFnOnce(&mut Tx) -> T) -> T {
    match store.transact(async |tx| Err::<Infallible, _>(No(work(tx).await))).await {
        Err(No(done)) => done,
        Err(Failed(error)) => panic!("{error}"),
    }
}

/// Drops the transaction after what `work` does, as a request does whose client has gone.
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

/// Why a transaction is rolled back.
enum GivenUp<T> {
    No(T),
    Failed(StoreError),
}

impl<T> From<StoreError> for GivenUp<T> {
    fn from(error: StoreError) -> Self {
        Failed(error)
    }
}

/// Another store over the same database.
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
    }
}

/// The digest of a new secret.
pub fn digest() -> TokenDigest {
    Token::generate(&OsRandom).digest()
}
