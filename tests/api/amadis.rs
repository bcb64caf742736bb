//! Amadis, as device back ends use it.

mod secrets;

use domain::Scope;
use serde_json::{Value, json};
use store::Engine;

use crate::engines::both_engines;
use crate::support::{Answer, Ask, Body, PASSWORD, TestApp, broken, spoiled};

const BASE: &str = "/api/user/v1";
const NEW: &str = "another horse battery";

both_engines![
    registering_answers_201_with_the_number_and_a_secret_shown_once,
    a_registration_that_cannot_be_is_422_and_makes_nothing,
    changing_a_password_needs_the_present_one_and_ends_what_it_opened,
    an_unknown_address_and_a_wrong_password_are_answered_alike,
    anybody_who_asks_for_a_reset_gets_the_same_answer_and_the_owner_a_mail,
    a_key_resets_a_password_and_is_told_of_an_unknown_address,
    a_key_without_the_scope_or_the_rank_resets_nothing,
    the_owners_secret_resets_the_password_and_nobody_elses,
    everything_below_the_base_answers_in_shape,
    bad_bodies_are_refused_in_shape_and_change_nothing,
    too_many_tries_are_429_in_shape,
    a_back_end_with_a_key_is_not_held_to_the_rate_of_one_address,
];

fn registration(name: &str) -> [(&'static str, String); 3] {
    [("name", name.to_owned()), ("email", format!("{name}@example.org")), ("password", PASSWORD.to_owned())]
}

fn pairs<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

async fn register(app: &TestApp, name: &str) -> (i64, String) {
    let fields = registration(name);
    let answer = app.visitor().post(&format!("{BASE}/register")).form(&pairs(&fields)).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let data = answer.json()["data"].clone();
    (data["user_id"].as_i64().unwrap(), data["user_secret"].as_str().unwrap().to_owned())
}

fn patch(app: &TestApp, call: &str) -> Ask {
    app.visitor().ask("PATCH", &format!("{BASE}/{call}"))
}

#[track_caller]
fn refused(answer: &Answer, status: u16) -> String {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let body = answer.json();
    assert_eq!(body["status"], "error");
    let error = body["data"]["error"].as_str().unwrap().to_owned();
    assert!(!error.is_empty());
    assert_eq!(body, json!({ "status": "error", "data": { "error": error } }));
    error
}

async fn signs_in(app: &TestApp, name: &str, password: &str) -> bool {
    app.visitor().log_in(&format!("{name}@example.org"), password).await.status == 200
}

async fn registering_answers_201_with_the_number_and_a_secret_shown_once(engine: Engine) {
    let app = TestApp::new(engine).await;
    for (number, kind) in ["form", "multipart", "json"].iter().zip(0..) {
        let fields = registration(number);
        let path = format!("{BASE}/register{}", "/".repeat(kind % 2));
        let body = Body::kinds(&pairs(&fields))[kind].clone();
        let answer = app.visitor().post(&path).body(body).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let body = answer.json();
        let (id, secret) =
            (body["data"]["user_id"].as_i64().unwrap(), body["data"]["user_secret"].as_str().unwrap());
        assert_eq!(body, json!({ "status": "success", "data": { "user_id": id, "user_secret": secret } }));
        assert_eq!(secret.len(), 44, "32 bytes in base64");
        let account = app.signed_in(&format!("{number}@example.org")).await.account().await;
        assert_eq!((account["id"].as_i64(), account["name"].as_str()), (Some(id), Some(*number)));
    }
    let stored = app.count("SELECT COUNT(*) FROM user_secrets WHERE LENGTH(secret) = 32").await;
    assert_eq!(stored, 3);
}

async fn a_registration_that_cannot_be_is_422_and_makes_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    register(&app, "ada").await;
    let path = format!("{BASE}/register");
    let mut taken = registration("ada");
    taken[1].1 = " ADA@Example.org ".into();
    refused(&app.visitor().post(&path).form(&pairs(&taken)).send().await, 422);
    let fields = registration("eve");
    for name in ["email", "password"] {
        for (what, body) in spoiled(name, &pairs(&fields)) {
            let answer = app.visitor().post(&path).body(body).send().await;
            let status = if what.ends_with("MiB") { 413 } else { 422 };
            assert_eq!(answer.status, status, "{what}: {}", answer.text());
            refused(&answer, status);
        }
    }
    for (what, body) in spoiled("name", &pairs(&fields)) {
        if ["missing", "empty"].iter().any(|fine| what.ends_with(fine)) {
            continue;
        }
        let answer = app.visitor().post(&path).body(body).send().await;
        refused(&answer, if what.ends_with("MiB") { 413 } else { 422 });
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
}

async fn changing_a_password_needs_the_present_one_and_ends_what_it_opened(engine: Engine) {
    let app = TestApp::new(engine).await;
    register(&app, "ada").await;
    let browser = app.signed_in("ada@example.org").await;
    let fields = [("email", "ada@example.org"), ("oldpassword", "wrong horse"), ("newpassword", NEW)];
    refused(&patch(&app, "changepassword").form(&fields).send().await, 422);
    let short = [("email", "ada@example.org"), ("oldpassword", PASSWORD), ("newpassword", "short")];
    assert!(
        refused(&patch(&app, "changepassword").form(&short).send().await, 422).starts_with("newpassword")
    );
    assert!(browser.is_signed_in().await);
    let mut present = PASSWORD;
    for (kind, next) in [NEW, PASSWORD, NEW].into_iter().enumerate() {
        let fields = [("email", "ADA@example.org"), ("oldpassword", present), ("newpassword", next)];
        let answer = patch(&app, "changepassword/").body(Body::kinds(&fields)[kind].clone()).send().await;
        assert_eq!((answer.status, answer.json()), (200, json!({ "status": "success" })));
        present = next;
    }
    assert!(!browser.is_signed_in().await);
    assert!(!signs_in(&app, "ada", PASSWORD).await);
    assert!(signs_in(&app, "ada", NEW).await);
}

async fn an_unknown_address_and_a_wrong_password_are_answered_alike(engine: Engine) {
    let app = TestApp::new(engine).await;
    register(&app, "ada").await;
    let mut answers = Vec::new();
    for email in ["ada@example.org", "nobody@example.org", "not an address", "\u{0}"] {
        let fields = [("email", email), ("oldpassword", "wrong horse"), ("newpassword", NEW)];
        let answer = patch(&app, "changepassword").form(&fields).send().await;
        answers.push((answer.status, answer.text()));
    }
    assert_eq!(answers[0].0, 422);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

async fn anybody_who_asks_for_a_reset_gets_the_same_answer_and_the_owner_a_mail(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (_, secret) = register(&app, "ada").await;
    let (_, other) = register(&app, "eve").await;
    let stranger = "A".repeat(43);
    for email in ["ada@example.org", "nobody@example.org"] {
        for bearer in [None, Some("nonsense"), Some(stranger.as_str()), Some(other.as_str())] {
            let mut ask = patch(&app, "resetpassword").form(&[("email", email)]);
            if let Some(bearer) = bearer {
                ask = ask.header("authorization", &format!("Bearer {bearer}"));
            }
            let answer = ask.send().await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.json(), json!({ "status": "success", "data": { "email": email } }));
        }
    }
    assert!(signs_in(&app, "ada", PASSWORD).await, "nothing was changed");
    assert_ne!(secret, other);
    app.mailed("ada@example.org", 1).await;
    assert!(app.mails("nobody@example.org").is_empty());
}

async fn a_key_resets_a_password_and_is_told_of_an_unknown_address(engine: Engine) {
    let app = TestApp::new(engine).await;
    register(&app, "ada").await;
    let browser = app.signed_in("ada@example.org").await;
    let key = app.key("shop").await;
    let basic = {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(format!("shop:{key}"))
    };
    for (name, value) in [
        ("authorization", format!("Bearer {key}")),
        ("authorization", format!("Basic {basic}")),
        ("api-auth-bearer", format!("Bearer {key}")),
    ] {
        let fields = [("email", "ADA@example.org")];
        let answer = patch(&app, "resetpassword").header(name, &value).form(&fields).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let body = answer.json();
        assert_eq!(body["data"]["email"], "ADA@example.org".to_lowercase());
        let password = body["data"]["password"].as_str().unwrap();
        assert!(password.len() >= 16);
        assert!(signs_in(&app, "ada", password).await);
        let unknown =
            patch(&app, "resetpassword").header(name, &value).form(&[("email", "nobody@example.org")]);
        refused(&unknown.send().await, 404);
    }
    assert!(!browser.is_signed_in().await);
    app.revoke_key("shop").await;
    let late = patch(&app, "resetpassword").header("api-auth-bearer", &format!("Bearer {key}"));
    let answer = late.form(&[("email", "ada@example.org")]).send().await;
    assert_eq!(answer.json()["data"].get("password"), None, "a revoked key is anybody");
}

async fn a_key_without_the_scope_or_the_rank_resets_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    register(&app, "ada").await;
    let reader = app.key_with("reader", &[Scope::AccountsRead, Scope::AccountsWrite], 2, None).await;
    let ask = patch(&app, "resetpassword").header("authorization", &format!("Bearer {reader}"));
    refused(&ask.form(&[("email", "ada@example.org")]).send().await, 403);
    app.sql("UPDATE accounts SET role_id = 3").await;
    let shop = app.key("shop").await;
    let ask = patch(&app, "resetpassword").header("authorization", &format!("Bearer {shop}"));
    let answer = ask.form(&[("email", "ada@example.org")]).send().await;
    assert_eq!((answer.status, answer.json()["data"].get("password")), (200, None));
    assert!(signs_in(&app, "ada", PASSWORD).await);
}

async fn the_owners_secret_resets_the_password_and_nobody_elses(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (_, secret) = register(&app, "ada").await;
    register(&app, "eve").await;
    let bearer = format!("Bearer {secret}");
    let eve =
        patch(&app, "resetpassword").header("authorization", &bearer).form(&[("email", "eve@example.org")]);
    assert_eq!(
        eve.send().await.json(),
        json!({ "status": "success", "data": { "email": "eve@example.org" } })
    );
    let ada =
        patch(&app, "resetpassword").header("authorization", &bearer).form(&[("email", "ada@example.org")]);
    let body: Value = ada.send().await.json();
    assert!(signs_in(&app, "ada", body["data"]["password"].as_str().unwrap()).await);
    assert!(signs_in(&app, "eve", PASSWORD).await);
}

async fn everything_below_the_base_answers_in_shape(engine: Engine) {
    let app = TestApp::new(engine).await;
    refused(&app.visitor().get(&format!("{BASE}/nothing")).send().await, 404);
    refused(&app.visitor().get(BASE).send().await, 404);
    let wrong = app.visitor().get(&format!("{BASE}/register")).header("accept", "text/html").send().await;
    refused(&wrong, 405);
    assert_eq!(wrong.header("allow"), Some("POST"));
    refused(&patch(&app, "register").send().await, 405);
    refused(&app.visitor().ask("DELETE", &format!("{BASE}/resetpassword")).send().await, 405);
}

async fn bad_bodies_are_refused_in_shape_and_change_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    register(&app, "ada").await;
    for (what, status, body) in broken() {
        for call in ["changepassword", "resetpassword"] {
            let answer = patch(&app, call).body(body.clone()).send().await;
            assert_eq!(answer.status, status, "{what} at {call}: {}", answer.text());
            refused(&answer, status);
        }
    }
    let good = [("email", "ada@example.org"), ("oldpassword", PASSWORD), ("newpassword", NEW)];
    for name in ["email", "oldpassword", "newpassword"] {
        for (what, body) in spoiled(name, &good) {
            let answer = patch(&app, "changepassword").body(body).send().await;
            let status = if what.ends_with("MiB") { 413 } else { 422 };
            assert_eq!(answer.status, status, "{what}: {}", answer.text());
            refused(&answer, status);
        }
    }
    assert!(signs_in(&app, "ada", PASSWORD).await);
}

async fn too_many_tries_are_429_in_shape(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = \"on\"").await;
    register(&app, "ada").await;
    let fields = [("email", "ada@example.org"), ("oldpassword", "wrong horse"), ("newpassword", NEW)];
    let mut last = patch(&app, "changepassword").form(&fields).send().await;
    for _ in 0..10 {
        if last.status == 429 {
            break;
        }
        refused(&last, 422);
        last = patch(&app, "changepassword").form(&fields).send().await;
    }
    refused(&last, 429);
    assert!(last.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
}

async fn a_back_end_with_a_key_is_not_held_to_the_rate_of_one_address(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = \"on\"").await;
    let key = format!("Bearer {}", app.key("backend").await);
    for number in 0..25 {
        let fields = registration(&format!("user{number}"));
        let ask = app.visitor().post(&format!("{BASE}/register")).header("authorization", &key);
        let answer = ask.form(&pairs(&fields)).send().await;
        assert_eq!(answer.status, 201, "{number}: {}", answer.text());
    }
    let fields = [("email", "user1@example.org"), ("oldpassword", PASSWORD), ("newpassword", NEW)];
    let answer = patch(&app, "changepassword").header("authorization", &key).form(&fields).send().await;
    assert_eq!(answer.status, 200, "a key is no bearer that fails: {}", answer.text());
    for number in 0..25 {
        let fields = registration(&format!("other{number}"));
        let answer = app.visitor().post(&format!("{BASE}/register")).form(&pairs(&fields)).send().await;
        if answer.status == 429 {
            refused(&answer, 429);
            return;
        }
    }
    panic!("nobody else is held to it either");
}
