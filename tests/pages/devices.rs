//! `/user/devices`: claiming a code, and the paired devices of the list.

use std::time::Duration;

use serde_json::json;
use store::Engine;

use crate::engines::both_engines;
use crate::support::{Body, TestApp, Visitor, html};

both_engines!(
    a_device_is_paired_listed_and_removed_on_the_page,
    a_device_is_paired_only_after_its_name_was_confirmed,
    the_same_as_json,
    a_code_that_is_none_keeps_what_was_typed,
    five_wrong_codes_are_told_on_the_page_and_close_the_api_too,
    nobody_sees_or_removes_the_devices_of_somebody_else,
    who_is_not_signed_in_is_sent_to_sign_in_and_back,
    only_devices_are_removed_here,
    a_form_of_another_site_pairs_nothing,
    the_profile_leads_to_the_devices,
);

const PAGE: &str = "/user/devices";

/// Starts a pairing; returns its code and token.
async fn start(app: &TestApp, name: &str) -> (String, String) {
    let answer = app.visitor().post("/auth/device").form(&[("name", name)]).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let body = answer.json();
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (text("code"), text("device_token"))
}

async fn fetch(app: &TestApp, token: &str) -> String {
    let ask = app.visitor().get("/auth/device").header("authorization", &format!("Bearer {token}"));
    let answer = ask.send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["bearer"].as_str().unwrap().to_owned()
}

/// The answer of `/auth/pair` to a code that no device shows.
async fn opens(app: &TestApp, bearer: &str) -> u16 {
    let ask = app.visitor().post("/auth/pair").form(&[("code", "222222")]);
    ask.header("authorization", &format!("Bearer {bearer}")).send().await.status
}

/// Types the code on the page and confirms that it is the right device.
async fn pair(visitor: &Visitor, code: &str, name: &str) {
    let asked = visitor.post("/user/devices/pair").form(&[("code", code)]).send().await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    assert_eq!(confirmed_name(&asked.text()), Some(name));
    let form = [("code", code), ("confirm", "yes")];
    let journey = visitor.post("/user/devices/pair").form(&form).follow().await;
    journey.went(&[(303, PAGE)]);
    assert_eq!(html::notice(&journey.answer.text()), Some("Device paired with your account."));
}

/// The name of the device that the page asks to confirm.
fn confirmed_name(page: &str) -> Option<&str> {
    let form = page.split("action=\"/user/devices/pair\"").nth(1)?;
    form.contains("name=\"confirm\" value=\"yes\"").then(|| html::between(form, "<b>", "</b>")).flatten()
}

/// Pairs a device on the page; returns its bearer.
async fn paired(app: &TestApp, visitor: &Visitor, name: &str) -> String {
    let (code, token) = start(app, name).await;
    pair(visitor, &code, &name.replace('<', "&lt;").replace('>', "&gt;")).await;
    fetch(app, &token).await
}

async fn page(visitor: &Visitor) -> String {
    let answer = visitor.get(PAGE).send().await;
    assert_eq!(answer.status, 200);
    answer.text()
}

/// Numbers of the devices on the page, in order.
fn ids(page: &str) -> Vec<String> {
    let forms = page.split("action=\"/user/devices/end\"").skip(1);
    let devices = forms.filter(|form| html::between(form, "name=\"kind\" value=\"", "\"") == Some("device"));
    devices.map(|form| html::between(form, "name=\"id\" value=\"", "\"").unwrap().to_owned()).collect()
}

async fn a_device_is_paired_listed_and_removed_on_the_page(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    assert_eq!(ids(&page(&ada).await).len(), 0);
    paired(&app, &ada, "hall <b>").await;
    app.pass(Duration::from_secs(86_400));
    paired(&app, &ada, "bath").await;
    let shown = page(&ada).await;
    let [newest, oldest] = &ids(&shown)[..] else { panic!("not two devices") };
    let (first, second) = (shown.find("<b>bath</b>").unwrap(), shown.find("<b>hall &lt;b&gt;</b>").unwrap());
    assert!(first < second, "last used first");
    assert!(shown.contains("2026-01-01") && shown.contains("2026-01-02"));

    let form = [("kind", "device"), ("id", oldest.as_str())];
    let journey = ada.post("/user/devices/end").form(&form).follow().await;
    journey.went(&[(303, PAGE)]);
    assert_eq!(html::notice(&journey.answer.text()), Some("Access removed."));
    assert_eq!(ids(&page(&ada).await), [newest.as_str()]);
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 1);
    // A second click redirects without a notice.
    let again = ada.post("/user/devices/end").form(&form).follow().await;
    again.went(&[(303, PAGE)]);
    assert_eq!(html::notice(&again.answer.text()), None);
    // So does the address that a program uses.
    let journey = ada.post("/user/devices/remove").form(&[("id", newest)]).follow().await;
    journey.went(&[(303, PAGE)]);
    assert_eq!(html::notice(&journey.answer.text()), Some("Device unpaired."));
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 0);
}

async fn a_device_is_paired_only_after_its_name_was_confirmed(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let (code, token) = start(&app, "a stranger's <mirror>").await;
    let asked = ada.post("/user/devices/pair").form(&[("code", &code.to_lowercase())]).send().await;
    assert_eq!(asked.status, 200);
    let shown = asked.text();
    assert_eq!(confirmed_name(&shown), Some("a stranger&#x27;s &lt;mirror&gt;"));
    assert!(shown.contains("href=\"/user/devices\""), "there is a way out");
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 0, "nothing is paired yet");
    for confirm in ["", "no", "YES"] {
        let form = [("code", code.as_str()), ("confirm", confirm)];
        assert_eq!(ada.post("/user/devices/pair").form(&form).send().await.status, 200, "{confirm}");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 0);
    // A reload of the question by its address alone asks nothing.
    ada.get("/user/devices/pair").follow().await.went(&[(303, PAGE)]);
    let form = [("code", code.as_str()), ("confirm", "yes")];
    ada.post("/user/devices/pair").form(&form).follow().await.went(&[(303, PAGE)]);
    fetch(&app, &token).await;
    // The code works once. (The same form sent twice at once is one of `twice`.)
    app.pass(Duration::from_secs(10));
    ada.post("/user/devices/pair").form(&form).send().await.refusal_page(404);
}

async fn the_same_as_json(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for (number, name) in ["form", "multipart", "json"].into_iter().enumerate() {
        let (code, _) = start(&app, name).await;
        let body = Body::kinds(&[("code", &code)])[number].clone();
        let answer = ada.post("/user/devices/pair").wants_json().body(body).send().await;
        assert_eq!((answer.status, answer.json()), (200, json!({ "name": name })));
    }
    let listed = ada.get(PAGE).wants_json().send().await;
    assert_eq!(listed.status, 200);
    let devices = listed.json()["devices"].clone();
    let id = devices[0]["id"].as_i64().unwrap();
    let midnight = "2026-01-01T00:00:00Z";
    assert_eq!(devices[0], json!({ "id": id, "name": "json", "paired_at": midnight, "seen_at": midnight }));
    assert_eq!(devices.as_array().unwrap().len(), 3);
    let body = Body::new("application/json", json!({ "id": id }).to_string());
    let removed = ada.post("/user/devices/remove").wants_json().body(body.clone()).send().await;
    assert_eq!((removed.status, removed.json()), (200, json!({ "removed": 1 })));
    ada.post("/user/devices/remove").wants_json().body(body).send().await.problem(404);
    for (code, status) in [("222222", 404), ("junk", 404)] {
        ada.post("/user/devices/pair").wants_json().form(&[("code", code)]).send().await.problem(status);
    }
    ada.post("/user/devices/pair").wants_json().send().await.refused_fields(422, &["code"]);
    let stranger = app.visitor();
    stranger.get(PAGE).wants_json().send().await.problem(401);
    stranger.post("/user/devices/pair").wants_json().send().await.problem(401);
    stranger.post("/user/devices/remove").wants_json().send().await.problem(401);
}

async fn a_code_that_is_none_keeps_what_was_typed(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for (typed, status) in [("GHT2QA", 404), ("gh t2qa", 404), ("<b>", 404), ("", 422), ("  ", 422)] {
        let answer = ada.post("/user/devices/pair").form(&[("code", typed)]).send().await;
        let page = answer.refusal_page(status);
        assert!(html::error(&page, "code").is_some() && html::alert(&page).is_none(), "{typed}");
        let kept = if typed == "<b>" { "&lt;b&gt;" } else { typed };
        assert_eq!(html::value(&page, "code"), kept);
        assert!(
            html::input(&page, "code").contains(" autofocus"),
            "the field with the message has the focus"
        );
    }
    let (code, _) = start(&app, "mirror").await;
    let typed = format!(" {} ", code.to_lowercase());
    pair(&ada, &typed, "mirror").await;
    let twice = Body::new("application/x-www-form-urlencoded", "code=A&code=B");
    ada.post("/user/devices/pair").body(twice).send().await.refusal_page(400);
}

async fn five_wrong_codes_are_told_on_the_page_and_close_the_api_too(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'").await;
    let ada = app.signed_up("ada").await;
    let form = [("email", "ada@example.org"), ("password", crate::support::PASSWORD)];
    let entered = app.visitor().post("/auth/login").form(&form).send().await;
    let bearer = entered.json()["bearer"].as_str().unwrap().to_owned();
    for _ in 0..4 {
        ada.post("/user/devices/pair").form(&[("code", "222222")]).send().await.refusal_page(404);
    }
    assert_eq!(opens(&app, &bearer).await, 404);
    let (code, _) = start(&app, "mirror").await;
    let answer = ada.post("/user/devices/pair").form(&[("code", &code)]).send().await;
    let page = answer.refusal_page(429);
    assert_eq!(answer.header("retry-after"), Some("900"));
    assert!(html::alert(&page).unwrap().contains("15"), "{:?}", html::alert(&page));
    assert_eq!(html::value(&page, "code"), code);
    assert_eq!(opens(&app, &bearer).await, 429);
    ada.post("/user/devices/pair").wants_json().form(&[("code", &code)]).send().await.problem(429);
}

async fn nobody_sees_or_removes_the_devices_of_somebody_else(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (ada, mallory) = (app.signed_up("ada").await, app.signed_up("mallory").await);
    paired(&app, &ada, "mirror").await;
    let id = ids(&page(&ada).await).remove(0);
    assert!(!page(&mallory).await.contains("mirror</b>"));
    for id in [id.as_str(), "0", "-1", "9223372036854775807", "99999999999999999999", "x", "", "1 OR 1=1"] {
        mallory.post("/user/devices/remove").wants_json().form(&[("id", id)]).send().await.problem(404);
    }
    assert_eq!(ids(&page(&ada).await).len(), 1);
}

async fn who_is_not_signed_in_is_sent_to_sign_in_and_back(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let visitor = app.visitor();
    visitor.get(PAGE).follow().await.went(&[(303, "/user/login?next=/user/devices")]);
    let form = [("email", "ada"), ("password", crate::support::PASSWORD), ("next", PAGE)];
    visitor.post("/user/login").form(&form).follow().await.went(&[(303, PAGE)]);
    let stranger = app.visitor();
    stranger.post("/user/devices/pair").form(&[("code", "222222")]).send().await.refusal_page(401);
}

async fn only_devices_are_removed_here(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let form = [("email", "ada@example.org"), ("password", crate::support::PASSWORD)];
    let entered = app.visitor().post("/auth/login").form(&form).send().await;
    let bearer = entered.json()["bearer"].as_str().unwrap().to_owned();
    let id = app.count("SELECT MAX(id) FROM bearers").await.to_string();
    ada.post("/user/devices/remove").wants_json().form(&[("id", &id)]).send().await.problem(404);
    assert_eq!(opens(&app, &bearer).await, 404, "it is alive");
    assert_eq!(ids(&page(&ada).await).len(), 0, "an app's sign-in is no device");
}

async fn a_form_of_another_site_pairs_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let (code, _) = start(&app, "mirror").await;
    for path in ["/user/devices/pair", "/user/devices/remove"] {
        let ask = ada.post(path).form(&[("code", &code)]);
        ask.header("sec-fetch-site", "cross-site").send().await.refusal_page(403);
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 0);
}

async fn the_profile_leads_to_the_devices(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    assert!(ada.profile_page().await.contains("href=\"/user/devices\""));
    assert!(page(&ada).await.contains("href=\"/user/profil\""));
}
