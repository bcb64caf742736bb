//! An open store over a scratch database, and rows to put into it.

use std::time::Duration;

use vestibule::domain::{
    AccountId, Device, EmailAddress, Millis, OsRandom, ProfileChange, Role, SessionId, Token, TokenDigest,
    Username,
};
use vestibule::store::accounts::{self, NewAccount};
use vestibule::store::sessions::{self, NewSession};
use vestibule::store::{DbPool, Engine, Store};

use crate::engines::Scratch;

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
        let mut tx = self.store.write().await.unwrap();
        let id = accounts::insert(&mut tx, &new_account(username), NOW).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    pub async fn session(&self, account_id: AccountId, now: Millis) -> (SessionId, TokenDigest) {
        let token = digest();
        let device = Device { label: "Firefox · Linux".into(), address: "127.0.0.1".into() };
        let mut tx = self.store.write().await.unwrap();
        let id = sessions::insert(&mut tx, &NewSession { account_id, token, device }, now).await.unwrap();
        tx.commit().await.unwrap();
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

/// Another store over the same database.
pub async fn open(scratch: &Scratch) -> Store {
    Store::open(pool(scratch).await).await.unwrap()
}

pub async fn pool(scratch: &Scratch) -> DbPool {
    DbPool::connect(&scratch.url, 6, Duration::from_secs(5)).await.unwrap()
}

pub fn new_account(username: &str) -> NewAccount {
    NewAccount {
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
