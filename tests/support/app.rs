//! A server as in production, over a scratch database, with a clock that tests move.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use domain::{Actor, Clock, Millis, OsRandom, Role, Scope, Verification};
use listener::Server;
use rocket::figment::Figment;
use rocket::figment::providers::{Format as _, Serialized, Toml};
use rocket::tokio::sync::oneshot;
use rocket::tokio::time::{Instant, sleep};
use rocket::{Build, Rocket};
use sqlx::AssertSqlSafe;
use store::{DbPool, Engine, Store};
use vestibule::plugin::{
    ClockAndRandom, Config,
    api_keys::{self, NewKey},
};

use super::client::Visitor;
use super::mail;
use crate::engines::Scratch;

pub const PASSWORD: &str = "correct horse battery";

/// 2026-01-01T00:00:00Z
const START: i64 = 1_767_225_600_000;

/// A clock that moves only when a test moves it. It counts its readers.
pub struct TestClock {
    now: AtomicI64,
    looks: AtomicU64,
}

impl Clock for TestClock {
    fn now(&self) -> Millis {
        self.looks.fetch_add(1, Ordering::SeqCst);
        Millis(self.now.load(Ordering::SeqCst))
    }
}

pub struct TestApp {
    pub address: SocketAddr,
    clock: Arc<TestClock>,
    config: Config,
    scratch: Arc<Scratch>,
    _stop: oneshot::Sender<()>,
}

impl TestApp {
    /// Starts a server with the default settings, except that limits are off.
    pub async fn new(engine: Engine) -> Self {
        Self::with(engine, "").await
    }

    /// Starts a server with these settings (TOML) over the defaults.
    pub async fn with(engine: Engine, settings: &str) -> Self {
        let scratch = Arc::new(Scratch::migrated(engine).await);
        let clock = Arc::new(TestClock { now: AtomicI64::new(START), looks: AtomicU64::new(0) });
        Self::start(scratch, clock, settings).await
    }

    /// Starts another instance over the same database, pictures and clock.
    pub async fn another(&self) -> Self {
        self.another_with("").await
    }

    /// As [`another`](Self::another), with these settings (TOML) over the defaults.
    pub async fn another_with(&self, settings: &str) -> Self {
        Self::start(self.scratch.clone(), self.clock.clone(), settings).await
    }

    async fn start(scratch: Arc<Scratch>, clock: Arc<TestClock>, settings: &str) -> Self {
        let figment = Figment::from(rocket::Config::default())
            .merge(Serialized::default("log_level", "off"))
            .merge(Serialized::default("ip_header", false))
            .merge(Serialized::default("port", 0))
            .merge(Serialized::default("data_dir", scratch.folder().join("data")))
            .merge(Serialized::default("database_url", &scratch.url))
            // A few connections, so that the tests of all cores fit into PostgreSQL's default of a hundred.
            .merge(Serialized::default("database.connections", 4))
            // Longer than any test waits on a busy machine. Tests of a lost database set less.
            .merge(Serialized::default("database.patience_seconds", 20))
            .merge(Serialized::default("rate_limits", "off"))
            // People of tests are renamed as often as it takes.
            .merge(Serialized::default("username.change_days", 0))
            .merge(Toml::string(settings))
            .select("default");
        let config = Config::from_figment(figment).unwrap();
        vestibule::plugin::prepare(&config).await.unwrap();
        let mut listening = vestibule::plugin::server_settings(&config).unwrap();
        listening.max_connections = Some(512);
        // All visitors of a test come from one address, some two hundred at once.
        listening.max_connections_each = Some(512);
        let server = Server::bind(build(&config, clock.clone()), listening).await.unwrap();
        let address = server.local_addr();
        let (stop, stopped) = oneshot::channel::<()>();
        rocket::tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        Self { address, clock, config, scratch, _stop: stop }
    }

    /// The same server as a Rocket that is not launched.
    pub fn rocket(&self) -> Rocket<Build> {
        build(&self.config, self.clock.clone())
    }

    pub fn scratch(&self) -> &Scratch {
        &self.scratch
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Moves the clock forward.
    pub fn pass(&self, time: Duration) {
        let millis = i64::try_from(time.as_millis()).unwrap();
        self.clock.now.fetch_add(millis, Ordering::SeqCst);
    }

    /// Time of the clock, in milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.clock.now().0
    }

    /// Waits until no work makes progress: the clock was not read for a while. On a very busy machine it may
    /// return too early, so no test may depend on it. It only makes races tighter.
    pub async fn quiet(&self) {
        let looks = || self.clock.looks.load(Ordering::SeqCst);
        let (mut seen, mut since, end) = (looks(), Instant::now(), Instant::now() + Duration::from_secs(8));
        while since.elapsed() < Duration::from_millis(400) && Instant::now() < end {
            sleep(Duration::from_millis(20)).await;
            if looks() != seen {
                (seen, since) = (looks(), Instant::now());
            }
        }
    }

    /// A browser without cookies.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.address)
    }

    /// A browser in which a person has just registered and signed in. Where nobody is asked to prove an
    /// address, this one counts as proven, so that its owner gets notices.
    pub async fn signed_up(&self, username: &str) -> Visitor {
        let visitor = self.visitor();
        let email = format!("{username}@example.org");
        let answer = visitor
            .post("/user/create")
            .wants_json()
            .form(&[("email", &email), ("username", username), ("password", PASSWORD)])
            .send()
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        if self.config.settings.registration.verify == Verification::Off {
            self.prove(&email).await;
        }
        self.sign_in_on(&visitor, username).await;
        visitor
    }

    /// Makes an address proven.
    pub async fn prove(&self, email: &str) {
        let now = self.now();
        self.sql(&format!("UPDATE accounts SET verified_at = {now} WHERE email_key = '{email}'")).await;
    }

    /// Another browser, signed in to an existing account.
    pub async fn signed_in(&self, username: &str) -> Visitor {
        let visitor = self.visitor();
        self.sign_in_on(&visitor, username).await;
        visitor
    }

    async fn sign_in_on(&self, visitor: &Visitor, username: &str) {
        let answer = visitor.log_in(username, PASSWORD).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    /// An API key with every scope and roles up to editor.
    pub async fn key(&self, name: &str) -> String {
        self.key_with(name, &Scope::ALL, 2, None).await
    }

    /// An API key with every role up to `highest`, created as the command line does it: through another
    /// connection to the database.
    pub async fn key_with(
        &self,
        name: &str,
        scopes: &[Scope],
        highest: i64,
        expires_in: Option<Duration>,
    ) -> String {
        let new = NewKey {
            name: name.parse().unwrap(),
            scopes: scopes.to_vec(),
            roles: (1..=highest).map(Role).collect(),
            expires_in,
        };
        let store = Store::open(self.database().await).await.unwrap();
        let key =
            api_keys::create(&store, self.clock.as_ref(), &OsRandom, Actor::Operator, &new).await.unwrap();
        store.close().await;
        key.reveal().to_owned()
    }

    /// Revokes an API key, as the command line does it.
    pub async fn revoke_key(&self, name: &str) {
        let store = Store::open(self.database().await).await.unwrap();
        api_keys::revoke(&store, self.clock.as_ref(), Actor::Operator, &name.parse().unwrap()).await.unwrap();
        store.close().await;
    }

    /// The messages that were sent to `recipient`, from the data folder.
    pub fn mails(&self, recipient: &str) -> Vec<String> {
        let Ok(folder) = std::fs::read_dir(self.scratch.folder().join("data/mail")) else {
            return Vec::new();
        };
        let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
        paths.sort();
        let all = paths.into_iter().map(|path| std::fs::read_to_string(path).unwrap());
        all.filter(|mail| mail.contains(&format!("To: {recipient}"))).collect()
    }

    /// Waits until `count` messages to `recipient` were sent.
    pub async fn mailed(&self, recipient: &str, count: usize) -> Vec<String> {
        until(Duration::from_secs(10), || async { self.mails(recipient).len() >= count }).await;
        self.mails(recipient)
    }

    /// Waits until `count` messages to `recipient` that say `words` were sent, and returns them read.
    /// Whoever waits for any message may be given a notice that was still on its way.
    pub async fn letters(&self, recipient: &str, words: &str, count: usize) -> Vec<String> {
        let found = || {
            let read = self.mails(recipient).into_iter().map(|mail| mail::read(&mail));
            read.filter(|mail| mail.contains(words)).collect::<Vec<_>>()
        };
        until(Duration::from_secs(20), || async { found().len() >= count }).await;
        found()
    }

    /// Opens another connection to the database.
    pub async fn database(&self) -> DbPool {
        DbPool::connect(&self.scratch.url, 1, Duration::from_secs(2)).await.unwrap()
    }

    /// Runs a statement without the server.
    pub async fn sql(&self, statement: &str) {
        let statement = AssertSqlSafe(statement.to_owned());
        match self.database().await {
            DbPool::Sqlite(pool) => drop(sqlx::query(statement).execute(&pool).await.unwrap()),
            DbPool::Postgres(pool) => drop(sqlx::query(statement).execute(&pool).await.unwrap()),
        }
    }

    pub async fn count(&self, query: &str) -> i64 {
        let query = AssertSqlSafe(query.to_owned());
        match self.database().await {
            DbPool::Sqlite(pool) => sqlx::query_scalar(query).fetch_one(&pool).await.unwrap(),
            DbPool::Postgres(pool) => sqlx::query_scalar(query).fetch_one(&pool).await.unwrap(),
        }
    }
}

fn build(config: &Config, clock: Arc<TestClock>) -> Rocket<Build> {
    vestibule::plugin::rocket(config, ClockAndRandom { clock, random: Arc::new(OsRandom) }).unwrap()
}

/// Polls until `condition` holds, for at most `limit`; returns how long it took.
pub async fn until<F: Future<Output = bool>>(limit: Duration, condition: impl Fn() -> F) -> Duration {
    let started = Instant::now();
    while !condition().await {
        assert!(started.elapsed() < limit, "not within {limit:?}");
        sleep(Duration::from_millis(10)).await;
    }
    started.elapsed()
}
