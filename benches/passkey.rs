//! Signing in with a passkey: the check alone is most of it, so the whole request is measured, with SQLite.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a bench that cannot start has nothing to measure"
)]

#[path = "../tests/support/authenticator.rs"]
mod authenticator;

use std::path::Path;

use authenticator::Authenticator;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use domain::{Clock as _, EmailAddress, OsRandom, ProfileChange, Role, SystemClock, Token};
use rocket::figment::Figment;
use rocket::figment::providers::Serialized;
use rocket::http::{Accept, ContentType, Status};
use rocket::local::asynchronous::Client;
use serde_json::{Value, json};
use store::{StoreError, accounts, sessions};
use tokio::runtime::Runtime;
use vestibule::plugin::{ClockAndRandom, Config, Flows};

const SITE: &str = "http://localhost:8000";

async fn server(folder: &Path) -> Client {
    let figment = Figment::from(rocket::Config::default())
        .merge(Serialized::default("log_level", "off"))
        .merge(Serialized::default("data_dir", folder))
        .merge(Serialized::default("rate_limits", "off"))
        .merge(Serialized::default("public_url", SITE))
        .select("default");
    let config = Config::from_figment(figment).expect("settings");
    vestibule::plugin::prepare(&config).await.expect("database");
    let rocket = vestibule::plugin::rocket(&config, ClockAndRandom::default()).expect("server");
    Client::untracked(rocket).await.expect("account domain")
}

/// A session of a new account.
async fn sign_up(client: &Client) -> Token {
    let flows: &Flows = client.rocket().state().expect("account domain");
    let (now, token) = (SystemClock.now(), Token::generate(&OsRandom));
    let digest = token.digest();
    let written = flows.store().transact(async |tx| {
        let account = accounts::NewAccountRow {
            email: EmailAddress::parse("ada@example.org").expect("address"),
            username: None,
            role: Role::MEMBER,
            profile: ProfileChange::default(),
            password_hash: None,
            approval_wanted: false,
            terms: None,
        };
        let account_id = accounts::insert(tx, &account, now).await?;
        let session = sessions::NewSession {
            account_id,
            token: digest,
            browser_label: String::new(),
            place: String::new(),
            factors: domain::Factors::only(domain::Factor::Password),
        };
        sessions::insert(tx, &session, now).await.map(drop)
    });
    let written: Result<(), StoreError> = written.await;
    written.expect("an account");
    token
}

async fn post(client: &Client, path: &str, body: &Value, session: &str) -> (Status, String) {
    let asked = client.post(path).header(ContentType::JSON).header(Accept::JSON).body(body.to_string());
    let asked = asked.header(rocket::http::Header::new("Cookie", format!("vestibule={session}")));
    let asked = asked.remote(([127, 0, 0, 1], 1).into());
    let answer = asked.dispatch().await;
    (answer.status(), answer.into_string().await.unwrap_or_default())
}

async fn begin(client: &Client, path: &str, session: &str) -> Value {
    let (status, options) = post(client, &format!("{path}/begin"), &json!({}), session).await;
    assert_eq!(status, Status::Ok, "{options}");
    serde_json::from_str(&options).expect("options")
}

fn passkey(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("runtime");
    let folder = tempfile::tempdir().expect("folder");
    let client = runtime.block_on(server(folder.path()));
    let session = runtime.block_on(sign_up(&client));
    let mut key = Authenticator::at(SITE);
    let (adds, signs_in) = ("/user/security/passkeys", "/user/login/passkey");
    runtime.block_on(async {
        let made = key.create(&begin(&client, adds, session.reveal()).await);
        let (status, said) = post(&client, adds, &json!({ "credential": made }), session.reveal()).await;
        assert_eq!(status, Status::Created, "{said}");
    });
    criterion.bench_function("passkey sign-in, SQLite", |bencher| {
        bencher.iter_batched(
            || {
                runtime
                    .block_on(async { json!({ "credential": key.get(&begin(&client, signs_in, "").await) }) })
            },
            |answer| {
                let (status, said) = runtime.block_on(post(&client, signs_in, &answer, ""));
                assert_eq!(status, Status::Ok, "{said}");
            },
            BatchSize::PerIteration,
        );
    });
}

criterion_group!(benches, passkey);
criterion_main!(benches);
