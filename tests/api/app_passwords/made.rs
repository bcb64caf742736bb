//! Making app passwords, as JSON.

use std::time::Duration;

use rocket::tokio::task::JoinSet;
use serde_json::{Value, json};
use store::Engine;

use super::{ADA, Ada, make};
use crate::engines::both_engines;
use crate::parity::server::Door::{Fastsite, Mirror};
use crate::parity::server::TestServer;
use crate::support::Body;

both_engines![
    an_app_password_is_shown_once_and_listed_with_its_last_use,
    only_an_account_that_wants_a_second_factor_makes_one,
    whoever_proved_themselves_too_long_ago_makes_and_revokes_none,
    what_cannot_be_a_name_or_a_dialect_is_refused_by_its_field,
    fifty_made_at_once_are_twenty,
    its_owner_is_told_and_the_log_has_it,
];

const PATH: &str = "/user/security/app-passwords";

async fn listed(ada: &Ada) -> Vec<Value> {
    let answer = ada.browser.get(PATH).wants_json().send().await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{}", answer.text());
    answer.json()["app_passwords"].as_array().unwrap().clone()
}

async fn an_app_password_is_shown_once_and_listed_with_its_last_use(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    assert!(listed(&ada).await.is_empty());
    let answer = make(&ada.browser, "  Telephone ", "mirror").send().await;
    assert_eq!((answer.status, answer.header("cache-control")), (201, Some("no-store")));
    let made = answer.json();
    assert_eq!((&made["name"], &made["dialect"]), (&json!("Telephone"), &json!("mirror")));
    let secret = made["password"].as_str().unwrap();
    assert_eq!(secret.len(), 24);
    assert!(secret.bytes().all(|byte| byte.is_ascii_alphanumeric() && !b"0O1I".contains(&byte)), "{secret}");
    let before = listed(&ada).await;
    assert_eq!(before.len(), 1);
    assert_eq!((&before[0]["seen_at"], &before[0]["place"]), (&Value::Null, &json!("")));
    assert!(!before[0].to_string().contains(secret));
    ada.server.app.pass(Duration::from_secs(60));
    assert!(ada.enters(Mirror, secret).await);
    let after = listed(&ada).await;
    assert_eq!(
        (&after[0]["seen_at"], &after[0]["place"]),
        (&json!("2026-01-01T00:01:00Z"), &json!("127.0.0.0/24"))
    );
    assert_eq!(after[0]["created_at"], "2026-01-01T00:00:00Z");
    // The database has a digest that is not of the secret alone.
    let row = "SELECT COUNT(*) FROM app_passwords WHERE name = 'Telephone' AND audience = 'mirror'";
    assert_eq!(ada.server.app.count(row).await, 1);
}

async fn only_an_account_that_wants_a_second_factor_makes_one(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    let eve = server.app.signed_up("eve").await;
    let refused = make(&eve, "Telephone", "mirror").send().await.problem(403);
    assert_eq!(refused["code"], "second_factor_missing");
    assert_eq!(eve.get(PATH).wants_json().send().await.json(), json!({ "app_passwords": [] }));
    for visitor in [server.app.visitor()] {
        make(&visitor, "Telephone", "mirror").send().await.problem(401);
        visitor.get(PATH).wants_json().send().await.problem(401);
        let revoke = visitor.post(&format!("{PATH}/revoke")).wants_json().form(&[("id", "1")]);
        revoke.send().await.problem(401);
    }
    assert_eq!(server.app.count("SELECT COUNT(*) FROM app_passwords").await, 0);
}

async fn whoever_proved_themselves_too_long_ago_makes_and_revokes_none(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    let made = make(&ada.browser, "Telephone", "mirror").send().await.json();
    ada.server.app.pass(Duration::from_secs(600));
    let refused = make(&ada.browser, "Telephone", "mirror").send().await.problem(403);
    assert_eq!(refused["code"], "reauthentication_required");
    let revoke = ada.browser.post(&format!("{PATH}/revoke")).wants_json();
    let refused = revoke.form(&[("id", &made["id"].to_string())]).send().await.problem(403);
    assert_eq!(refused["code"], "reauthentication_required");
    assert!(ada.enters(Mirror, made["password"].as_str().unwrap()).await);
}

async fn what_cannot_be_a_name_or_a_dialect_is_refused_by_its_field(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    let long = "é".repeat(101);
    for name in ["", "  ", &long, "a\u{0}b", "a\u{202e}b"] {
        make(&ada.browser, name, "mirror").send().await.refused_fields(422, &["name"]);
    }
    for door in ["", "pages", "siberian", "oauth", "Mirror", "mirror\0"] {
        make(&ada.browser, "Telephone", door).send().await.refused_fields(422, &["dialect"]);
    }
    make(&ada.browser, "", "").send().await.refused_fields(422, &["dialect", "name"]);
    let twice = Body::form(&[("name", "a"), ("name", "b"), ("dialect", "mirror")]);
    ada.browser.post(PATH).wants_json().body(twice).send().await.problem(400);
    for id in ["", "x", "0", "-1", "99999999999999999999"] {
        let revoke = ada.browser.post(&format!("{PATH}/revoke")).wants_json().form(&[("id", id)]);
        revoke.send().await.problem(404);
    }
    assert_eq!(ada.server.app.count("SELECT COUNT(*) FROM app_passwords").await, 0);
    let name = "é".repeat(100);
    assert_eq!(make(&ada.browser, &name, "fastsite").send().await.status, 201);
}

async fn fifty_made_at_once_are_twenty(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    let mut racing = JoinSet::new();
    for number in 0..50 {
        let ask = make(&ada.browser, &format!("Telephone {number}"), "fastsite");
        racing.spawn(async move { ask.send().await });
    }
    let answers = racing.join_all().await;
    let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(made.len(), 20);
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        refused.refused_fields(422, &["name"]);
        assert!(refused.text().contains("20 app passwords"), "{}", refused.text());
    }
    for answer in made {
        assert!(ada.enters(Fastsite, answer.json()["password"].as_str().unwrap()).await);
    }
}

async fn its_owner_is_told_and_the_log_has_it(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    let made = make(&ada.browser, "Telephone", "mirror").send().await.json();
    let app = &ada.server.app;
    let read = app.letters(ADA, "without your second step", 1).await.remove(0);
    assert!(app.mails(ADA).iter().any(|mail| mail.contains("Subject: New app password")), "{read}");
    assert!(!read.contains("Telephone"), "{read}");
    assert!(!read.contains(made["password"].as_str().unwrap()));
    let revoke = ada.browser.post(&format!("{PATH}/revoke")).wants_json();
    let revoked = revoke.form(&[("id", &made["id"].to_string())]).send().await;
    assert_eq!((revoked.status, revoked.json()), (200, json!({ "revoked": 1 })));
    app.letters(ADA, "no longer has access", 1).await;
    for kind in ["app_password_made", "app_password_revoked"] {
        let query = format!(
            "SELECT COUNT(*) FROM audit_events WHERE kind = '{kind}' AND actor = 'owner' \
             AND detail = 'mirror Telephone' AND address = '127.0.0.0/24'"
        );
        assert_eq!(ada.server.app.count(&query).await, 1, "{kind}");
    }
}
