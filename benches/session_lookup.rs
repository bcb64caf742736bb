//! Looking a session up: in memory, and in SQLite when memory does not have it.

#![expect(clippy::expect_used, reason = "a bench that cannot start has nothing to measure")]

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use domain::{Clock as _, EmailAddress, OsRandom, ProfileChange, Role, SystemClock, Token};
use rocket::figment::Figment;
use rocket::figment::providers::Serialized;
use rocket::{Ignite, Rocket};
use store::{Store, StoreError, accounts, sessions};
use tokio::runtime::Runtime;
use vestibule::plugin::{ClockAndRandom, Config, Flows};

const ACCOUNTS: usize = 1_000;

/// A server over the database in `folder`, with at most `cached_sessions` sessions in memory.
async fn server(folder: &Path, cached_sessions: u64) -> Rocket<Ignite> {
    let figment = Figment::from(rocket::Config::default())
        .merge(Serialized::default("log_level", "off"))
        .merge(Serialized::default("data_dir", folder))
        .merge(Serialized::default("session.cached", cached_sessions))
        .select("default");
    let config = Config::from_figment(figment).expect("settings");
    vestibule::plugin::prepare(&config).await.expect("database");
    let rocket = vestibule::plugin::rocket(&config, ClockAndRandom::default()).expect("server");
    rocket.ignite().await.expect("account domain")
}

fn flows(server: &Rocket<Ignite>) -> &Flows {
    server.state().expect("account domain")
}

/// Creates accounts with one session each.
async fn sign_everybody_in(store: &Store) -> Vec<Token> {
    let now = SystemClock.now();
    let signed_in = store.transact(async |tx| {
        let mut tokens = Vec::new();
        for number in 0..ACCOUNTS {
            let account = accounts::NewAccountRow {
                email: EmailAddress::parse(&format!("somebody.{number}@example.org")).expect("address"),
                username: None,
                role: Role::MEMBER,
                profile: ProfileChange::default(),
                password_hash: None,
                approval_wanted: false,
                terms: None,
            };
            let account_id = accounts::insert(tx, &account, now).await?;
            let token = Token::generate(&OsRandom);
            let session = sessions::NewSession {
                account_id,
                token: token.digest(),
                browser_label: String::new(),
                place: String::new(),
                factors: domain::Factors::only(domain::Factor::Password),
            };
            sessions::insert(tx, &session, now).await?;
            tokens.push(token);
        }
        Ok::<_, StoreError>(tokens)
    });
    signed_in.await.expect("sessions")
}

fn session_lookup(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("runtime");
    let folder = tempfile::tempdir().expect("folder");
    let (remembering, forgetting) =
        runtime.block_on(async { (server(folder.path(), 100_000).await, server(folder.path(), 0).await) });
    let (remembering, forgetting) = (flows(&remembering), flows(&forgetting));
    let tokens = runtime.block_on(sign_everybody_in(remembering.store()));
    let resume = |flows: &Flows, token: &Token| {
        let found = runtime
            .block_on(flows.sessions.resume(token, IpAddr::V4(Ipv4Addr::LOCALHOST)))
            .expect("database");
        assert!(found.is_some());
    };
    tokens.iter().for_each(|token| resume(remembering, token));

    let mut group = criterion.benchmark_group("session lookup");
    for (name, flows) in [("hit", remembering), ("miss, SQLite", forgetting)] {
        let mut next = tokens.iter().cycle();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                if let Some(token) = next.next() {
                    resume(flows, token);
                }
            });
        });
    }
    group.bench_function("nobody's token, SQLite", |bencher| {
        let token = Token::generate(&OsRandom);
        bencher.iter(|| {
            runtime
                .block_on(remembering.sessions.resume(&token, IpAddr::V4(Ipv4Addr::LOCALHOST)))
                .expect("database")
                .is_none()
        });
    });
    group.finish();
}

criterion_group!(benches, session_lookup);
criterion_main!(benches);
