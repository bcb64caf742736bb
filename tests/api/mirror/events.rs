//! The event stream of a waiting device, over real sockets.

use std::time::Duration;

use rocket::tokio::time::timeout;
use serde_json::{Value, json};
use store::Engine;

use super::{NO_DEVICE, fetched, given, is_kept, pair, poll, refused, register, start};
use crate::engines::{both_engines, run};
use crate::support::{TestApp, until};

both_engines![
    a_stream_shows_the_code_and_the_success_once_and_ends,
    a_stream_gives_the_device_a_new_code_when_the_old_one_ends,
    two_streams_of_one_device_show_the_same_and_one_is_told,
    a_device_has_four_streams_at_most_and_the_newest_stay,
    a_stream_for_nobody_is_refused_in_shape,
    a_bearer_that_was_fetched_otherwise_ends_the_stream,
];

/// Longest wait of any test.
const PATIENCE: Duration = Duration::from_secs(10);

struct Stream {
    answer: reqwest::Response,
    read: String,
}

impl Stream {
    async fn open(app: &TestApp, token: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let ask = http.get(app.url("/auth/device/events")).bearer_auth(token);
        let answer = ask.send().await.unwrap();
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap());
        assert_eq!((answer.status().as_u16(), header("content-type")), (200, Some("text/event-stream")));
        assert_eq!((header("cache-control"), header("x-accel-buffering")), (Some("no-store"), Some("no")));
        Self { answer, read: String::new() }
    }

    /// The next event; `None` at the end of the stream.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.read = rest;
                let Some((name, data)) = event.split_once('\n') else { continue };
                let name = name.strip_prefix("event: ").unwrap().to_owned();
                let data = data.strip_prefix("data: ").unwrap();
                return Some((name, serde_json::from_str(data).unwrap()));
            }
            let chunk = timeout(PATIENCE, self.answer.chunk()).await.unwrap().unwrap()?;
            self.read.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    async fn code(&mut self) -> String {
        let (name, data) = self.next().await.unwrap();
        assert_eq!(name, "pairing-code");
        let code = data["code"].as_str().unwrap();
        assert_eq!(data, json!({ "code": code }));
        code.to_owned()
    }

    /// Reads the success event and the end of the stream; returns the bearer.
    async fn success(&mut self, email: &str) -> String {
        let (name, data) = self.next().await.unwrap();
        assert_eq!(name, "pairing-success");
        let bearer = data["bearer"].as_str().unwrap();
        assert_eq!(data, json!({ "email": email, "bearer": bearer }));
        assert_eq!(self.next().await, None);
        bearer.to_owned()
    }
}

async fn a_stream_shows_the_code_and_the_success_once_and_ends(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = register(&app, "ada").await;
    let (code, token) = start(&app, "mirror").await;
    let mut stream = Stream::open(&app, &token).await;
    assert_eq!(stream.code().await, code);
    given(&pair(&app, &ada, &code).send().await, 200);
    let bearer = stream.success("ada@example.org").await;
    assert!(is_kept(&app, &bearer).await);
    assert_eq!(refused(&poll(&app, &token).send().await, 404), NO_DEVICE);
    let again = poll(&app, &token).header("accept", "text/event-stream");
    refused(&again.send().await, 404);
}

async fn a_stream_gives_the_device_a_new_code_when_the_old_one_ends(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = register(&app, "ada").await;
    let (mut shown, token) = start(&app, "mirror").await;
    let mut stream = Stream::open(&app, &token).await;
    assert_eq!(stream.code().await, shown);
    for _ in 0..2 {
        app.pass(Duration::from_secs(600));
        let next = stream.code().await;
        assert_ne!(next, shown);
        assert_eq!(refused(&pair(&app, &ada, &shown).send().await, 404), NO_DEVICE);
        let pending = json!({ "status": "pending", "code": next, "expires_in": 600 });
        assert_eq!(given(&poll(&app, &token).send().await, 202), pending);
        shown = next;
    }
    given(&pair(&app, &ada, &shown).send().await, 200);
    stream.success("ada@example.org").await;
}

async fn two_streams_of_one_device_show_the_same_and_one_is_told(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = register(&app, "ada").await;
    let (_, token) = start(&app, "mirror").await;
    let (mut one, mut other) = (Stream::open(&app, &token).await, Stream::open(&app, &token).await);
    assert_eq!(one.code().await, other.code().await);
    app.pass(Duration::from_secs(600));
    let code = one.code().await;
    assert_eq!(other.code().await, code);
    given(&pair(&app, &ada, &code).send().await, 200);
    let (first, second) = (one.next().await, other.next().await);
    assert_eq!([&first, &second].iter().filter(|told| told.is_some()).count(), 1, "{first:?} {second:?}");
    assert_eq!((one.next().await, other.next().await), (None, None));
}

async fn a_device_has_four_streams_at_most_and_the_newest_stay(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (code, token) = start(&app, "mirror").await;
    let mut streams = Vec::new();
    for _ in 0..6 {
        let mut stream = Stream::open(&app, &token).await;
        assert_eq!(stream.code().await, code);
        streams.push(stream);
    }
    app.pass(Duration::from_secs(600));
    for (number, stream) in streams.iter_mut().enumerate() {
        assert_eq!(stream.next().await.is_some(), number >= 2, "{number}");
    }
}

async fn a_stream_for_nobody_is_refused_in_shape(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (_, late) = start(&app, "mirror").await;
    app.pass(Duration::from_secs(600));
    let person = register(&app, "ada").await;
    for token in [late.as_str(), &person, &"A".repeat(43), "nonsense"] {
        let ask = app.visitor().get("/auth/device/events");
        let answer = ask.header("authorization", &format!("Bearer {token}")).send().await;
        assert_eq!(refused(&answer, 404), NO_DEVICE);
    }
    refused(&app.visitor().get("/auth/device/events").send().await, 401);
}

async fn a_bearer_that_was_fetched_otherwise_ends_the_stream(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = register(&app, "ada").await;
    let (code, token) = start(&app, "mirror").await;
    given(&pair(&app, &ada, &code).send().await, 200);
    let mut stream = Stream::open(&app, &token).await;
    stream.success("ada@example.org").await;

    let (code, token) = start(&app, "another").await;
    let mut stream = Stream::open(&app, &token).await;
    assert_eq!(stream.code().await, code);
    app.sql("UPDATE pairings SET delivered_at = 1 WHERE delivered_at IS NULL").await;
    app.pass(Duration::from_secs(600));
    assert_eq!(stream.next().await, None);
}

#[test]
fn a_pairing_on_another_instance_reaches_the_stream_at_once() {
    run(Engine::Postgres, async |engine| {
        let app = TestApp::new(engine).await;
        let other = app.another().await;
        let ada = register(&app, "ada").await;
        for _ in 0..2 {
            let (code, token) = start(&app, "mirror").await;
            let mut stream = Stream::open(&app, &token).await;
            assert_eq!(stream.code().await, code);
            given(&pair(&other, &ada, &code).send().await, 200);
            let bearer = stream.success("ada@example.org").await;
            assert!(is_kept(&other, &bearer).await);
        }
        let (code, token) = start(&app, "polls here and there").await;
        given(&pair(&app, &ada, &code).send().await, 200);
        fetched(&poll(&other, &token).send().await, "ada@example.org");
        refused(&poll(&app, &token).send().await, 404);
    });
}

#[test]
fn a_stream_outlives_a_database_that_was_gone_and_misses_nothing() {
    run(Engine::Postgres, async |engine| {
        let app = TestApp::with(engine, "database.patience_seconds = 1").await;
        let other = app.another().await;
        let ada = register(&app, "ada").await;
        let (code, token) = start(&app, "mirror").await;
        let mut stream = Stream::open(&app, &token).await;
        assert_eq!(stream.code().await, code);
        app.scratch().shut_out().await;
        until(PATIENCE, async || app.visitor().get("/health").send().await.status == 503).await;
        app.scratch().let_in().await;
        until(PATIENCE, async || pair(&other, &ada, &code).send().await.status == 200).await;
        stream.success("ada@example.org").await;
    });
}
