//! `/user/security/log`: what happened to an account, and "this was not me".

mod denied;

use std::time::Duration;

use serde_json::Value;
use store::Engine;

use crate::engines::both_engines;
use crate::openings::Everything;
use crate::support::{PASSWORD, TestApp, Visitor, html, mail};

both_engines!(
    the_log_is_for_those_who_are_signed_in,
    what_an_owner_does_is_written_with_where_it_came_from,
    what_keys_and_the_operator_do_is_written_with_who_it_was,
    the_log_is_paged_and_forgets_after_ninety_days,
    nobody_reads_or_denies_what_happened_to_somebody_else,
    each_language_says_each_kind_of_event,
);

const LOG: &str = "/user/security/log";
const DENY: &str = "/user/security/log/deny";
const ADA: &str = "ada@example.org";
const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
const NEW: &str = "another horse entirely";
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

/// What happened to the account that `visitor` is signed in to, the newest first.
pub async fn events(visitor: &Visitor) -> Vec<Value> {
    let answer = visitor.get(LOG).wants_json().send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["events"].as_array().unwrap().clone()
}

/// The kinds of some events.
pub fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["kind"].as_str().unwrap()).collect()
}

/// The number of the newest event of this kind.
pub async fn number(visitor: &Visitor, kind: &str) -> String {
    let events = events(visitor).await;
    events.iter().find(|event| event["kind"] == kind).unwrap()["id"].to_string()
}

async fn the_log_is_for_those_who_are_signed_in(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    visitor.get(LOG).follow().await.went(&[(303, "/user/login?next=/user/security/log")]);
    visitor.get(LOG).wants_json().send().await.problem(401);
    visitor
        .get("/user/security/log/1")
        .follow()
        .await
        .went(&[(303, "/user/login?next=/user/security/log/1")]);
    visitor.post(DENY).wants_json().form(&[("event", "1")]).send().await.problem(401);
    let ada = app.signed_up("ada").await;
    let page = ada.get(LOG).send().await.text();
    assert_eq!(html::headline(&page), Some("Security log"));
    assert!(page.contains("<b>Signed in</b>"), "{page}");
    let security = ada.get("/user/security").send().await.text();
    assert!(security.contains("href=\"/user/security/log\""), "{security}");
    assert_eq!(ada.get("/user/security/log/deny").send().await.header("location"), Some(LOG));
    assert_eq!(ada.get("/user/security/log/999").send().await.status, 404);
}

async fn what_an_owner_does_is_written_with_where_it_came_from(engine: Engine) {
    let all = Everything::new(engine).await;
    let (app, ada) = (&all.app, &all.ada);
    let written = events(ada).await;
    let signed_in: Vec<&str> = written
        .iter()
        .filter(|event| event["kind"] == "signed_in")
        .map(|event| event["detail"].as_str().unwrap())
        .collect();
    for door in ["pages", "fastsite", "mirror", "amadis"] {
        assert!(signed_in.contains(&door), "{door}: {signed_in:?}");
    }
    let paired = written.iter().find(|event| event["kind"] == "device_paired").unwrap();
    assert_eq!(paired["detail"], "hall");
    // Whoever exchanges a user secret again and again from one place fills no log.
    let exchanged = |events: &[Value]| {
        let of_amadis = |event: &&Value| event["kind"] == "signed_in" && event["detail"] == "amadis";
        events.iter().filter(of_amadis).count()
    };
    let before = exchanged(&written);
    all.exchange().await;
    assert_eq!(exchanged(&events(ada).await), before);

    let post = async |path: &str, form: &[(&str, &str)]| {
        let answer = ada.post(path).header("user-agent", FIREFOX).wants_json().form(form).send().await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    };
    post("/user/modify/username", &[("username", "countess")]).await;
    post("/user/modify/username", &[("username", "countess")]).await;
    app.visitor().log_in("countess", PASSWORD).await;
    post("/user/sessions/end-others", &[]).await;
    post("/user/sessions/end-others", &[]).await;
    let device = app.count("SELECT MAX(id) FROM bearers WHERE paired_at IS NOT NULL").await.to_string();
    post("/user/devices/remove", &[("id", &device)]).await;
    post("/user/devices/end-others", &[]).await;
    post("/user/modify/password", &[("apassword", PASSWORD), ("npassword", NEW)]).await;
    let written = events(ada).await;
    let newest: Vec<(&str, &str)> = written
        .iter()
        .map(|event| (event["kind"].as_str().unwrap(), event["detail"].as_str().unwrap()))
        .take(6)
        .collect();
    let expected = [
        ("password_changed", ""),
        ("openings_ended", ""),
        ("opening_ended", "device"),
        ("openings_ended", "session"),
        ("signed_in", "pages"),
        ("username_changed", "ada"),
    ];
    assert_eq!(newest, expected);
    let changed = &written[0];
    let named = |name: &str| changed[name].as_str().unwrap().to_owned();
    assert_eq!((named("actor"), named("place")), ("owner".into(), "127.0.0.0/24".into()), "{changed}");
    assert!(named("label").starts_with("Firefox"), "{changed}");
    assert_eq!(written[4]["factors"], serde_json::json!(["password"]));

    // By a mailed link, and to another address.
    app.visitor().post("/user/forgot").form(&[("email", ADA)]).send().await;
    let token = reset_token(app, ADA, 2).await;
    app.visitor().post("/user/reset").form(&[("token", &token), ("npassword", PASSWORD)]).send().await;
    let ada = app.signed_in("countess").await;
    move_to(app, &ada, "next@example.org").await;
    let written = events(&ada).await;
    assert_eq!(kinds(&written[..3]), ["address_changed", "signed_in", "password_changed"]);
    assert_eq!((&written[0]["detail"], &written[2]["detail"]), (&ADA.into(), &"link".into()));
}

/// The secret of the newest of at least `count` recovery links that were mailed to `address`.
async fn reset_token(app: &TestApp, address: &str, count: usize) -> String {
    let letters = app.letters(address, "/user/reset?token=", count).await;
    mail::token_in(letters.last().unwrap(), "/user/reset")
}

/// Changes the address of the account that `ada` is signed in to.
async fn move_to(app: &TestApp, ada: &Visitor, address: &str) {
    let form = [("email", address), ("apassword", PASSWORD)];
    let answer = ada.post("/user/modify/email").wants_json().form(&form).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let letters = app.letters(address, "/user/email?token=", 1).await;
    let token = mail::token_in(letters.last().unwrap(), "/user/email");
    let answer = ada.post("/user/email").wants_json().form(&[("token", &token)]).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

async fn what_keys_and_the_operator_do_is_written_with_who_it_was(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let id = ada.account().await["id"].to_string();
    let key = format!("Bearer {}", app.key("shop").await);
    let form = [("user_id", &*id), ("email", "moved@example.org"), ("password", NEW)];
    let ask = app.visitor().post("/admin/api_account/update").header("api-auth-bearer", &key);
    let answer = ask.form(&form).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let ask = app.visitor().ask("PATCH", "/api/user/v1/resetpassword").header("authorization", &key);
    let generated = ask.form(&[("email", "moved@example.org")]).send().await;
    assert_eq!(generated.status, 200, "{}", generated.text());
    let password = generated.json()["data"]["password"].as_str().unwrap().to_owned();
    let ada = app.visitor();
    assert_eq!(ada.log_in("moved@example.org", &password).await.status, 200);
    let written = events(&ada).await;
    let expected = ["signed_in", "password_changed", "password_changed", "address_changed"];
    assert_eq!(kinds(&written[..4]), expected);
    for event in &written[1..4] {
        let who = (&event["actor"], &event["key"], &event["label"], &event["place"]);
        assert_eq!(who, (&"key".into(), &"shop".into(), &"".into(), &"".into()));
    }
    assert_eq!((&written[1]["detail"], &written[3]["detail"]), (&"generated".into(), &ADA.into()));
    let page = ada.get(LOG).send().await.text();
    assert!(page.contains("by the program shop"), "{page}");
    assert!(page.contains(&format!("Email address changed; before: {ADA}")), "{page}");
}

async fn the_log_is_paged_and_forgets_after_ninety_days(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for _ in 0..60 {
        assert_eq!(ada.post("/user/devices/end-others").wants_json().send().await.status, 200);
    }
    let first = ada.get(LOG).wants_json().send().await.json();
    let all: Vec<Value> = first["events"].as_array().unwrap().clone();
    assert_eq!(all.len(), 50);
    let next = first["next"].as_i64().unwrap();
    assert_eq!(all[49]["id"], next);
    let rest = ada.get(&format!("{LOG}?before={next}")).wants_json().send().await.json();
    let rest_events = rest["events"].as_array().unwrap();
    assert_eq!((rest_events.len(), &rest["next"]), (12, &Value::Null));
    assert!(rest_events.iter().all(|event| event["id"].as_i64().unwrap() < next));
    assert_eq!(kinds(&rest_events[10..]), ["signed_in", "created"]);
    let page = ada.get(LOG).send().await.text();
    let older = format!("{LOG}?before={next}");
    assert!(page.contains(&format!("href=\"{older}\"")), "{page}");
    let page = ada.get(&older).send().await.text();
    assert!(page.contains("Newest entries") && !page.contains("Older entries"), "{page}");
    // What cannot be a number is the first page.
    let first = ada.get(&format!("{LOG}?before=x")).wants_json().send().await.json();
    assert_eq!(first["events"].as_array().unwrap().len(), 50);
    app.pass(89 * DAY);
    let ada = app.signed_in("ada").await;
    assert_eq!(events(&ada).await.len(), 50);
    app.pass(DAY);
    app.pass(MINUTE);
    let ada = app.signed_in("ada").await;
    assert_eq!(kinds(&events(&ada).await), ["signed_in", "signed_in"]);
    // The operator keeps them longer; their owner neither reads nor denies them.
    let old = app.count("SELECT MIN(id) FROM audit_events").await;
    ada.post(DENY).wants_json().form(&[("event", &old.to_string())]).send().await.problem(404);
}

async fn nobody_reads_or_denies_what_happened_to_somebody_else(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let eve = app.signed_up("eve").await;
    let of_ada = number(&ada, "signed_in").await;
    assert_eq!(eve.get(&format!("{LOG}/{of_ada}")).send().await.status, 404);
    eve.post(DENY).wants_json().form(&[("event", &of_ada)]).send().await.problem(404);
    assert!(ada.is_signed_in().await && eve.is_signed_in().await);
    assert_eq!(kinds(&events(&eve).await), ["signed_in", "created"]);
    // A form of another account's page, a page of another site.
    let own = number(&eve, "signed_in").await;
    let foreign = [("event", &*own), ("form-account", "1")];
    eve.post(DENY).wants_json().form(&foreign).send().await.problem(409);
    let ask = eve.post(DENY).wants_json().header("origin", "https://evil.example").form(&[("event", &own)]);
    ask.send().await.problem(403);
    for wrong in ["", "x", "-1", "99999999999999999999"] {
        eve.post(DENY).wants_json().form(&[("event", wrong)]).send().await.problem(404);
    }
    assert!(eve.is_signed_in().await);
}

async fn each_language_says_each_kind_of_event(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for kind in domain::EventKind::ALL {
        let kind = kind.as_str();
        let insert = "INSERT INTO audit_events (account_id, kind, actor, detail, at) VALUES (1, ";
        for (detail, actor) in
            [("", "owner"), ("link", "system"), ("generated", "operator"), ("session", "key")]
        {
            app.sql(&format!("{insert}'{kind}', '{actor}', '{detail}', {})", app.now())).await;
        }
    }
    let mut pages = std::collections::BTreeSet::new();
    for language in ["en", "fr", "ru"] {
        let mut before = String::new();
        for _ in 0..8 {
            let answer = ada.get(&format!("{LOG}{before}")).header("accept-language", language).send().await;
            let page = answer.text();
            assert_eq!((answer.status, html::language(&page)), (200, Some(language)));
            assert!(!page.contains("event-") && !page.contains("factor-"), "{page}");
            let older = html::between(&page, "?before=", "\"").map(str::to_owned);
            pages.insert(page);
            let Some(older) = older else { break };
            before = format!("?before={older}");
        }
    }
    assert!(pages.len() >= 6, "{}", pages.len());
}
