//! The exchange of a user secret for a bearer (RFC 6749, section 4.4), and what the bearer opens.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use store::Engine;

use crate::engines::both_engines;
use crate::support::{Answer, Ask, Body, PASSWORD, TestApp, broken, spoiled};

const NEW: &str = "another horse battery";

both_engines![
    a_secret_is_exchanged_for_a_short_lived_bearer,
    basic_credentials_are_the_same,
    every_error_is_one_of_the_rfc,
    the_bearer_changes_and_resets_its_own_users_password_alone,
    a_bearer_ends_with_its_time_and_with_the_password,
    where_addresses_are_proven_first_a_secret_from_before_waits_too,
    bad_bodies_are_refused_in_shape,
];

async fn user(app: &TestApp, name: &str) -> (String, String) {
    let email = format!("{name}@example.org");
    let fields = [("name", name), ("email", &email), ("password", PASSWORD)];
    let answer = app.visitor().post("/api/user/v1/register").form(&fields).send().await;
    let data = answer.json()["data"].clone();
    (data["user_id"].to_string(), data["user_secret"].as_str().unwrap().to_owned())
}

fn exchange(app: &TestApp, fields: &[(&str, &str)]) -> Ask {
    app.visitor().post("/oauth/token").form(fields)
}

async fn bearer(app: &TestApp, (id, secret): &(String, String)) -> String {
    let fields = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    let answer = exchange(app, &fields).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    format!("Bearer {}", answer.json()["access_token"].as_str().unwrap())
}

#[track_caller]
fn refused(answer: &Answer, status: u16, error: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body = answer.json();
    assert_eq!(body["error"], error);
    let description = body["error_description"].as_str().unwrap();
    assert!(
        description.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'"' && b != b'\\'),
        "{description}"
    );
    assert!(!description.is_empty());
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
}

async fn where_addresses_are_proven_first_a_secret_from_before_waits_too(engine: Engine) {
    let app = TestApp::with(engine, "registration.verify = 'required'").await;
    // An instance that does not require verified addresses.
    let before = app.another().await;
    let (id, secret) = user(&before, "ada").await;
    let fields = [("grant_type", "client_credentials"), ("client_id", &*id), ("client_secret", &*secret)];
    refused(&exchange(&app, &fields).send().await, 403, "unauthorized_client");
    let wrong = [fields[0], fields[1], ("client_secret", "wrong")];
    refused(&exchange(&app, &wrong).send().await, 401, "invalid_client");
    app.sql("UPDATE accounts SET verified_at = 1").await;
    assert_eq!(exchange(&app, &fields).send().await.status, 200);
}

async fn a_secret_is_exchanged_for_a_short_lived_bearer(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (id, secret) = user(&app, "ada").await;
    let fields = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)];
    for body in Body::kinds(&fields) {
        let answer = app.visitor().post("/oauth/token/").body(body).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("pragma"), Some("no-cache"), "RFC 6749 5.1");
        let body = answer.json();
        let token = body["access_token"].as_str().unwrap();
        assert_eq!(body, json!({ "access_token": token, "token_type": "Bearer", "expires_in": 900 }));
    }
}

async fn basic_credentials_are_the_same(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (id, secret) = user(&app, "ada").await;
    let escaped: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    for written in [secret.as_str(), escaped.as_str()] {
        let header = format!("Basic {}", STANDARD.encode(format!("{id}:{written}")));
        let ask = exchange(&app, &[("grant_type", "client_credentials")]).header("authorization", &header);
        assert_eq!(ask.send().await.status, 200, "{written}");
    }
    let header = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let empty = [("grant_type", "client_credentials"), ("client_id", ""), ("client_secret", "")];
    let ask = exchange(&app, &empty).header("authorization", &header);
    assert_eq!(ask.send().await.status, 200, "what has no value was not sent");
    let number = serde_json::json!({ "grant_type": "client_credentials", "client_id": id.parse::<i64>().unwrap(), "client_secret": secret });
    let ask = app.visitor().post("/oauth/token").body(Body::new("application/json", number.to_string()));
    assert_eq!(ask.send().await.status, 200, "the number as amadis gives it");
    let both = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)];
    refused(&exchange(&app, &both).header("authorization", &header).send().await, 400, "invalid_request");
}

async fn every_error_is_one_of_the_rfc(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (id, secret) = user(&app, "ada").await;
    let (other, _) = user(&app, "eve").await;
    refused(&exchange(&app, &[]).send().await, 400, "invalid_request");
    let password = [("grant_type", "password"), ("client_id", &id), ("client_secret", &secret)];
    refused(&exchange(&app, &password).send().await, 400, "unsupported_grant_type");
    let no_numbers = ["", "ada", "99999999999999999999999", "1.5"].map(|id| (id, secret.as_str()));
    let numbers = [(id.as_str(), "wrong"), ("999999", &secret), (&other, &secret), (&id, "")];
    for (id, secret) in numbers.into_iter().chain(no_numbers) {
        let fields = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
        let answer = exchange(&app, &fields).send().await;
        refused(&answer, 401, "invalid_client");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Basic"));
    }
    refused(&app.visitor().get("/oauth/token").send().await, 405, "invalid_request");
    refused(&app.visitor().get("/oauth/nothing").send().await, 404, "invalid_request");
}

async fn the_bearer_changes_and_resets_its_own_users_password_alone(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = user(&app, "ada").await;
    user(&app, "eve").await;
    let patch = |call: &str, bearer: &str| {
        app.visitor().ask("PATCH", &format!("/api/user/v1/{call}")).header("authorization", bearer)
    };
    let token = bearer(&app, &ada).await;
    let eves = [("email", "eve@example.org"), ("oldpassword", PASSWORD), ("newpassword", NEW)];
    assert_eq!(patch("changepassword", &token).form(&eves).send().await.status, 422);
    let wrong = [("oldpassword", "wrong horse"), ("newpassword", NEW)];
    assert_eq!(patch("changepassword", &token).form(&wrong).send().await.status, 422);
    let own = [("oldpassword", PASSWORD), ("newpassword", NEW)];
    assert_eq!(patch("changepassword", &token).form(&own).send().await.status, 200);
    let ended = patch("changepassword", &token).form(&own).send().await;
    assert_eq!(ended.status, 401, "it ended with the password");
    assert_eq!(ended.header("www-authenticate"), Some("Bearer realm=\"amadis\""));
    let fields = [("email", "ada@example.org"), ("password", NEW)];
    let renewed = app.visitor().post("/api/user/v1/secret").form(&fields).send().await.json();
    let secret = renewed["data"]["user_secret"].as_str().unwrap().to_owned();
    let token = bearer(&app, &(ada.0, secret)).await;
    let eves = patch("resetpassword", &token).form(&[("email", "eve@example.org")]).send().await;
    assert_eq!(eves.json()["data"].get("password"), None);
    let own = patch("resetpassword", &token).form(&[("email", "ada@example.org")]).send().await;
    let password = own.json()["data"]["password"].as_str().unwrap().to_owned();
    assert_eq!(app.visitor().log_in("ada@example.org", &password).await.status, 200);
    assert_eq!(app.visitor().log_in("eve@example.org", PASSWORD).await.status, 200);
}

async fn a_bearer_ends_with_its_time_and_with_the_password(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = user(&app, "ada").await;
    let token = bearer(&app, &ada).await;
    let change = |new: &'static str, old: &'static str| {
        let ask = app.visitor().ask("PATCH", "/api/user/v1/changepassword").header("authorization", &token);
        ask.form(&[("oldpassword", old), ("newpassword", new)])
    };
    app.pass(Duration::from_secs(899));
    assert_eq!(change("short", PASSWORD).send().await.status, 422, "alive");
    app.pass(Duration::from_secs(2));
    assert_eq!(change("short", PASSWORD).send().await.status, 401, "over");
    // An API key is not a bearer, and a bearer is neither a key nor a session.
    let fresh = bearer(&app, &ada).await;
    let create = app.visitor().post("/admin/api_account/create").header("authorization", &fresh);
    assert_ne!(create.form(&[("email", "eve@example.org")]).send().await.status, 200);
    let profile = app.visitor().get("/user/profil").wants_json().header("authorization", &fresh);
    assert_eq!(profile.send().await.status, 401);
}

async fn bad_bodies_are_refused_in_shape(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (id, secret) = user(&app, "ada").await;
    for (what, status, body) in broken() {
        let answer = app.visitor().post("/oauth/token").body(body).send().await;
        assert_eq!(answer.status, status, "{what}");
        refused(&answer, status, "invalid_request");
    }
    let good = [
        ("grant_type", "client_credentials"),
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
    ];
    for name in ["grant_type", "client_id", "client_secret"] {
        for (what, body) in spoiled(name, &good) {
            let answer = app.visitor().post("/oauth/token").body(body).send().await;
            assert!([400, 401, 413].contains(&answer.status), "{what}: {}", answer.text());
            assert!(answer.json()["error"].is_string(), "{what}");
        }
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 0);
}
