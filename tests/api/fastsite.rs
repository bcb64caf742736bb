//! Fastsite, as single-page and mobile apps use it.

use std::time::Duration;

use serde_json::{Value, json};
use store::Engine;

use crate::engines::both_engines;
use crate::support::{Answer, Ask, Body, PASSWORD, TestApp, broken, spoiled};

const BASE: &str = "/api/v1/personal";

const FIELDS: &str = r#"
    [fields.phone]
    label = { en = "Phone", ru = "Телефон" }
    required = true
    sign_up = true
    max_length = 20

    [fields.news]
    label = { en = "News" }
    type = "boolean"

    [fields.site]
    label = { en = "Web site" }
    type = "url"
"#;

both_engines![
    registering_signs_in_and_gives_the_whole_profile,
    a_registration_that_cannot_be_is_success_0_and_makes_nothing,
    signing_in_takes_the_login_or_the_address,
    a_wrong_password_and_an_unknown_login_are_answered_alike,
    a_hash_gives_the_same_successor_within_its_minute,
    a_hash_that_is_used_after_its_minute_ends_the_whole_family,
    a_family_of_hashes_ends_after_ninety_days_however_often_it_is_exchanged,
    many_who_exchange_one_hash_at_once_get_one_successor,
    a_device_that_refreshes_often_pushes_no_other_out,
    a_hash_ends_after_a_day_unused_and_with_the_password,
    wrong_headers_are_401_in_shape,
    a_head_request_exchanges_nothing,
    recovery_answers_everybody_alike_and_mails_the_owner,
    messages_come_in_the_callers_language_and_in_russian_otherwise,
    everything_below_the_base_answers_in_shape,
    bad_bodies_are_refused_in_shape,
    too_many_tries_say_so_in_shape,
];

fn call(app: &TestApp, name: &str) -> Ask {
    app.visitor().post(&format!("{BASE}/{name}/"))
}

#[track_caller]
fn succeeded(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.json();
    assert_eq!((&body["success"], &body["result"]["TYPE"]), (&json!(1), &json!("OK")), "{body}");
    assert!(body["result"]["MESSAGE"].is_string());
    body.get("data").cloned().unwrap_or_default()
}

#[track_caller]
fn failed(answer: &Answer, status: u16) -> String {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let body = answer.json();
    let message = body["result"]["MESSAGE"].as_str().unwrap().to_owned();
    assert!(!message.is_empty());
    assert_eq!(body, json!({ "success": 0, "result": { "TYPE": "ERROR", "MESSAGE": message } }));
    message
}

fn registration(login: &str) -> Vec<(&str, String)> {
    vec![
        ("login", login.to_owned()),
        ("email", format!("{login}@example.org")),
        ("password", PASSWORD.to_owned()),
        ("confirm_password", PASSWORD.to_owned()),
        ("phone", "+7 495 000".to_owned()),
    ]
}

fn pairs<'a>(fields: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

async fn register(app: &TestApp, login: &str) -> (i64, String) {
    let data = succeeded(&call(app, "register").form(&pairs(&registration(login))).send().await);
    (data["user_id"].as_i64().unwrap(), data["user_hash"].as_str().unwrap().to_owned())
}

fn refresh(app: &TestApp, id: i64, hash: &str) -> Ask {
    let ask = app.visitor().get(&format!("{BASE}/auth_refresh/"));
    ask.header("user-id", &id.to_string()).header("user-hash", hash)
}

async fn registering_signs_in_and_gives_the_whole_profile(engine: Engine) {
    let app = TestApp::with(engine, FIELDS).await;
    for (kind, login) in ["form", "multipart", "json"].into_iter().enumerate() {
        let mut fields = registration(login);
        fields.extend([("news", "true".to_owned()), ("name", "Ада".to_owned())]);
        let body = Body::kinds(&pairs(&fields))[kind].clone();
        let data = succeeded(&call(&app, "register").body(body).send().await);
        let (id, hash) = (data["user_id"].as_i64().unwrap(), data["user_hash"].as_str().unwrap());
        let email = format!("{login}@example.org");
        let profile = json!({
            "login": login, "name": "Ада", "email": email, "phone": "+7 495 000", "news": true, "site": null,
        });
        assert_eq!(data, json!({ "user_id": id, "user_hash": hash, "user_profile": profile }));
        assert_eq!(app.signed_in(login).await.account().await["id"], id);
        succeeded(&refresh(&app, id, hash).send().await);
    }
}

async fn a_registration_that_cannot_be_is_success_0_and_makes_nothing(engine: Engine) {
    let app = TestApp::with(engine, FIELDS).await;
    register(&app, "ada").await;
    let refuse = async |change: &[(&'static str, &str)]| {
        let mut fields = registration("eve");
        for (name, value) in change {
            fields.retain(|(known, _)| known != name);
            fields.push((name, (*value).to_owned()));
        }
        failed(
            &call(&app, "register").header("accept-language", "en").form(&pairs(&fields)).send().await,
            200,
        )
    };
    assert!(refuse(&[("login", "ADA")]).await.starts_with("login:"));
    assert!(refuse(&[("email", "Ada@example.org")]).await.starts_with("email:"));
    assert!(refuse(&[("confirm_password", "another")]).await.starts_with("confirm_password:"));
    assert!(refuse(&[("phone", "")]).await.starts_with("phone:"));
    assert!(refuse(&[("site", "javascript:alert(1)")]).await.starts_with("site:"));
    assert!(refuse(&[("password", "short"), ("confirm_password", "short")]).await.starts_with("password:"));
    let fields = registration("eve");
    for name in ["login", "email", "password", "confirm_password", "phone"] {
        for (what, body) in spoiled(name, &pairs(&fields)) {
            // A JSON number is a valid telephone number, and so is the text of a boolean.
            if name == "phone" && ["a number", "true"].iter().any(|fine| what.ends_with(fine)) {
                continue;
            }
            let answer = call(&app, "register").body(body).send().await;
            let status = if what.ends_with("MiB") { 413 } else { 200 };
            assert_eq!(answer.status, status, "{what}: {}", answer.text());
            failed(&answer, status);
        }
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
}

async fn signing_in_takes_the_login_or_the_address(engine: Engine) {
    let app = TestApp::with(engine, FIELDS).await;
    let (id, _) = register(&app, "ada").await;
    for login in ["ada", "ADA", "ada@example.org", " Ada@Example.ORG "] {
        for body in Body::kinds(&[("login", login), ("password", PASSWORD)]) {
            let data = succeeded(&call(&app, "auth").body(body).send().await);
            assert_eq!(data["user_id"], id);
            assert_eq!(data["user_profile"]["email"], "ada@example.org");
            let hash = data["user_hash"].as_str().unwrap();
            succeeded(&refresh(&app, id, hash).send().await);
        }
    }
}

async fn a_wrong_password_and_an_unknown_login_are_answered_alike(engine: Engine) {
    let app = TestApp::with(engine, FIELDS).await;
    register(&app, "ada").await;
    let mut answers = Vec::new();
    for login in ["ada", "nobody", "nobody@example.org", "\u{0}", "a b c"] {
        let answer = call(&app, "auth").form(&[("login", login), ("password", "wrong horse")]).send().await;
        failed(&answer, 200);
        answers.push(answer.text());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

/// Exchanges a hash for the next.
async fn next(app: &TestApp, id: i64, hash: &str) -> String {
    let data = succeeded(&refresh(app, id, hash).send().await);
    let next = data["user_hash"].as_str().unwrap().to_owned();
    assert_eq!(data, json!({ "user_id": id, "user_hash": next }));
    assert_eq!(next.len(), 43, "256 bits");
    assert_ne!(next, hash);
    next
}

async fn a_hash_gives_the_same_successor_within_its_minute(engine: Engine) {
    let app = TestApp::with(engine, FIELDS).await;
    let (id, first) = register(&app, "ada").await;
    let second = next(&app, id, &first).await;
    app.pass(Duration::from_secs(30));
    assert_eq!(next(&app, id, &first).await, second);
    // The successor is exchanged in the other tab meanwhile.
    let third = next(&app, id, &second).await;
    app.pass(Duration::from_secs(29));
    assert_eq!(next(&app, id, &first).await, second);
    assert_eq!(next(&app, id, &second).await, third);
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 1, "all are one bearer");
    // A copy of the database does not have the successor.
    let pages = app.count("SELECT COUNT(*) FROM exchanged_bearers WHERE length(successor) = 32").await;
    assert_eq!(pages, 2);
}

async fn a_hash_that_is_used_after_its_minute_ends_the_whole_family(engine: Engine) {
    let app = TestApp::with(engine, FIELDS).await;
    let (id, first) = register(&app, "ada").await;
    let data = succeeded(&call(&app, "auth").form(&[("login", "ada"), ("password", PASSWORD)]).send().await);
    let other = data["user_hash"].as_str().unwrap().to_owned();
    let mut last = next(&app, id, &first).await;
    // However often the thief exchanges the hash meanwhile.
    for _ in 0..120 {
        last = next(&app, id, &last).await;
        app.pass(Duration::from_secs(1));
    }
    app.pass(Duration::from_secs(60));
    // A question changes nothing.
    let head = app.visitor().ask("HEAD", &format!("{BASE}/auth_refresh/"));
    let head = head.header("user-id", &id.to_string()).header("user-hash", &first);
    assert_eq!(head.send().await.status, 401);
    last = next(&app, id, &last).await;
    failed(&refresh(&app, id, &first).send().await, 401);
    failed(&refresh(&app, id, &last).send().await, 401);
    next(&app, id, &other).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 1);
}

async fn a_family_of_hashes_ends_after_ninety_days_however_often_it_is_exchanged(engine: Engine) {
    let app = TestApp::with(engine, FIELDS).await;
    let (id, mut hash) = register(&app, "ada").await;
    let half_a_day = Duration::from_secs(43_200);
    for _ in 0..179 {
        app.pass(half_a_day);
        hash = next(&app, id, &hash).await;
    }
    app.pass(half_a_day - Duration::from_secs(1));
    hash = next(&app, id, &hash).await;
    app.pass(Duration::from_secs(1));
    failed(&refresh(&app, id, &hash).send().await, 401);
}

async fn many_who_exchange_one_hash_at_once_get_one_successor(engine: Engine) {
    let app = TestApp::with(engine, FIELDS).await;
    let (id, first) = register(&app, "ada").await;
    let mut crowd = rocket::tokio::task::JoinSet::new();
    for _ in 0..20 {
        let ask = refresh(&app, id, &first);
        crowd.spawn(async move { succeeded(&ask.send().await)["user_hash"].clone() });
    }
    let given = crowd.join_all().await;
    assert!(given.iter().all(|hash| *hash == given[0]), "{given:?}");
    next(&app, id, given[0].as_str().unwrap()).await;
}

async fn a_device_that_refreshes_often_pushes_no_other_out(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (id, quiet) = register(&app, "ada").await;
    let fields = [("login", "ada"), ("password", PASSWORD)];
    let mut busy = succeeded(&call(&app, "auth").form(&fields).send().await)["user_hash"].clone();
    for _ in 0..120 {
        app.pass(Duration::from_secs(61));
        busy = succeeded(&refresh(&app, id, busy.as_str().unwrap()).send().await)["user_hash"].clone();
    }
    succeeded(&refresh(&app, id, &quiet).send().await);
}

async fn a_hash_ends_after_a_day_unused_and_with_the_password(engine: Engine) {
    let app = TestApp::with(engine, FIELDS).await;
    let (id, hash) = register(&app, "ada").await;
    app.pass(Duration::from_secs(86_400));
    failed(&refresh(&app, id, &hash).send().await, 401);
    let data = succeeded(&call(&app, "auth").form(&[("login", "ada"), ("password", PASSWORD)]).send().await);
    let hash = data["user_hash"].as_str().unwrap();
    let browser = app.signed_in("ada").await;
    let change = [("apassword", PASSWORD), ("npassword", "another horse battery")];
    assert_eq!(browser.post("/user/modify/password").wants_json().form(&change).send().await.status, 200);
    failed(&refresh(&app, id, hash).send().await, 401);
}

async fn wrong_headers_are_401_in_shape(engine: Engine) {
    let app = TestApp::with(engine, FIELDS).await;
    let (id, hash) = register(&app, "ada").await;
    let (other, _) = register(&app, "eve").await;
    let bare = app.visitor().get(&format!("{BASE}/auth_refresh"));
    failed(&bare.send().await, 401);
    failed(&bare.clone().header("user-id", &id.to_string()).send().await, 401);
    failed(&bare.header("user-hash", &hash).send().await, 401);
    failed(&refresh(&app, other, &hash).send().await, 401);
    failed(&refresh(&app, id, &"A".repeat(43)).send().await, 401);
    failed(&refresh(&app, id, "x").send().await, 401);
    let browser = app.signed_in("ada").await;
    failed(&browser.get(&format!("{BASE}/auth_refresh")).send().await, 401);
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 2, "nothing was handed out");
}

async fn a_head_request_exchanges_nothing(engine: Engine) {
    let app = TestApp::with(engine, FIELDS).await;
    let (id, hash) = register(&app, "ada").await;
    let ask = |hash: &str| {
        let ask = app.visitor().ask("HEAD", &format!("{BASE}/auth_refresh/"));
        ask.header("user-id", &id.to_string()).header("user-hash", hash)
    };
    assert_eq!(ask(&hash).send().await.status, 200);
    assert_eq!(ask("x").send().await.status, 401);
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 1);
    app.pass(Duration::from_secs(120));
    succeeded(&refresh(&app, id, &hash).send().await);
}

async fn recovery_answers_everybody_alike_and_mails_the_owner(engine: Engine) {
    let app = TestApp::with(engine, FIELDS).await;
    register(&app, "ada").await;
    let mut answers = Vec::new();
    for fields in [
        [("login", "ada")],
        [("login", "ada@example.org")],
        [("email", "ADA@example.org")],
        [("login", "nobody")],
        [("email", "nobody@example.org")],
        [("email", "no address")],
    ] {
        for body in Body::kinds(&fields) {
            let answer = call(&app, "recover").body(body).send().await;
            assert_eq!(succeeded(&answer), Value::Null, "no data");
            answers.push(answer.text());
        }
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let mail = app.mailed("ada@example.org", 1).await;
    assert!(mail[0].contains("/user/reset?token="), "{}", mail[0]);
    failed(&call(&app, "recover").form(&[]).send().await, 200);
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200, "the old password still works");
}

async fn messages_come_in_the_callers_language_and_in_russian_otherwise(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ask = |language: Option<&str>| {
        let ask = call(&app, "auth").form(&[("login", "ada"), ("password", "wrong horse")]);
        match language {
            Some(language) => ask.header("accept-language", language),
            None => ask,
        }
    };
    let mut said = Vec::new();
    for language in [Some("en"), Some("fr-CA"), Some("ru"), Some("de"), None] {
        said.push(failed(&ask(language).send().await, 200));
    }
    assert!(said[2].chars().any(|c| ('а'..='я').contains(&c)), "{said:?}");
    assert_eq!([&said[3], &said[4]], [&said[2], &said[2]]);
    assert!(said[0] != said[1] && said[1] != said[2] && said[0] != said[2], "{said:?}");
}

async fn everything_below_the_base_answers_in_shape(engine: Engine) {
    let app = TestApp::new(engine).await;
    for path in ["/nothing", "", "/auth/more"] {
        failed(&app.visitor().get(&format!("{BASE}{path}")).header("accept", "text/html").send().await, 404);
    }
    let wrong = app.visitor().get(&format!("{BASE}/auth/")).send().await;
    failed(&wrong, 405);
    assert_eq!(wrong.header("allow"), Some("POST"));
    failed(&call(&app, "auth_refresh").send().await, 405);
}

async fn bad_bodies_are_refused_in_shape(engine: Engine) {
    let app = TestApp::new(engine).await;
    for name in ["auth", "register", "recover"] {
        for (what, status, body) in broken() {
            let answer = call(&app, name).body(body).send().await;
            assert_eq!(answer.status, status, "{what} at {name}: {}", answer.text());
            failed(&answer, status);
        }
    }
    for name in ["login", "password"] {
        for (what, body) in spoiled(name, &[("login", "ada"), ("password", PASSWORD)]) {
            let answer = call(&app, "auth").body(body).send().await;
            failed(&answer, if what.ends_with("MiB") { 413 } else { 200 });
        }
    }
}

async fn too_many_tries_say_so_in_shape(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = \"on\"").await;
    let ask = call(&app, "auth").form(&[("login", "ada"), ("password", "wrong horse")]);
    let first = failed(&ask.send().await, 200);
    for _ in 0..10 {
        let answer = ask.send().await;
        if answer.header("retry-after").is_some() {
            assert_ne!(failed(&answer, 200), first);
            return;
        }
    }
    panic!("never throttled");
}
