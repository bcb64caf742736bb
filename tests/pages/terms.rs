//! `terms.url` and `terms.version`: agreed to at sign-up, and again when they change.

use domain::Scope;
use serde_json::{Value, json};
use store::Engine;

use crate::engines::both_engines;
use crate::providers::{self, signs_up};
use crate::support::{Answer, Body, PASSWORD, TestApp, Visitor, html};

both_engines!(
    nobody_signs_up_without_agreeing_at_any_door,
    everybody_agrees_again_when_they_change,
    programs_wait_until_the_owner_has_agreed_and_keep_what_they_have,
    a_version_that_is_not_todays_is_not_agreed_to,
    whoever_comes_from_a_provider_agrees_too,
    without_terms_there_is_nothing_to_agree_to,
);

fn terms(version: &str) -> String {
    format!("terms.url = 'https://www.example.org/terms'\nterms.version = '{version}'")
}

const WANTED: &str = "Agree to the terms of use to go on.";

#[track_caller]
fn code_of(answer: &Answer, status: u16) -> Value {
    answer.problem(status)["code"].clone()
}

async fn nobody_signs_up_without_agreeing_at_any_door(engine: Engine) {
    let app = TestApp::with(engine, &terms("1")).await;
    let visitor = app.visitor();
    let page = visitor.get("/user/create").send().await.text();
    assert!(html::input(&page, "terms").contains(" required") && page.contains("www.example.org"));
    let form = [("email", "ada@example.org"), ("password", PASSWORD)];
    let page = visitor.post("/user/create").form(&form).send().await.refusal_page(422);
    assert_eq!(html::error(&page, "terms"), Some(WANTED));
    for value in ["false", "", "0"] {
        let form = [&form[..], &[("terms", value)]].concat();
        let problem = visitor.post("/user/create").wants_json().form(&form).send().await.problem(422);
        assert_eq!(problem["codes"], json!({ "terms": ["terms_wanted"] }));
    }
    let agreed = [&form[..], &[("terms", "true")]].concat();
    let journey = visitor.post("/user/create").form(&agreed).follow().await;
    assert_eq!(journey.answer.status, 200, "{}", journey.answer.text());
    assert!(visitor.is_signed_in().await);
    let of = "SELECT COUNT(*) FROM accounts WHERE terms = '1' AND terms_at IS NOT NULL";
    assert_eq!(app.count(of).await, 1);
    let noted = "SELECT COUNT(*) FROM audit_events WHERE kind = 'terms_agreed' AND detail = '1'";
    assert_eq!(app.count(noted).await, 1);

    let somebody = |name: &str, agrees: Option<Value>| {
        let mut fields = json!({
            "email": format!("{name}@example.org"), "login": name, "name": name, "password": PASSWORD,
            "confirm_password": PASSWORD,
        });
        if let Some(agrees) = agrees {
            fields["terms"] = agrees;
        }
        Body::new("application/json", fields.to_string())
    };
    for (path, name) in
        [("/api/v1/personal/register/", "b"), ("/auth/register", "c"), ("/api/user/v1/register", "d")]
    {
        for wrong in [None, Some(json!(false))] {
            let post = app.visitor().post(path).header("accept-language", "en");
            let answer = post.body(somebody(name, wrong)).send().await;
            let text = answer.text();
            // Mirror has one sentence for whatever is wrong with a registration.
            assert!(text.contains(WANTED) || text.contains("Registration failed"), "{path}: {text}");
        }
        let answer = app.visitor().post(path).body(somebody(name, Some(json!(true)))).send().await;
        assert!(answer.status < 300 && answer.json()["success"] != 0, "{path}: {}", answer.text());
    }
    assert_eq!(app.count(of).await, 4);
}

/// Agrees by the form of the page at which a browser has arrived.
async fn agrees(visitor: &Visitor, page: &str) -> Answer {
    let form = html::form(page, "/user/terms");
    visitor.post("/user/terms").form(&form.fields()).send().await
}

async fn everybody_agrees_again_when_they_change(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let changed = app.another_with(&terms("2")).await;
    let there = changed.visitor();
    there.set_cookie("vestibule", &ada.cookie("vestibule").unwrap());
    // A page that was open leads there and back.
    let answer = there.get("/user/devices?x=1").send().await;
    let to = "/user/terms?next=/user/devices?x%3D1";
    assert_eq!(answer.status, 303);
    let location = answer.header("location").unwrap().to_owned();
    assert!(location.starts_with("/user/terms?next="), "{location}, not {to}");
    let page = there.get(&location).send().await.text();
    assert_eq!(html::headline(&page), Some("Terms of use"));
    for path in ["/user/profil", "/user/session", "/api/session", "/user/security"] {
        assert_eq!(code_of(&there.get(path).wants_json().send().await, 403), "terms_wanted", "{path}");
    }
    let form = [("name", "Countess")];
    let told = there.post("/user/modify/profile").wants_json().form(&form).send().await;
    assert_eq!(code_of(&told, 403), "terms_wanted");
    let state = there.get("/user/terms").wants_json().send().await.json();
    assert_eq!(state, json!({ "url": "https://www.example.org/terms", "version": "2", "agreed": false }));
    let answer = agrees(&there, &page).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/user/devices?x=1")));
    assert_eq!(there.get("/user/devices?x=1").send().await.status, 200);
    let noted = "SELECT COUNT(*) FROM audit_events WHERE kind = 'terms_agreed' AND detail = '2'";
    assert_eq!(app.count(noted).await, 1);
    // Once is enough, and a page that was sent twice goes on.
    assert_eq!(agrees(&there, &page).await.status, 303);
    assert_eq!(app.count(noted).await, 1);
    let state = there.get("/user/terms").wants_json().send().await.json();
    assert_eq!(state["agreed"], true);
    // A mailed link needs no session, and its secret goes nowhere else.
    let link = there.get("/user/reset?token=secret").send().await;
    assert_eq!(link.status, 410, "{}", link.text());
    // Whoever does not want to signs out.
    let eve = app.signed_up("eve").await;
    let there = changed.visitor();
    there.set_cookie("vestibule", &eve.cookie("vestibule").unwrap());
    let out = there.post("/user/logout").form(&[]).send().await;
    assert_eq!((out.status, out.header("location")), (303, Some("/user/login")));
    // Signing in asks as well.
    let form = [("email", "eve"), ("password", PASSWORD), ("next", "/user/security")];
    let journey = changed.visitor().post("/user/login").form(&form).follow().await;
    assert_eq!(html::headline(&journey.answer.text()), Some("Terms of use"));
    let proxied = changed.visitor();
    proxied.log_in("eve", PASSWORD).await;
    let led = proxied.get("/user/session").send().await;
    assert_eq!(led.status, 403);
    assert!(
        led.header("location").is_some_and(|to| to.contains("/user/terms")),
        "{:?}",
        led.header("location")
    );
}

async fn programs_wait_until_the_owner_has_agreed_and_keep_what_they_have(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let credentials = || Body::json(&[("email", "ada@example.org"), ("password", PASSWORD)]);
    let entered = app.visitor().post("/auth/login").body(credentials()).send().await;
    let bearer = entered.json()["bearer"].as_str().unwrap().to_owned();
    let registered = Body::json(&[("email", "box@example.org"), ("name", "box"), ("password", PASSWORD)]);
    let registered = app.visitor().post("/api/user/v1/register").body(registered).send().await.json();
    let number = registered["data"]["user_id"].to_string();
    let secret = registered["data"]["user_secret"].as_str().unwrap().to_owned();
    let secret = [
        ("grant_type", "client_credentials"),
        ("client_id", number.as_str()),
        ("client_secret", secret.as_str()),
    ];
    let changed = app.another_with(&terms("2")).await;
    let visitor = changed.visitor();
    let refused = visitor.post("/auth/login").body(credentials()).send().await;
    assert_eq!(refused.status, 403);
    assert!(refused.json()["message"].as_str().unwrap().contains("terms of use"), "{}", refused.text());
    let exchanged = visitor.post("/oauth/token").body(Body::form(&secret));
    assert_eq!(exchanged.send().await.status, 200, "nobody is near a device who could agree");
    let devices = visitor.get("/auth/devices").header("authorization", &format!("Bearer {bearer}"));
    assert_ne!(devices.send().await.status, 403);
    // A trusted server's people agree when they come.
    let key = changed.key_with("shop", &Scope::ALL, 1, None).await;
    let made = visitor.post("/admin/api_account/create").header("authorization", &format!("Bearer {key}"));
    let made = made.body(Body::json(&[("email", "grace@example.org"), ("password", PASSWORD)])).send().await;
    assert_eq!(made.json()["success"], 1, "{}", made.text());
    let made = visitor.post("/api/user/v1/register").header("authorization", &format!("Bearer {key}"));
    let made = made.body(Body::json(&[("email", "eve@example.org"), ("password", PASSWORD)])).send().await;
    assert_eq!(made.status, 201, "{}", made.text());
    visitor.log_in("ada", PASSWORD).await;
    let agreed = visitor.post("/user/terms").wants_json().form(&[("version", "2")]).send().await;
    assert_eq!(agreed.json(), json!({ "agreed": true }));
    assert_eq!(visitor.post("/auth/login").body(credentials()).send().await.status, 200);
}

async fn a_version_that_is_not_todays_is_not_agreed_to(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let changed = app.another_with(&terms("2")).await;
    let ada = changed.visitor();
    ada.log_in("ada", PASSWORD).await;
    for version in ["1", "", "2 "] {
        let form = [("version", version)];
        let problem = ada.post("/user/terms").wants_json().form(&form).send().await.problem(422);
        assert_eq!(problem["codes"]["terms"][0], "terms_wanted");
        let page = ada.post("/user/terms").form(&form).send().await.refusal_page(422);
        assert!(page.contains("name=\"version\" value=\"2\""), "{page}");
    }
    assert_eq!(code_of(&ada.get("/user/profil").wants_json().send().await, 403), "terms_wanted");
    let stranger = changed.visitor();
    assert_eq!(stranger.post("/user/terms").wants_json().form(&[("version", "2")]).send().await.status, 401);
    assert_eq!(
        stranger.get("/user/terms").send().await.header("location"),
        Some("/user/login?next=/user/terms")
    );
}

async fn whoever_comes_from_a_provider_agrees_too(engine: Engine) {
    let (app, provider) = providers::started(engine, &terms("1")).await;
    let ada = app.visitor();
    let refused = signs_up(&app, &provider, &ada, "17", "ada@example.org").await;
    assert_eq!(refused.problem(422)["codes"], json!({ "terms": ["terms_wanted"] }));
    let form = [("email", "ada@example.org"), ("terms", "true")];
    let page = ada.get("/user/identity").send().await.text();
    assert!(html::input(&page, "terms").contains(" required"), "{page}");
    assert_eq!(ada.post("/user/identity").form(&form).send().await.status, 303);
    assert!(ada.is_signed_in().await);
}

async fn without_terms_there_is_nothing_to_agree_to(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    assert!(!app.visitor().get("/user/create").send().await.text().contains("name=\"terms\""));
    ada.get("/user/terms").wants_json().send().await.problem(404);
    ada.post("/user/terms").wants_json().form(&[("version", "1")]).send().await.problem(404);
}
