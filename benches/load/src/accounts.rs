//! Accounts for the measurements, written to the database before the server starts.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::{
    Clock as _, EmailAddress, OsRandom, ProfileChange, Random as _, Role, SystemClock, Token, Username,
};
use hasher::{Hasher, HasherSettings};
use store::accounts::{self, NewAccountRow};
use store::sessions::{self, NewSession};
use store::{DbPool, Store};

use crate::Outcome;

/// The password of every account.
pub const PASSWORD: &str = "a vestibule has two doors";

/// A signed-in account.
#[derive(Clone)]
pub struct Somebody {
    pub email: String,
    /// The session's secret.
    pub session: String,
}

/// URL of the database that the server creates in its data folder.
pub fn database_in(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("vestibule.sqlite").display())
}

/// Creates `count` accounts with a password and a session.
pub async fn make(url: &str, count: usize) -> Outcome<Vec<Somebody>> {
    make_named(url, count, |number| format!("somebody.{number}@example.org")).await
}

/// As [`make`], with addresses from `address`.
pub async fn make_named(
    url: &str,
    count: usize,
    address: impl Fn(usize) -> String,
) -> Outcome<Vec<Somebody>> {
    let hasher = Hasher::start(&HasherSettings::default(), Arc::new(|salt: &mut [u8]| OsRandom.fill(salt)))?;
    let hash = hasher.hash(PASSWORD.as_bytes().to_vec().into(), 0).await?.into_string();
    let store = Store::open(DbPool::connect(url, 1, Duration::from_secs(5)).await?).await?;
    let now = SystemClock.now();
    let mut everybody = Vec::with_capacity(count);
    store
        .transact(async |tx| {
            for number in 0..count {
                let email = address(number);
                let text = |text: &str| Some(text.to_owned());
                let account = NewAccountRow {
                    email: EmailAddress::parse(&email).map_err(|code| format!("{code:?}"))?,
                    username: Some(
                        Username::parse(&format!("somebody_{number}")).map_err(|code| format!("{code:?}"))?,
                    ),
                    role: Role::MEMBER,
                    profile: ProfileChange {
                        name: Some(format!("Some Body {number}")),
                        firstname: text("Some"),
                        lastname: text("Body"),
                        ..ProfileChange::default()
                    },
                    password_hash: Some(hash.clone()),
                    approval_wanted: false,
                    terms: None,
                };
                let account_id = accounts::insert(tx, &account, now).await?;
                let session = Token::generate(&OsRandom);
                let new = NewSession {
                    account_id,
                    token: session.digest(),
                    browser_label: "Firefox · Linux".into(),
                    place: "127.0.0.0/24".into(),
                    factors: domain::Factors::only(domain::Factor::Password),
                };
                sessions::insert(tx, &new, now).await?;
                everybody.push(Somebody { email, session: session.reveal().to_owned() });
            }
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        })
        .await?;
    store.close().await;
    Ok(everybody)
}
