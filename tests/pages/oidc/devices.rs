//! Devices and programs without a browser (RFC 8628).

use std::time::Duration;

use serde_json::Value;
use store::Engine;

use super::{ISSUER, SETTINGS, Shop, claims, hidden, registered, user_info};
use crate::engines::both_engines;
use crate::support::{Ask, PASSWORD, TestApp, Visitor};

both_engines!(
    a_device_gets_tokens_once_somebody_has_typed_its_code,
    a_device_that_is_denied_or_too_late_gets_nothing,
    a_device_that_was_permitted_ends_with_everything_else,
    a_device_that_asks_too_often_is_slowed_down,
    of_many_questions_one_gets_tokens,
    a_client_that_is_not_for_devices_is_refused,
    wrong_codes_are_counted,
    a_code_in_the_address_stands_in_the_form,
    a_device_of_a_client_that_is_revoked_gets_nothing,
    a_code_of_one_instance_is_typed_at_another,
    old_devices_are_removed,
);

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const PAIR: &str = "/user/devices/pair";

async fn starts(app: &TestApp, shop: &Shop, scope: &str) -> Value {
    let answer = shop.calls(app, "/oidc/device", &[("scope", scope)]).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn asks(app: &TestApp, shop: &Shop, device: &Value) -> Ask {
    let device = device["device_code"].as_str().unwrap();
    shop.calls(app, "/oidc/token", &[("grant_type", GRANT), ("device_code", device)])
}

async fn is_told(app: &TestApp, shop: &Shop, device: &Value, error: &str) {
    let answer = asks(app, shop, device).send().await;
    assert_eq!((answer.status, &answer.json()["error"]), (400, &error.into()), "{}", answer.text());
}

async fn decides(visitor: &Visitor, device: &Value, decision: &str) {
    let code = device["user_code"].as_str().unwrap();
    let form = [("code", code), ("confirm", "yes"), ("decision", decision)];
    let answer = visitor.post(PAIR).form(&form).send().await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/user/devices")), "{}", answer.text());
}

async fn a_device_gets_tokens_once_somebody_has_typed_its_code(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let tool = registered(&app, "Tool", &["--public", "--device"]);
    let ada = app.signed_up("ada").await;
    let device = starts(&app, &tool, "openid email offline_access").await;
    assert_eq!(device["verification_uri"], format!("{ISSUER}/user/devices"));
    let code = device["user_code"].as_str().unwrap();
    assert_eq!(device["verification_uri_complete"], format!("{ISSUER}/user/devices?code={code}"));
    assert_eq!((&device["expires_in"], &device["interval"]), (&600.into(), &5.into()));
    is_told(&app, &tool, &device, "authorization_pending").await;
    // Whoever types it is asked first, by the application's name and what it learns.
    let spaced = format!("{} {}", &code[..3], code[3..].to_lowercase());
    let page = ada.post(PAIR).form(&[("code", &spaced)]).send().await;
    let text = page.text();
    assert_eq!(page.status, 200);
    assert!(text.contains("Tool") && text.contains("value=\"deny\""), "{text}");
    assert!(text.contains("your email address"), "{text}");
    app.pass(Duration::from_secs(5));
    is_told(&app, &tool, &device, "authorization_pending").await;
    let shown = hidden(&text, "code");
    let form = [("code", &*shown), ("confirm", "yes"), ("decision", "allow")];
    let done = ada.post(PAIR).form(&form).send().await;
    assert_eq!(done.header("location"), Some("/user/devices"), "{}", done.text());
    assert!(ada.get("/user/devices").send().await.text().contains("Go back to your device"));
    app.pass(Duration::from_secs(5));
    let tokens = asks(&app, &tool, &device).send().await.json();
    let who = claims(&tokens["id_token"]);
    assert_eq!((&who["aud"], &who["email"]), (&tool.id.clone().into(), &"ada@example.org".into()));
    assert_eq!(user_info(&app, &tokens["access_token"]).await.json()["email"], "ada@example.org");
    // The tokens do not end with the browser that permitted them.
    ada.post("/user/logout").form(&[]).send().await;
    assert_eq!(user_info(&app, &tokens["access_token"]).await.status, 200);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let next = tool.refreshes(&app, refresh).send().await.json();
    // A device code that comes again was stolen from one of two, however late.
    app.pass(Duration::from_secs(700));
    is_told(&app, &tool, &device, "invalid_grant").await;
    assert_eq!(user_info(&app, &next["access_token"]).await.status, 401);
    let ada = app.signed_in("ada").await;
    let log = ada.get("/user/security/log").wants_json().send().await.json();
    let noted = log["events"]
        .as_array()
        .unwrap()
        .iter()
        .any(|event| event["kind"] == "application_permitted" && event["detail"] == "Tool");
    assert!(noted, "{log}");
}

async fn a_device_that_is_denied_or_too_late_gets_nothing(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let tool = registered(&app, "Tool", &["--public", "--device"]);
    let other = registered(&app, "Other", &["--public", "--device"]);
    let ada = app.signed_up("ada").await;
    let denied = starts(&app, &tool, "openid").await;
    decides(&ada, &denied, "deny").await;
    is_told(&app, &tool, &denied, "access_denied").await;
    assert_eq!(app.count("SELECT COUNT(*) FROM oidc_grants").await, 0);
    // The code of a device that was decided about is nobody's.
    let code = denied["user_code"].as_str().unwrap();
    let form = [("code", code), ("confirm", "yes"), ("decision", "allow")];
    assert_eq!(ada.post(PAIR).form(&form).send().await.status, 404);
    let late = starts(&app, &tool, "openid").await;
    is_told(&app, &other, &late, "invalid_grant").await;
    let mut changed = late.clone();
    changed["device_code"] = "A".repeat(43).into();
    is_told(&app, &tool, &changed, "invalid_grant").await;
    app.pass(Duration::from_secs(600));
    let form = [("code", late["user_code"].as_str().unwrap()), ("confirm", "yes"), ("decision", "allow")];
    assert_eq!(ada.post(PAIR).form(&form).send().await.status, 404);
    is_told(&app, &tool, &late, "expired_token").await;
    // What was permitted in time and fetched too late is lost as well.
    let permitted = starts(&app, &tool, "openid").await;
    decides(&ada, &permitted, "allow").await;
    app.pass(Duration::from_secs(600));
    is_told(&app, &tool, &permitted, "expired_token").await;
}

async fn a_device_that_was_permitted_ends_with_everything_else(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let tool = registered(&app, "Tool", &["--public", "--device"]);
    let ada = app.signed_up("ada").await;
    // Somebody at the open browser permits a device, and lets it fetch nothing yet.
    let permitted = starts(&app, &tool, "openid offline_access").await;
    decides(&ada, &permitted, "allow").await;
    let change = [("apassword", PASSWORD), ("npassword", "another horse battery")];
    let changed = ada.post("/user/modify/password").form(&change).send().await;
    assert!(changed.status < 400, "{}", changed.text());
    is_told(&app, &tool, &permitted, "invalid_grant").await;
    assert_eq!(app.count("SELECT COUNT(*) FROM oidc_tokens").await, 0);
}

async fn a_device_that_asks_too_often_is_slowed_down(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let tool = registered(&app, "Tool", &["--public", "--device"]);
    let device = starts(&app, &tool, "openid").await;
    is_told(&app, &tool, &device, "authorization_pending").await;
    is_told(&app, &tool, &device, "slow_down").await;
    app.pass(Duration::from_secs(4));
    is_told(&app, &tool, &device, "slow_down").await;
    // Five seconds more from now on.
    app.pass(Duration::from_secs(9));
    is_told(&app, &tool, &device, "slow_down").await;
    app.pass(Duration::from_secs(15));
    is_told(&app, &tool, &device, "authorization_pending").await;
}

async fn of_many_questions_one_gets_tokens(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let tool = registered(&app, "Tool", &["--public", "--device"]);
    let ada = app.signed_up("ada").await;
    let device = starts(&app, &tool, "openid").await;
    decides(&ada, &device, "allow").await;
    let questions: Vec<_> = (0..20)
        .map(|_| {
            let ask = asks(&app, &tool, &device);
            tokio::spawn(async move { ask.send().await.status })
        })
        .collect();
    let mut given = 0;
    for question in questions {
        given += usize::from(question.await.unwrap() == 200);
    }
    assert_eq!(given, 1);
}

async fn a_client_that_is_not_for_devices_is_refused(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let shop = registered(&app, "Shop", &["--first-party"]);
    let tool = registered(&app, "Tool", &["--device"]);
    let refused = async |shop: &Shop, scope, status, error: &str| {
        let answer = shop.calls(&app, "/oidc/device", &[("scope", scope)]).send().await;
        assert_eq!((answer.status, &answer.json()["error"]), (status, &error.into()), "{}", answer.text());
    };
    refused(&shop, "openid", 400, "unauthorized_client").await;
    refused(&tool, "email", 400, "invalid_scope").await;
    let stranger = Shop { id: tool.id.clone(), secret: String::new() };
    refused(&stranger, "openid", 401, "invalid_client").await;
    let nobody = Shop { id: "nobody".into(), secret: String::new() };
    refused(&nobody, "openid", 401, "invalid_client").await;
    let empty = tool.calls(&app, "/oidc/token", &[("grant_type", GRANT)]).send().await;
    assert_eq!((empty.status, &empty.json()["error"]), (400, &"invalid_request".into()));
    let twice = [("grant_type", GRANT), ("device_code", "a"), ("device_code", "b")];
    assert_eq!(tool.calls(&app, "/oidc/token", &twice).send().await.status, 400);
}

async fn wrong_codes_are_counted(engine: Engine) {
    let app = TestApp::with(engine, &format!("{SETTINGS}\nrate_limits = 'on'")).await;
    let tool = registered(&app, "Tool", &["--public", "--device"]);
    let ada = app.signed_up("ada").await;
    let device = starts(&app, &tool, "openid").await;
    let code = device["user_code"].as_str().unwrap();
    for wrong in ["222222", "222223", "222224", "222225", "222226"] {
        assert_eq!(ada.post(PAIR).form(&[("code", wrong)]).send().await.status, 404);
    }
    // The right one is not told from others any more.
    assert_eq!(ada.post(PAIR).form(&[("code", code)]).send().await.status, 429);
    let form = [("code", code), ("confirm", "yes"), ("decision", "allow")];
    assert_eq!(ada.post(PAIR).form(&form).send().await.status, 429);
    assert_eq!(app.count("SELECT COUNT(*) FROM oidc_grants").await, 0);
}

async fn a_code_in_the_address_stands_in_the_form(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let tool = registered(&app, "Tool", &["--public", "--device"]);
    app.signed_up("ada").await;
    let device = starts(&app, &tool, "openid").await;
    let code = device["user_code"].as_str().unwrap();
    let browser = app.visitor();
    let away = browser.get(&format!("/user/devices?code={code}")).send().await;
    let sign_in = away.header("location").unwrap().to_owned();
    let next = hidden(&browser.get(&sign_in).send().await.text(), "next");
    assert_eq!(next, format!("/user/devices?code={code}"));
    let form = [("email", "ada@example.org"), ("password", PASSWORD), ("next", &*next)];
    browser.post("/user/login").form(&form).send().await;
    let page = browser.get(&next).send().await.text();
    assert_eq!(hidden(&page, "code"), code);
    // Nothing is permitted by a look, and what is no code does not come back.
    assert_eq!(app.count("SELECT COUNT(*) FROM oidc_grants").await, 0);
    let odd = browser.get("/user/devices?code=%22%3E%3Cscript%3E").send().await.text();
    assert_eq!(hidden(&odd, "code"), "");
}

async fn a_device_of_a_client_that_is_revoked_gets_nothing(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let tool = registered(&app, "Tool", &["--public", "--device"]);
    let ada = app.signed_up("ada").await;
    let (waits, permitted) = (starts(&app, &tool, "openid").await, starts(&app, &tool, "openid").await);
    decides(&ada, &permitted, "allow").await;
    super::client_command(&app, &["revoke", "Tool"]);
    assert_eq!(asks(&app, &tool, &permitted).send().await.status, 401);
    let code = waits["user_code"].as_str().unwrap();
    assert_eq!(ada.post(PAIR).form(&[("code", code)]).send().await.status, 404);
}

async fn a_code_of_one_instance_is_typed_at_another(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let other = app.another().await;
    let tool = registered(&app, "Tool", &["--public", "--device"]);
    app.signed_up("ada").await;
    let device = starts(&app, &tool, "openid").await;
    decides(&other.signed_in("ada").await, &device, "allow").await;
    assert_eq!(asks(&app, &tool, &device).send().await.status, 200);
}

async fn old_devices_are_removed(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let tool = registered(&app, "Tool", &["--public", "--device"]);
    starts(&app, &tool, "openid").await;
    let push = [("redirect_uri", super::CALLBACK), ("response_type", "code"), ("scope", "openid")];
    let challenge = super::challenge();
    let push = [&push[..], &[("code_challenge", &*challenge), ("code_challenge_method", "S256")]].concat();
    assert_eq!(tool.calls(&app, "/oidc/par", &push).send().await.status, 201);
    app.pass(Duration::from_secs(24 * 3600 + 1));
    let store = store::Store::open(app.database().await).await.unwrap();
    let since = domain::Millis(app.now() - 1000);
    let pruned = store.transact(async |tx| {
        let devices = store::oidc_devices::prune(tx, since).await?;
        Ok::<_, store::StoreError>((devices, store::oidc_pushed_requests::prune(tx, since).await?))
    });
    assert_eq!(pruned.await.unwrap(), (1, 1));
    store.close().await;
}
