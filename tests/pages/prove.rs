//! `/user/prove`: proving once more who one is, before what matters most.

use std::time::Duration;

use store::Engine;

use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, Visitor, html, totp as app_on_a_phone};
use crate::totp;

both_engines!(
    a_session_is_proven_for_ten_minutes,
    a_page_that_wants_a_proof_is_come_back_to,
    an_interrupted_form_goes_on_after_the_proof,
    a_code_is_a_proof_too_and_works_once,
    each_proof_gives_the_session_another_secret,
    a_program_is_told_and_proves_by_json,
    a_wrong_proof_proves_nothing,
    another_sites_page_proves_nothing,
    whoever_is_signed_out_signs_in,
    nothing_but_forms_of_the_list_is_gone_on_with,
    whoever_has_no_password_changes_the_address_after_a_proof,
);

const PROVE: &str = "/user/prove";
const CODES: &str = "/user/security/recovery-codes";
const STALE: Duration = Duration::from_secs(601);

async fn prove(browser: &Visitor) -> u16 {
    browser.post(PROVE).wants_json().form(&[("password", PASSWORD)]).send().await.status
}

async fn a_session_is_proven_for_ten_minutes(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let state = ada.get(PROVE).wants_json().send().await.json();
    assert_eq!((&state["proven"], &state["ways"]), (&true.into(), &serde_json::json!(["password"])));
    app.pass(Duration::from_secs(599));
    assert_eq!(ada.get("/user/security/totp").send().await.status, 200);
    app.pass(Duration::from_secs(1));
    ada.get("/user/security/totp").wants_json().send().await.problem(403);
    assert_eq!(prove(&ada).await, 200);
    assert_eq!(ada.get("/user/security/totp").send().await.status, 200);
}

async fn a_page_that_wants_a_proof_is_come_back_to(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.pass(STALE);
    let journey = ada.get("/user/security/totp").follow().await;
    journey.went(&[(303, "/user/prove?next=/user/security/totp")]);
    let page = journey.answer.text();
    assert_eq!(html::headline(&page), Some("Is it you?"));
    let form = html::form(&page, PROVE).filled("password", PASSWORD);
    let journey = ada.post(PROVE).form(&form.fields()).follow().await;
    journey.went(&[(303, "/user/security/totp")]);
    assert_eq!(journey.answer.status, 200);
    // Whoever is proven already is not asked.
    ada.get("/user/prove?next=/user/security/totp").follow().await.went(&[(303, "/user/security/totp")]);
}

async fn an_interrupted_form_goes_on_after_the_proof(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    totp::set_up(&app, &ada).await;
    app.pass(STALE);
    let shown = ada.get("/user/security").send().await.text();
    let form = html::form(&shown, CODES);
    let page = ada.post(CODES).form(&form.fields()).send().await.refusal_page(403);
    let form = html::form(&page, PROVE);
    assert!(form.fields().contains(&("then", CODES)), "{form:?}");
    // A wrong password loses nothing of it.
    let wrong = form.filled("password", "wrong horse battery");
    let page = ada.post(PROVE).form(&wrong.fields()).send().await.refusal_page(422);
    let form = html::form(&page, PROVE);
    assert!(form.fields().contains(&("then", CODES)), "{form:?}");
    let form = form.filled("password", PASSWORD);
    let journey = ada.post(PROVE).form(&form.fields()).follow().await;
    journey.went(&[(308, CODES)]);
    assert_eq!(totp::codes(&journey.answer.text()).len(), 10);
    assert!(ada.is_signed_in().await);
}

async fn a_code_is_a_proof_too_and_works_once(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let (secret, page) = totp::set_up(&app, &ada).await;
    app.pass(STALE);
    let code = app_on_a_phone::shown(&secret, app.now());
    let answer = ada.post(PROVE).wants_json().form(&[("code", &code)]).send().await;
    assert_eq!(answer.json()["ways"], serde_json::json!(["password", "code"]));
    app.pass(STALE);
    ada.post(PROVE).wants_json().form(&[("code", &code)]).send().await.refused_fields(422, &["code"]);
    let recovery = &totp::codes(&page)[0];
    assert_eq!(ada.post(PROVE).wants_json().form(&[("code", recovery)]).send().await.status, 200);
    app.pass(STALE);
    ada.post(PROVE).wants_json().form(&[("code", recovery)]).send().await.refused_fields(422, &["code"]);
}

async fn each_proof_gives_the_session_another_secret(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let thief = app.visitor();
    thief.set_cookie("vestibule", &ada.cookie("vestibule").unwrap());
    assert!(thief.is_signed_in().await);
    app.pass(STALE);
    assert_eq!(prove(&ada).await, 200);
    assert!(ada.is_signed_in().await);
    assert!(!thief.is_signed_in().await);
    // On another instance too.
    let other = app.another().await;
    let elsewhere = other.visitor();
    elsewhere.set_cookie("vestibule", &thief.cookie("vestibule").unwrap());
    assert!(!elsewhere.is_signed_in().await);
}

async fn a_program_is_told_and_proves_by_json(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.pass(STALE);
    let problem = ada.get("/user/security/totp").wants_json().send().await.problem(403);
    assert_eq!(problem["code"], "reauthentication_required");
    let state = ada.get(PROVE).wants_json().send().await.json();
    assert_eq!(state["proven"], false);
    let answer = ada.post(PROVE).wants_json().form(&[("password", PASSWORD)]).send().await.json();
    assert_eq!(answer["proven"], true);
    assert!(answer["until"].as_str().unwrap().ends_with('Z'), "{answer}");
    assert_eq!(ada.get("/user/security/totp").wants_json().send().await.status, 200);
}

async fn a_wrong_proof_proves_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.pass(STALE);
    let fields: [(&[(&str, &str)], &str); 5] = [
        (&[], "password"),
        (&[("password", "")], "password"),
        (&[("password", "wrong horse battery")], "password"),
        (&[("code", "")], "code"),
        (&[("code", "123456")], "code"),
    ];
    for (form, field) in fields {
        ada.post(PROVE).wants_json().form(form).send().await.refused_fields(422, &[field]);
        ada.get("/user/security/totp").wants_json().send().await.problem(403);
    }
    let proven = "SELECT COUNT(*) FROM audit_events WHERE kind = 'proven_again'";
    assert_eq!(app.count(proven).await, 0);
    let refused = "SELECT COUNT(*) FROM audit_events WHERE kind = 'proof_refused' AND detail";
    assert_eq!(app.count(&format!("{refused} = 'wrong_password'")).await, 1);
    assert_eq!(app.count(&format!("{refused} = 'wrong_code'")).await, 1);
    assert_eq!(prove(&ada).await, 200);
    assert_eq!(app.count(proven).await, 1);
}

async fn another_sites_page_proves_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.pass(STALE);
    let forged = ada.post(PROVE).header("sec-fetch-site", "cross-site").form(&[("password", PASSWORD)]);
    assert_eq!(forged.send().await.status, 403);
    ada.get("/user/security/totp").wants_json().send().await.problem(403);
}

async fn whoever_is_signed_out_signs_in(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.visitor().get(PROVE).follow().await.went(&[(303, "/user/login?next=/user/prove")]);
    app.visitor().get(PROVE).wants_json().send().await.problem(401);
    app.visitor().post(PROVE).wants_json().form(&[("password", PASSWORD)]).send().await.problem(401);
}

async fn nothing_but_forms_of_the_list_is_gone_on_with(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for then in ["/user/logout", "/user/modify/password", "//elsewhere.example", "https://elsewhere.example"]
    {
        let form = [("password", PASSWORD), ("then", then), ("next", "//elsewhere.example")];
        ada.post(PROVE).form(&form).follow().await.went(&[(303, "/user/security")]);
        assert!(ada.is_signed_in().await);
    }
}

async fn whoever_has_no_password_changes_the_address_after_a_proof(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let (secret, _) = totp::set_up(&app, &ada).await;
    app.sql("UPDATE accounts SET password_hash = NULL").await;
    // Copies of the account are read again after a change.
    ada.post("/user/modify/profile").wants_json().form(&[("name", "Ada")]).send().await;
    let change = "/user/modify/email";
    let page = ada.get("/user/profil").send().await.text();
    let form = html::form(&page, change).filled("email", "countess@example.org");
    assert!(!form.fields().iter().any(|(name, _)| *name == "apassword"), "{form:?}");
    app.pass(STALE);
    let page = ada.post(change).form(&form.fields()).send().await.refusal_page(403);
    let form = html::form(&page, PROVE).filled("code", &app_on_a_phone::shown(&secret, app.now()));
    assert!(form.fields().contains(&("email", "countess@example.org")), "{form:?}");
    let journey = ada.post(PROVE).form(&form.fields()).follow().await;
    journey.went(&[(308, change), (303, "/user/profil")]);
    assert!(journey.answer.text().contains("countess@example.org"));
}
