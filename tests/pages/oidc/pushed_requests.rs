//! Requests that a client pushes before the browser comes (RFC 9126).

use std::time::Duration;

use serde_json::Value;
use store::Engine;

use super::{CALLBACK, SETTINGS, Shop, challenge, hidden, registered, said};
use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, Visitor};

both_engines!(
    a_browser_brings_the_name_of_a_request_and_nothing_else_counts,
    a_request_is_used_once_and_by_its_client_alone,
    a_proof_is_asked_for_once_and_cannot_be_talked_away,
    a_request_that_is_wrong_is_not_kept,
);

async fn pushes(app: &TestApp, shop: &Shop, more: &[(&str, &str)]) -> String {
    let challenge = challenge();
    let mut asked = shop.asks(&challenge);
    // The credentials come with the call.
    asked.remove(0);
    asked.extend(more);
    let answer = shop.calls(app, "/oidc/par", &asked).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let told = answer.json();
    assert_eq!(told["expires_in"], 1800);
    let name = told["request_uri"].as_str().unwrap();
    assert!(name.starts_with("urn:ietf:params:oauth:request_uri:"), "{name}");
    name.to_owned()
}

fn brings<'a>(shop: &'a Shop, name: &'a str) -> [(&'a str, &'a str); 2] {
    [("client_id", &shop.id), ("request_uri", name)]
}

async fn a_browser_brings_the_name_of_a_request_and_nothing_else_counts(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    app.signed_up("ada").await;
    let other = app.another().await;
    let long = "s".repeat(3000);
    let name = pushes(&app, &shop, &[("claims", &format!("{{\"x\":\"{long}\"}}"))]).await;
    let browser = other.visitor();
    let mut asked = brings(&shop, &name).to_vec();
    asked.extend([
        ("scope", "openid offline_access"),
        ("redirect_uri", "https://evil.example/"),
        ("state", "x"),
    ]);
    let away = shop.sends(&browser, &asked).send().await;
    let sign_in = away.header("location").unwrap().to_owned();
    let next = hidden(&browser.get(&sign_in).send().await.text(), "next");
    let form = [("email", "ada@example.org"), ("password", PASSWORD), ("next", &*next)];
    browser.post("/user/login").form(&form).send().await;
    let back = browser.get(&next).header("sec-fetch-site", "cross-site").send().await;
    assert_eq!(said(&back, "state"), "a&b=c");
    let tokens = shop.exchanges(&app, &said(&back, "code")).send().await.json();
    assert_eq!(tokens["scope"], "openid profile email");
}

async fn refused(shop: &Shop, visitor: &Visitor, name: &str) {
    let answer = shop.sends(visitor, &brings(shop, name)).send().await;
    assert_eq!((answer.status, answer.header("location")), (400, None), "{}", answer.text());
}

async fn a_request_is_used_once_and_by_its_client_alone(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let other = registered(&app, "Other", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    let name = pushes(&app, &shop, &[]).await;
    refused(&other, &ada, &name).await;
    refused(&shop, &ada, &format!("{name}x")).await;
    let back = shop.sends(&ada, &brings(&shop, &name)).send().await;
    assert_eq!(said(&back, "code").len(), 43);
    refused(&shop, &ada, &name).await;
    let page = shop.sends(&ada, &brings(&shop, &name)).send().await.text();
    assert!(page.contains("start again"), "{page}");
    let late = pushes(&app, &shop, &[]).await;
    app.pass(Duration::from_secs(1800));
    refused(&shop, &ada, &late).await;
    // The name of a request is no address of one.
    let mut asked = brings(&shop, "https://shop.example.org/request.jwt").to_vec();
    asked.extend([("redirect_uri", CALLBACK), ("response_type", "code"), ("scope", "openid")]);
    let answer = shop.sends(&ada, &asked).send().await;
    assert_eq!(said(&answer, "error"), "request_uri_not_supported");
}

async fn a_proof_is_asked_for_once_and_cannot_be_talked_away(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let ada = app.signed_up("ada").await;
    app.pass(Duration::from_secs(60));
    let name = pushes(&app, &shop, &[("prompt", "login"), ("max_age", "0")]).await;
    let away = shop.sends(&ada, &brings(&shop, &name)).send().await;
    let prove = away.header("location").unwrap().to_owned();
    assert!(prove.starts_with("/user/prove?next="), "{prove}");
    let next = hidden(&ada.get(&prove).send().await.text(), "next");
    // Without a proof the same address asks again.
    let again = ada.get(&next).header("sec-fetch-site", "cross-site").send().await;
    assert!(again.header("location").unwrap().starts_with("/user/prove?next="));
    app.pass(Duration::from_secs(60));
    ada.post("/user/prove").form(&[("password", PASSWORD), ("next", &*next)]).send().await;
    app.pass(Duration::from_secs(60));
    let back = ada.get(&next).header("sec-fetch-site", "cross-site").send().await;
    assert_eq!(said(&back, "code").len(), 43);
}

async fn a_request_that_is_wrong_is_not_kept(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let challenge = challenge();
    let right = shop.asks(&challenge)[1..].to_vec();
    let told = async |form: &[(&str, &str)], status: u16| -> Value {
        let answer = shop.calls(&app, "/oidc/par", form).send().await;
        assert_eq!(answer.status, status, "{}", answer.text());
        answer.json()
    };
    let with = |name: &'static str, value: &'static str| {
        let mut form = right.clone();
        form.retain(|(sent, _)| *sent != name);
        form.push((name, value));
        form
    };
    for (name, value, error) in [
        ("redirect_uri", "https://evil.example/", "invalid_request"),
        ("redirect_uri", "", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("scope", "email", "invalid_scope"),
        ("code_challenge", "short", "invalid_request"),
        ("request_uri", "urn:ietf:params:oauth:request_uri:x", "invalid_request"),
        ("request", "eyJ", "request_not_supported"),
        ("claims", "[]", "invalid_request"),
        ("prompt", "dance", "invalid_request"),
    ] {
        assert_eq!(told(&with(name, value), 400).await["error"], error, "{name}={value}");
    }
    let long = "s".repeat(5000);
    let mut longer = right.clone();
    longer.push(("login_hint", &long));
    assert_eq!(told(&longer, 400).await["error"], "invalid_request");
    let mut twice = right.clone();
    twice.push(("nonce", "other"));
    assert_eq!(told(&twice, 400).await["error"], "invalid_request");
    let stranger = Shop { id: shop.id.clone(), secret: "A".repeat(43) };
    assert_eq!(stranger.calls(&app, "/oidc/par", &right).send().await.status, 401);
    assert_eq!(app.count("SELECT COUNT(*) FROM oidc_pushed_requests").await, 0);
}
