//! Mirror, as smart mirrors and their companion apps use it: the calls that are answered at once.

mod events;
mod lives;

use std::time::Duration;

use serde_json::{Value, json};
use store::Engine;

use crate::engines::both_engines;
use crate::support::{Answer, Ask, Body, PASSWORD, TestApp, spoiled};

both_engines![
    registering_and_signing_in_give_a_bearer,
    a_registration_that_cannot_be_has_one_text_and_makes_nothing,
    a_sign_in_that_cannot_be_has_one_text,
    a_device_is_paired_from_both_sides,
    a_code_is_typed_in_any_case_and_works_once,
    a_code_that_no_device_shows_is_404,
    pairing_needs_a_bearer_of_this_dialect,
    a_devices_own_bearer_pairs_nothing,
    a_device_needs_a_name,
    an_expired_code_and_a_late_device_are_404,
    a_head_request_fetches_nothing,
    five_wrong_codes_close_pairing_for_a_quarter_of_an_hour,
    who_starts_too_many_devices_is_told_when_to_come_back,
];

const REGISTRATION_FAILED: &str = "Registration failed; Invalid email or password.";
const LOGIN_FAILED: &str = "Login failed; Invalid user ID or password.";
const NO_DEVICE: &str = "No device found";
const MINUTE: Duration = Duration::from_secs(60);

fn email_of(name: &str) -> String {
    format!("{name}@example.org")
}

#[track_caller]
fn given(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.json()
}

#[track_caller]
fn refused(answer: &Answer, status: u16) -> String {
    let body = given(answer, status);
    let message = body["message"].as_str().unwrap().to_owned();
    assert!(!message.is_empty());
    assert_eq!(body, json!({ "message": message }));
    assert_eq!(answer.header("www-authenticate").is_some(), status == 401);
    message
}

#[track_caller]
fn bearer_in(answer: &Answer) -> String {
    let body = given(answer, 200);
    let bearer = body["bearer"].as_str().unwrap();
    assert_eq!(bearer.len(), 43, "256 bits");
    assert_eq!(body, json!({ "bearer": bearer }));
    bearer.to_owned()
}

async fn register(app: &TestApp, name: &str) -> String {
    let fields = [("email", email_of(name)), ("password", PASSWORD.to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    bearer_in(&app.visitor().post("/auth/register").form(&fields).send().await)
}

/// Starts a pairing; returns its code and token.
async fn start(app: &TestApp, name: &str) -> (String, String) {
    let body = given(&app.visitor().post("/auth/device").form(&[("name", name)]).send().await, 201);
    let (code, token) = (body["code"].as_str().unwrap(), body["device_token"].as_str().unwrap());
    let expected = json!({ "code": code, "device_token": token, "expires_in": 600, "interval": 5 });
    assert_eq!(body, expected);
    assert_eq!(token.len(), 43, "256 bits");
    assert!(
        code.len() == 6 && code.bytes().all(|b| b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ".contains(&b)),
        "{code}"
    );
    (code.to_owned(), token.to_owned())
}

fn with(ask: Ask, bearer: &str) -> Ask {
    ask.header("authorization", &format!("Bearer {bearer}"))
}

fn poll(app: &TestApp, token: &str) -> Ask {
    with(app.visitor().get("/auth/device"), token)
}

fn pair(app: &TestApp, bearer: &str, code: &str) -> Ask {
    with(app.visitor().post("/auth/pair").form(&[("code", code)]), bearer)
}

#[track_caller]
fn fetched(answer: &Answer, email: &str) -> String {
    let body = given(answer, 200);
    let bearer = body["bearer"].as_str().unwrap();
    assert_eq!(bearer.len(), 43, "256 bits");
    assert_eq!(body, json!({ "status": "paired", "email": email, "bearer": bearer }));
    bearer.to_owned()
}

/// Whether the bearer is accepted.
async fn is_alive(app: &TestApp, bearer: &str) -> bool {
    let answer = pair(app, bearer, "222222").send().await;
    match answer.status {
        404 => true,
        401 => {
            assert_eq!(refused(&answer, 401), LOGIN_FAILED);
            false
        }
        other => panic!("{other}"),
    }
}

/// Whether the bearer of a paired device is there. It opens no call that would tell.
async fn is_kept(app: &TestApp, bearer: &str) -> bool {
    use sha2::Digest as _;
    let digest: String = sha2::Sha256::digest(bearer).iter().map(|byte| format!("{byte:02x}")).collect();
    let stored = match app.scratch().engine {
        Engine::Sqlite => format!("X'{digest}'"),
        Engine::Postgres => format!("'\\x{digest}'"),
    };
    app.count(&format!("SELECT COUNT(*) FROM bearers WHERE token = {stored}")).await == 1
}

async fn registering_and_signing_in_give_a_bearer(engine: Engine) {
    let app = TestApp::new(engine).await;
    for (kind, name) in ["form", "multipart", "json"].into_iter().enumerate() {
        let email = email_of(name);
        let body = Body::kinds(&[("email", &email), ("password", PASSWORD)])[kind].clone();
        let slash = "/".repeat(kind % 2);
        let made = app.visitor().post(&format!("/auth/register{slash}")).body(body.clone()).send().await;
        let made = bearer_in(&made);
        let shouted = Body::kinds(&[("email", &email.to_uppercase()), ("password", PASSWORD)])[kind].clone();
        for body in [body, shouted] {
            let entered = app.visitor().post(&format!("/auth/login{slash}")).body(body).send().await;
            let entered = bearer_in(&entered);
            assert_ne!(entered, made);
            assert!(is_alive(&app, &entered).await);
        }
        assert!(is_alive(&app, &made).await);
        assert_eq!(app.signed_in(&email).await.account().await["email"], email);
    }
}

async fn a_registration_that_cannot_be_has_one_text_and_makes_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    register(&app, "ada").await;
    let refuse = async |what: &str, body: Body| {
        let answer = app.visitor().post("/auth/register").body(body).send().await;
        if what.ends_with("MiB") {
            refused(&answer, 413);
        } else {
            assert_eq!(refused(&answer, 401), REGISTRATION_FAILED, "{what}");
        }
    };
    for kind in Body::kinds(&[("email", " ADA@Example.org"), ("password", PASSWORD)]) {
        refuse("taken", kind).await;
    }
    for password in ["short", "password", "eve@example.org"] {
        refuse(password, Body::form(&[("email", "eve@example.org"), ("password", password)])).await;
    }
    for name in ["email", "password"] {
        for (what, body) in spoiled(name, &[("email", "eve@example.org"), ("password", PASSWORD)]) {
            refuse(&what, body).await;
        }
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 1);
}

async fn a_sign_in_that_cannot_be_has_one_text(engine: Engine) {
    let app = TestApp::new(engine).await;
    register(&app, "ada").await;
    let mut answers = Vec::new();
    for (email, password) in [
        ("ada@example.org", "wrong horse"),
        ("nobody@example.org", PASSWORD),
        ("not an address", PASSWORD),
        ("\u{0}", PASSWORD),
        ("ada@example.org", ""),
        ("", ""),
    ] {
        let form = [("email", email), ("password", password)];
        let answer = app.visitor().post("/auth/login").form(&form).send().await;
        answers.push((refused(&answer, 401), answer.content));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == LOGIN_FAILED), "{answers:?}");
    for name in ["email", "password"] {
        for (what, body) in spoiled(name, &[("email", "ada@example.org"), ("password", PASSWORD)]) {
            let answer = app.visitor().post("/auth/login").body(body).send().await;
            let status = if what.ends_with("MiB") { 413 } else { 401 };
            assert!(refused(&answer, status) == LOGIN_FAILED || status == 413, "{what}");
        }
    }
}

async fn a_device_is_paired_from_both_sides(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = register(&app, "ada").await;
    for kind in 0..3 {
        let name = "magic-mirror-desktop";
        let body = Body::kinds(&[("name", &format!(" {name} "))])[kind].clone();
        let slash = "/".repeat(kind % 2);
        let started = app.visitor().post(&format!("/auth/device{slash}")).body(body).send().await;
        let started = given(&started, 201);
        let (code, token) = (started["code"].as_str().unwrap(), started["device_token"].as_str().unwrap());
        app.pass(MINUTE);
        let pending = given(&poll(&app, token).send().await, 202);
        assert_eq!(pending, json!({ "status": "pending", "code": code, "expires_in": 540 }));
        let body = Body::kinds(&[("code", code)])[kind].clone();
        let paired = with(app.visitor().post(&format!("/auth/pair{slash}")).body(body), &ada).send().await;
        assert_eq!(given(&paired, 200), json!({ "name": name }));
        let bearer = fetched(&poll(&app, token).send().await, "ada@example.org");
        assert_eq!(refused(&poll(&app, token).send().await, 404), NO_DEVICE, "it is handed out once");
        assert!(is_kept(&app, &bearer).await);
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers WHERE paired_at IS NOT NULL").await, 3);
}

async fn a_code_is_typed_in_any_case_and_works_once(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (ada, eve) = (register(&app, "ada").await, register(&app, "eve").await);
    let (code, token) = start(&app, "mirror").await;
    let typed = format!("  {} ", code.to_lowercase());
    assert_eq!(given(&pair(&app, &ada, &typed).send().await, 200), json!({ "name": "mirror" }));
    for bearer in [&ada, &eve] {
        assert_eq!(refused(&pair(&app, bearer, &code).send().await, 404), NO_DEVICE);
    }
    fetched(&poll(&app, &token).send().await, "ada@example.org");
}

async fn a_code_that_no_device_shows_is_404(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = register(&app, "ada").await;
    start(&app, "mirror").await;
    for typed in ["222222", "GHT10Q", "ghti0q", "22222", "2222222", "' OR 1", "ÀÀÀ", "%", "______"] {
        assert_eq!(refused(&pair(&app, &ada, typed).send().await, 404), NO_DEVICE, "{typed}");
    }
    for (what, body) in spoiled("code", &[]) {
        let answer = with(app.visitor().post("/auth/pair").body(body), &ada).send().await;
        let status = if what.ends_with("MiB") { 413 } else { 404 };
        assert!(refused(&answer, status) == NO_DEVICE || status == 413, "{what}");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers WHERE paired_at IS NOT NULL").await, 0);
}

async fn pairing_needs_a_bearer_of_this_dialect(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let (code, token) = start(&app, "mirror").await;
    let cookie = ada.post("/auth/pair").form(&[("code", &code)]).send().await;
    assert_eq!(refused(&cookie, 401), LOGIN_FAILED, "a cookie opens no API");
    let session = ada.cookie("vestibule").unwrap();
    let key = app.key("shop").await;
    let stranger = "A".repeat(43);
    for bearer in [session.as_str(), &key, &token, &stranger, "nonsense", ""] {
        assert_eq!(refused(&pair(&app, bearer, &code).send().await, 401), LOGIN_FAILED);
    }
    // Authorisation is checked before the body.
    for body in [
        Body::new("application/json", "{}"),
        Body::new("application/json", "{\"code\":5}"),
        Body::new("application/json", "{\"code\":\"\"}"),
        Body::new("application/x-www-form-urlencoded", "code=AAAAAA&code=BBBBBB"),
        Body::new("application/x-www-form-urlencoded", "code=no"),
    ] {
        let ask = app.visitor().post("/auth/pair").body(body);
        let ask = ask.header("authorization", &format!("Bearer {stranger}"));
        assert_eq!(refused(&ask.send().await, 401), LOGIN_FAILED);
    }
    let person = register(&app, "eve").await;
    let basic = app.visitor().post("/auth/pair").form(&[("code", &code)]);
    refused(&basic.header("authorization", &format!("Basic {person}")).send().await, 401);
    given(&poll(&app, &token).send().await, 202);
    for (bearer, status) in [(person.as_str(), 404), (&stranger, 404), ("nonsense", 404)] {
        assert_eq!(refused(&poll(&app, bearer).send().await, status), NO_DEVICE);
    }
    refused(&app.visitor().get("/auth/device").send().await, 401);
}

async fn a_devices_own_bearer_pairs_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = register(&app, "ada").await;
    let (code, token) = start(&app, "hall").await;
    given(&pair(&app, &ada, &code).send().await, 200);
    let hall = fetched(&poll(&app, &token).send().await, "ada@example.org");
    let (code, token) = start(&app, "bath").await;
    for typed in [code.as_str(), "222222", "junk", ""] {
        assert_eq!(refused(&pair(&app, &hall, typed).send().await, 401), LOGIN_FAILED, "{typed}");
    }
    given(&poll(&app, &token).send().await, 202);
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers WHERE paired_at IS NOT NULL").await, 1);
}

async fn a_device_needs_a_name(engine: Engine) {
    let app = TestApp::new(engine).await;
    let long = "x".repeat(61);
    for name in [" ", long.as_str(), "a\r\nb"] {
        let answer = app.visitor().post("/auth/device").form(&[("name", name)]).send().await;
        assert!(refused(&answer, 422).starts_with("name: "));
    }
    for (what, body) in spoiled("name", &[]) {
        let answer = app.visitor().post("/auth/device").body(body).send().await;
        refused(&answer, if what.ends_with("MiB") { 413 } else { 422 });
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM pairings").await, 0);
    start(&app, &"é".repeat(60)).await;
}

async fn an_expired_code_and_a_late_device_are_404(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = register(&app, "ada").await;
    let (late, late_token) = start(&app, "late").await;
    let (code, token) = start(&app, "mirror").await;
    app.pass(10 * MINUTE - Duration::from_secs(1));
    given(&pair(&app, &ada, &code).send().await, 200);
    app.pass(Duration::from_secs(1));
    assert_eq!(refused(&pair(&app, &ada, &late).send().await, 404), NO_DEVICE);
    assert_eq!(refused(&poll(&app, &late_token).send().await, 404), NO_DEVICE);
    fetched(&poll(&app, &token).send().await, "ada@example.org");
    let (code, token) = start(&app, "asleep").await;
    given(&pair(&app, &ada, &code).send().await, 200);
    app.pass(10 * MINUTE);
    assert_eq!(refused(&poll(&app, &token).send().await, 404), NO_DEVICE);
}

async fn a_head_request_fetches_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = register(&app, "ada").await;
    let (code, token) = start(&app, "mirror").await;
    let head = |path: &str| with(app.visitor().ask("HEAD", path), &token);
    assert_eq!(head("/auth/device").send().await.status, 202);
    given(&pair(&app, &ada, &code).send().await, 200);
    for path in ["/auth/device", "/auth/device/events", "/auth/device"] {
        let answer = head(path).send().await;
        assert_eq!((answer.status, answer.content.len()), (200, 0), "{path}");
    }
    fetched(&poll(&app, &token).send().await, "ada@example.org");
}

async fn five_wrong_codes_close_pairing_for_a_quarter_of_an_hour(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'").await;
    let (ada, eve) = (register(&app, "ada").await, register(&app, "eve").await);
    for (number, typed) in ["222222", "GHT10Q", "333333", "444-444"].into_iter().enumerate() {
        refused(&pair(&app, &ada, typed).send().await, 404);
        let (code, _) = start(&app, &number.to_string()).await;
        given(&pair(&app, &ada, &code).send().await, 200);
    }
    refused(&pair(&app, &ada, "222222").send().await, 404);
    let (code, _) = start(&app, "mirror").await;
    let closed = pair(&app, &ada, &code).send().await;
    refused(&closed, 429);
    assert_eq!(closed.header("retry-after"), Some("900"));
    app.pass(15 * MINUTE - Duration::from_secs(1));
    let (code, _) = start(&app, "mirror").await;
    refused(&pair(&app, &ada, &code).send().await, 429);
    given(&pair(&app, &eve, &code).send().await, 200);
    app.pass(Duration::from_secs(1));
    let (code, _) = start(&app, "mirror").await;
    given(&pair(&app, &ada, &code).send().await, 200);
}

async fn who_starts_too_many_devices_is_told_when_to_come_back(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'").await;
    for number in 0..30 {
        start(&app, &number.to_string()).await;
    }
    let answer = app.visitor().post("/auth/device").form(&[("name", "one more")]).send().await;
    refused(&answer, 429);
    app.pass(Duration::from_secs(answer.header("retry-after").unwrap().parse().unwrap()));
    start(&app, "one more").await;
}
