//! Lifetimes of bearers, concurrent calls, and refusals of everything else.

use std::time::Duration;

use rocket::tokio::task::JoinSet;
use store::{DbPool, Engine};

use super::{
    LOGIN_FAILED, MINUTE, NO_DEVICE, fetched, given, is_alive, is_kept, pair, poll, refused, register, start,
};
use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, broken, until};

both_engines![
    a_bearer_lasts_as_long_as_a_session_and_a_devices_longer,
    a_changed_password_ends_every_bearer,
    of_fifty_who_type_one_code_at_once_one_has_the_device,
    of_fifty_questions_of_a_paired_device_one_gets_the_bearer,
    wrong_codes_are_counted_exactly_when_they_come_all_at_once,
    a_wrong_code_writes_nothing,
    secrets_are_kept_as_digests_only,
    what_nobody_fetched_is_cleared_away,
    everything_below_the_base_answers_in_shape,
    bad_bodies_are_refused_in_shape,
    too_many_sign_ins_are_429_in_shape,
];

const DAY: Duration = Duration::from_secs(86_400);

/// The bearer of a newly paired device.
async fn paired(app: &TestApp, person: &str, name: &str) -> String {
    let (code, token) = start(app, name).await;
    given(&pair(app, person, &code).send().await, 200);
    let answer = poll(app, &token).send().await;
    given(&answer, 200)["bearer"].as_str().unwrap().to_owned()
}

/// Number of ada's paired devices, as the page lists them.
async fn devices(app: &TestApp) -> usize {
    let browser = app.signed_in("ada@example.org").await;
    let listed = browser.get("/user/devices").wants_json().send().await.json();
    listed["devices"].as_array().unwrap().len()
}

/// Uses a bearer and waits until its last use is recorded, which happens after the answer.
async fn used(app: &TestApp, bearer: &str) -> bool {
    let alive = is_alive(app, bearer).await;
    if alive {
        let noted = format!("SELECT COUNT(*) FROM bearers WHERE seen_at = {}", app.now());
        until(Duration::from_secs(10), async || app.count(&noted).await > 0).await;
    }
    alive
}

async fn a_bearer_lasts_as_long_as_a_session_and_a_devices_longer(engine: Engine) {
    let app = TestApp::with(engine, "session.idle_days = 2\nsession.absolute_days = 5").await;
    let (ada, unused) = (register(&app, "ada").await, register(&app, "eve").await);
    let device = paired(&app, &ada, "mirror").await;
    app.pass(DAY + DAY / 2);
    assert!(used(&app, &ada).await);
    app.pass(DAY / 2);
    assert!(!is_alive(&app, &unused).await, "two days of rest");
    app.pass(DAY);
    assert!(used(&app, &ada).await);
    app.pass(2 * DAY - Duration::from_secs(1));
    assert!(used(&app, &ada).await);
    app.pass(Duration::from_secs(1));
    assert!(!is_alive(&app, &ada).await, "five days in all");
    app.pass(85 * DAY - Duration::from_secs(1));
    assert_eq!(devices(&app).await, 1);
    app.pass(Duration::from_secs(1));
    assert_eq!(devices(&app).await, 0, "ninety days of rest");
    assert!(is_kept(&app, &device).await, "until it is swept away");
}

async fn a_changed_password_ends_every_bearer(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = register(&app, "ada").await;
    let device = paired(&app, &ada, "mirror").await;
    let (code, token) = start(&app, "on its way").await;
    given(&pair(&app, &ada, &code).send().await, 200);
    let browser = app.signed_in("ada@example.org").await;
    let form = [("apassword", PASSWORD), ("npassword", "another horse battery")];
    assert_eq!(browser.post("/user/modify/password").wants_json().form(&form).send().await.status, 200);
    assert!(!is_alive(&app, &ada).await && !is_kept(&app, &device).await);
    assert_eq!(refused(&poll(&app, &token).send().await, 404), NO_DEVICE);
}

async fn of_fifty_who_type_one_code_at_once_one_has_the_device(engine: Engine) {
    let app = TestApp::new(engine).await;
    let bearers = [register(&app, "ada").await, register(&app, "eve").await];
    let (code, token) = start(&app, "mirror").await;
    let mut crowd = JoinSet::new();
    for number in 0..50 {
        let ask = pair(&app, &bearers[number % 2], &code);
        crowd.spawn(async move { ask.send().await.status });
    }
    let mut statuses = crowd.join_all().await;
    statuses.sort_unstable();
    assert_eq!((statuses[0], statuses[1]), (200, 404), "{statuses:?}");
    assert!(statuses[1..].iter().all(|status| *status == 404), "{statuses:?}");
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers WHERE paired_at IS NOT NULL").await, 1);
    assert_eq!(poll(&app, &token).send().await.status, 200);
}

async fn of_fifty_questions_of_a_paired_device_one_gets_the_bearer(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = register(&app, "ada").await;
    let (code, token) = start(&app, "mirror").await;
    given(&pair(&app, &ada, &code).send().await, 200);
    let mut crowd = JoinSet::new();
    for _ in 0..50 {
        let ask = poll(&app, &token);
        crowd.spawn(async move { ask.send().await });
    }
    let (told, late): (Vec<_>, Vec<_>) =
        crowd.join_all().await.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(told.len(), 1);
    let bearer = fetched(&told[0], "ada@example.org");
    assert!(is_kept(&app, &bearer).await);
    assert!(late.iter().all(|answer| refused(answer, 404) == NO_DEVICE));
}

async fn wrong_codes_are_counted_exactly_when_they_come_all_at_once(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'").await;
    let ada = register(&app, "ada").await;
    let mut crowd = JoinSet::new();
    for _ in 0..50 {
        let ask = pair(&app, &ada, "222222");
        crowd.spawn(async move { ask.send().await.status });
    }
    let statuses = crowd.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 404).count(), 5, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 45, "{statuses:?}");
}

async fn a_wrong_code_writes_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = register(&app, "ada").await;
    start(&app, "mirror").await;
    // Holds a write lock, so that every writer waits for this transaction.
    let pool = app.database().await;
    match &pool {
        DbPool::Sqlite(pool) => {
            let mut held = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
            sqlx::query("UPDATE bearers SET seen_at = seen_at").execute(&mut *held).await.unwrap();
            assert!(is_alive(&app, &ada).await);
        }
        DbPool::Postgres(pool) => {
            let mut held = pool.begin().await.unwrap();
            let lock = "LOCK TABLE bearers, pairings, accounts IN EXCLUSIVE MODE";
            sqlx::query(lock).execute(&mut *held).await.unwrap();
            assert!(is_alive(&app, &ada).await);
        }
    }
}

async fn secrets_are_kept_as_digests_only(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = register(&app, "ada").await;
    let device = paired(&app, &ada, "mirror").await;
    let (_, token) = start(&app, "another").await;
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers WHERE length(token) = 32").await, 2);
    assert_eq!(app.count("SELECT COUNT(*) FROM pairings WHERE length(token) = 32").await, 2);
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(app.scratch().folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            kept.extend(std::fs::read(path).unwrap());
        }
    }
    for secret in [ada, device, token] {
        assert!(!kept.windows(43).any(|bytes| bytes == secret.as_bytes()));
    }
}

async fn what_nobody_fetched_is_cleared_away(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = register(&app, "ada").await;
    let device = paired(&app, &ada, "mirror").await;
    start(&app, "never paired").await;
    let (code, _) = start(&app, "never asked again").await;
    given(&pair(&app, &ada, &code).send().await, 200);
    assert_eq!(app.count("SELECT COUNT(*) FROM pairings").await, 3);
    app.pass(90 * MINUTE);
    // A server sweeps when it starts.
    let _another = app.another().await;
    until(Duration::from_secs(10), async || app.count("SELECT COUNT(*) FROM pairings").await == 0).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers WHERE paired_at IS NOT NULL").await, 1);
    assert!(is_kept(&app, &device).await && is_alive(&app, &ada).await);
}

async fn everything_below_the_base_answers_in_shape(engine: Engine) {
    let app = TestApp::new(engine).await;
    for path in ["/auth", "/auth/", "/auth/nothing", "/auth/device/events/more"] {
        refused(&app.visitor().get(path).send().await, 404);
    }
    for (method, path, allowed) in [
        ("GET", "/auth/register", "POST"),
        ("PUT", "/auth/login", "POST"),
        ("DELETE", "/auth/device", "POST"),
        ("POST", "/auth/device/events", "GET, HEAD"),
    ] {
        let answer = app.visitor().ask(method, path).send().await;
        refused(&answer, 405);
        assert!(answer.header("allow").unwrap().contains(allowed), "{:?}", answer.header("allow"));
    }
    let french = app.visitor().get("/auth/nothing").header("accept-language", "fr").send().await;
    assert_ne!(refused(&french, 404), refused(&app.visitor().get("/auth/nothing").send().await, 404));
}

async fn bad_bodies_are_refused_in_shape(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = register(&app, "ada").await;
    for (what, status, body) in broken() {
        for path in ["/auth/register", "/auth/login", "/auth/device", "/auth/pair"] {
            let ask = app.visitor().post(path).header("authorization", &format!("Bearer {ada}"));
            let answer = ask.body(body.clone()).send().await;
            assert_eq!(answer.status, status, "{what} at {path}: {}", answer.text());
            refused(&answer, status);
        }
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM pairings").await, 0);
}

async fn too_many_sign_ins_are_429_in_shape(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'").await;
    register(&app, "ada").await;
    let form = [("email", "ada@example.org"), ("password", "wrong horse")];
    let guess = app.visitor().post("/auth/login").form(&form);
    for _ in 0..5 {
        assert_eq!(refused(&guess.send().await, 401), LOGIN_FAILED);
    }
    let last = guess.send().await;
    refused(&last, 429);
    assert!(last.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
}
