//! Passkeys, as programs and browsers ask for them: adding them, signing in, renaming and removing them.

use std::time::Duration;

use serde_json::{Value, json};
use store::Engine;

use crate::engines::both_engines;
use crate::support::authenticator::Authenticator;
use crate::support::{Answer, Body, TestApp, Visitor, html, until};

both_engines!(
    a_passkey_is_added_and_signs_in_without_an_address,
    a_passkey_is_called_after_its_model_and_renamed,
    an_account_with_a_passkey_wants_more_than_its_password,
    the_last_passkey_gone_the_password_signs_in_alone_again,
    an_account_may_do_without_a_password_but_not_without_anything,
    adding_and_removing_wants_a_recent_proof,
    a_new_browser_is_told_of_and_a_known_one_is_not,
    whoever_is_locked_or_unverified_enters_by_no_passkey,
    the_page_lists_passkeys_without_script,
    a_browser_goes_back_to_where_it_wanted_to_go,
    where_no_passkey_can_work_nothing_offers_one,
);

const SITE: &str = "http://localhost:8000";
pub const SETTINGS: &str = "public_url = 'http://localhost:8000'";
const ADA: &str = "ada@example.org";

/// What a browser needs for a passkey.
pub async fn begin(visitor: &Visitor, path: &str) -> Value {
    let answer = visitor.post(&format!("{path}/begin")).wants_json().send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Sends an answer as an object.
pub async fn send(visitor: &Visitor, path: &str, credential: &Value) -> Answer {
    let body = json!({ "credential": credential }).to_string();
    visitor.post(path).wants_json().body(Body::new("application/json", body)).send().await
}

pub const PASSKEYS: &str = "/user/security/passkeys";
pub const SIGN_IN: &str = "/user/login/passkey";

/// A passkey of the signed-in account.
pub async fn added(visitor: &Visitor) -> Authenticator {
    let mut key = Authenticator::at(SITE);
    let credential = key.create(&begin(visitor, PASSKEYS).await);
    let answer = send(visitor, PASSKEYS, &credential).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    key
}

/// Signs in with a passkey.
pub async fn entered(visitor: &Visitor, key: &mut Authenticator) -> Answer {
    let credential = key.get(&begin(visitor, SIGN_IN).await);
    send(visitor, SIGN_IN, &credential).await
}

async fn listed(visitor: &Visitor) -> Vec<Value> {
    let answer = visitor.get(PASSKEYS).wants_json().send().await;
    assert_eq!(answer.status, 200);
    answer.json()["passkeys"].as_array().unwrap().clone()
}

async fn a_passkey_is_added_and_signs_in_without_an_address(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let options = begin(&ada, PASSKEYS).await;
    let wanted = &options["publicKey"]["authenticatorSelection"];
    assert_eq!(
        (&wanted["residentKey"], &wanted["requireResidentKey"], &wanted["userVerification"]),
        (&json!("required"), &json!(true), &json!("required"))
    );
    assert_eq!(options["publicKey"]["rp"]["id"], "localhost");
    assert_eq!(options["publicKey"]["attestation"], "none");
    let mut key = added(&ada).await;
    let asked = begin(&ada, SIGN_IN).await;
    assert_eq!(asked["publicKey"]["allowCredentials"], json!([]));
    assert_eq!(asked["publicKey"]["userVerification"], "required");
    let other = app.visitor();
    let answer = entered(&other, &mut key).await;
    assert_eq!((answer.status, answer.json()["email"].as_str()), (200, Some(ADA)), "{}", answer.text());
    assert!(other.is_signed_in().await);
    // A counter that stands at zero counts nothing: the same passkey signs in again.
    assert_eq!(entered(&app.visitor(), &mut key).await.status, 200);
    // As text, and in a form.
    let third = app.visitor();
    let credential = key.get(&begin(&third, SIGN_IN).await).to_string();
    let answer = third.post(SIGN_IN).wants_json().form(&[("credential", &credential)]).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let all = listed(&other).await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["place"], "127.0.0.0/24");
    let events = "SELECT COUNT(*) FROM audit_events WHERE kind = 'signed_in' AND factors = 'passkey'";
    assert_eq!(app.count(events).await, 3);
    let added = app.mailed(ADA, 1).await;
    assert!(added.iter().any(|mail| mail.contains("A passkey was added")), "{added:?}");
}

async fn a_passkey_is_called_after_its_model_and_renamed(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let mut key = Authenticator::at(SITE);
    key.model = 0xd548826e_79b4_db40_a3d8_11116f7e8349_u128.to_be_bytes();
    let credential = key.create(&begin(&ada, PASSKEYS).await);
    let answer = send(&ada, PASSKEYS, &credential).await;
    assert_eq!((answer.status, &answer.json()["name"]), (201, &json!("Bitwarden")));
    let mut key = Authenticator::at(SITE);
    let credential = key.create(&begin(&ada, PASSKEYS).await);
    let body = json!({ "credential": credential, "name": "  At home " }).to_string();
    let answer = ada.post(PASSKEYS).wants_json().body(Body::new("application/json", body)).send().await;
    assert_eq!((answer.status, &answer.json()["name"]), (201, &json!("At home")));
    let id = answer.json()["id"].to_string();
    let rename = format!("{PASSKEYS}/rename");
    let long = "x".repeat(61);
    let form = |name| [("id", id.as_str()), ("name", name)];
    for wrong in ["", " ", "a\u{202e}b", &long] {
        let answer = ada.post(&rename).wants_json().form(&form(wrong)).send().await;
        answer.refused_fields(422, &["name"]);
    }
    let answer = ada.post(&rename).wants_json().form(&form("At work")).send().await;
    assert_eq!(answer.status, 200);
    assert_eq!(listed(&ada).await[1]["name"], "At work");
    // Nobody renames or removes what is another's.
    let bob = app.signed_up("bob").await;
    bob.post(&rename).wants_json().form(&form("Mine")).send().await.problem(404);
    let remove = format!("{PASSKEYS}/remove");
    bob.post(&remove).wants_json().form(&[("id", &id)]).send().await.problem(404);
    assert_eq!(listed(&ada).await[1]["name"], "At work");
}

async fn an_account_with_a_passkey_wants_more_than_its_password(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let mut key = added(&ada).await;
    let other = app.visitor();
    let answer = other.log_in("ada", crate::support::PASSWORD).await;
    assert_eq!(answer.status, 401);
    assert!(!other.is_signed_in().await);
    assert_eq!(entered(&other, &mut key).await.status, 200);
}

async fn the_last_passkey_gone_the_password_signs_in_alone_again(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let mut first = added(&ada).await;
    added(&ada).await;
    let remove = format!("{PASSKEYS}/remove");
    let all = listed(&ada).await;
    let id = |at: usize| all[at]["id"].to_string();
    let answer = ada.post(&remove).wants_json().form(&[("id", &id(0))]).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    // Signed in or not, a passkey that was removed is unknown.
    let refused = entered(&app.visitor(), &mut first).await.problem(422);
    assert_eq!(refused["codes"]["credential"], json!(["passkey_unknown"]));
    assert_eq!(app.visitor().log_in("ada", crate::support::PASSWORD).await.status, 401);
    assert_eq!(ada.post(&remove).wants_json().form(&[("id", &id(1))]).send().await.status, 200);
    assert_eq!(app.visitor().log_in("ada", crate::support::PASSWORD).await.status, 200);
    ada.post(&remove).wants_json().form(&[("id", &id(1))]).send().await.problem(404);
    let events = "SELECT COUNT(*) FROM audit_events WHERE kind = 'passkey_removed'";
    assert_eq!(app.count(events).await, 2);
    until(Duration::from_secs(10), || async {
        app.mails(ADA).iter().any(|mail| mail.contains("A passkey was removed"))
    })
    .await;
}

async fn an_account_may_do_without_a_password_but_not_without_anything(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let without = "/user/security/password/remove";
    let refused = ada.post(without).wants_json().send().await.problem(422);
    assert_eq!(refused["codes"]["credential"], json!(["passkey_wanted"]));
    let mut key = added(&ada).await;
    assert_eq!(ada.post(without).wants_json().send().await.status, 200);
    ada.post(without).wants_json().send().await.problem(404);
    let answer = app.visitor().log_in("ada", crate::support::PASSWORD).await;
    assert_eq!(answer.json()["code"], "invalid_credentials");
    assert_eq!(entered(&app.visitor(), &mut key).await.status, 200);
    let id = listed(&ada).await[0]["id"].to_string();
    let remove = format!("{PASSKEYS}/remove");
    let refused = ada.post(&remove).wants_json().form(&[("id", &id)]).send().await.problem(422);
    assert_eq!(refused["codes"]["credential"], json!(["passkey_last"]));
    assert_eq!(listed(&ada).await.len(), 1);
    let page = ada.get("/user/security").send().await.text();
    assert!(page.contains("Your account has no password"), "{page}");
    added(&ada).await;
    assert_eq!(ada.post(&remove).wants_json().form(&[("id", &id)]).send().await.status, 200);
    let events = "SELECT COUNT(*) FROM audit_events WHERE kind = 'password_removed'";
    assert_eq!(app.count(events).await, 1);
    until(Duration::from_secs(10), || async {
        app.mails(ADA).iter().any(|mail| mail.contains("Your password was removed"))
    })
    .await;
}

async fn adding_and_removing_wants_a_recent_proof(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    added(&ada).await;
    let mut late = Authenticator::at(SITE);
    app.pass(Duration::from_secs(599));
    let credential = late.create(&begin(&ada, PASSKEYS).await);
    app.pass(Duration::from_secs(1));
    let id = listed(&ada).await[0]["id"].to_string();
    for (path, form) in [
        (format!("{PASSKEYS}/begin"), vec![]),
        (format!("{PASSKEYS}/remove"), vec![("id", id.as_str())]),
        ("/user/security/password/remove".to_owned(), vec![]),
    ] {
        let refused = ada.post(&path).wants_json().form(&form).send().await.problem(403);
        assert_eq!(refused["code"], "reauthentication_required", "{path}");
    }
    let refused = send(&ada, PASSKEYS, &credential).await.problem(403);
    assert_eq!(refused["code"], "reauthentication_required");
    assert_eq!(listed(&ada).await.len(), 1);
}

async fn a_new_browser_is_told_of_and_a_known_one_is_not(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let mut key = added(&ada).await;
    let told = || app.mails(ADA).iter().filter(|mail| mail.contains("new browser")).count();
    let other = app.visitor();
    assert_eq!(entered(&other, &mut key).await.status, 200);
    until(Duration::from_secs(10), || async { told() == 1 }).await;
    other.post("/user/logout").send().await;
    assert_eq!(entered(&other, &mut key).await.status, 200);
    assert_eq!(entered(&app.visitor(), &mut key).await.status, 200);
    until(Duration::from_secs(10), || async { told() == 2 }).await;
}

async fn whoever_is_locked_or_unverified_enters_by_no_passkey(engine: Engine) {
    let app = TestApp::with(engine, &format!("{SETTINGS}\nregistration.verify = 'optional'")).await;
    let ada = app.signed_up("ada").await;
    let mut key = added(&ada).await;
    app.sql("UPDATE accounts SET locked_at = 1").await;
    assert_eq!(entered(&app.visitor(), &mut key).await.problem(403)["code"], "locked");
    app.sql("UPDATE accounts SET locked_at = NULL").await;
    assert_eq!(entered(&app.visitor(), &mut key).await.status, 200);
    assert_eq!(app.count("SELECT COUNT(*) FROM passkey_challenges").await, 0);
}

async fn the_page_lists_passkeys_without_script(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let page = ada.get("/user/security").send().await.text();
    assert!(page.contains("You don’t have a passkey yet"), "{page}");
    assert!(page.contains("allow JavaScript"), "{page}");
    added(&ada).await;
    let page = ada.get("/user/security").send().await.text();
    let rename = html::form(&page, "/user/security/passkeys/rename");
    let sent = ada
        .post("/user/security/passkeys/rename")
        .form(&html::form(&page, "/user/security/passkeys/rename").filled("name", "").fields());
    let refused = sent.send().await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("aria-invalid=\"true\" autofocus"), "{}", refused.text());
    let sent = ada.post("/user/security/passkeys/rename").form(&rename.filled("name", "<b>Home").fields());
    let journey = sent.follow().await;
    journey.went(&[(303, "/user/security")]);
    let page = journey.answer.text();
    assert!(page.contains("Passkey renamed.") && page.contains("&lt;b&gt;Home"), "{page}");
    let remove = html::form(&page, "/user/security/passkeys/remove");
    let journey = ada.post("/user/security/passkeys/remove").form(&remove.fields()).follow().await;
    journey.went(&[(303, "/user/security")]);
    assert!(journey.answer.text().contains("Passkey removed."));
    assert_eq!(listed(&ada).await.len(), 0);
    // The list for the browser, which forgets the one that was removed.
    assert!(journey.answer.text().contains("data-accepted=\"\""), "{}", journey.answer.text());
    // Pressed twice.
    let journey = ada.post("/user/security/passkeys/remove").form(&remove.fields()).follow().await;
    journey.went(&[(303, "/user/security")]);
}

async fn a_browser_goes_back_to_where_it_wanted_to_go(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let mut key = added(&ada).await;
    let other = app.visitor();
    let page = other.get("/user/login?next=/user/devices").send().await.text();
    assert!(page.contains("autocomplete=\"username webauthn\""), "{page}");
    let form = html::form(&page, SIGN_IN);
    let refused = other.post(SIGN_IN).form(&form.filled("credential", "{}").fields()).send().await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("couldn’t be verified"), "{}", refused.text());
    let credential = key.get(&begin(&other, SIGN_IN).await).to_string();
    let form = html::form(&refused.text(), SIGN_IN).filled("credential", &credential);
    let journey = other.post(SIGN_IN).form(&form.fields()).follow().await;
    journey.went(&[(303, "/user/devices")]);
    // Which passkey was refused is said to the browser, and only then.
    app.sql("DELETE FROM passkeys").await;
    let stranger = app.visitor();
    let credential = key.get(&begin(&stranger, SIGN_IN).await).to_string();
    let refused = stranger.post(SIGN_IN).form(&[("credential", &credential)]).send().await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("data-unknown=\""), "{}", refused.text());
    assert!(!page.contains("data-unknown"), "{page}");
}

async fn where_no_passkey_can_work_nothing_offers_one(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for (visitor, path) in [(&ada, PASSKEYS), (&app.visitor(), SIGN_IN)] {
        let answer = visitor.post(&format!("{path}/begin")).wants_json().send().await;
        assert_eq!(answer.problem(422)["codes"]["credential"], json!(["passkeys_off"]));
        let answer = send(visitor, path, &json!({})).await;
        assert_eq!(answer.problem(422)["codes"]["credential"], json!(["passkeys_off"]));
    }
    let page = app.visitor().get("/user/login").send().await.text();
    assert!(!page.contains("passkey") && !page.contains("webauthn"), "{page}");
    let page = ada.get("/user/security").send().await.text();
    assert!(page.contains("Passkeys can’t work at this site’s address") && !page.contains("passkeys.js"));
}
