//! Linking accounts on the Security page, and unlinking them.

use std::time::Duration;

use serde_json::Value;
use store::Engine;

use super::{
    ADA, claims, comes_back, goes_and_comes, leaves_by, links, returns, signs_up, started, states, vouches,
};
use crate::engines::both_engines;
use crate::passkeys;
use crate::support::{PASSWORD, html, mail};

both_engines!(
    an_account_is_linked_and_unlinked_on_the_security_page,
    linking_wants_a_recent_proof_and_goes_on_after_it,
    only_the_session_that_left_is_linked,
    one_identity_signs_in_to_one_account,
    the_last_thing_that_signs_in_stays,
    a_sign_in_that_waits_ends_with_the_link,
);

const LINK: &str = "/user/security/providers";
const UNLINK: &str = "/user/security/providers/unlink";

fn number(states: &Value) -> String {
    states[0]["linked"]["id"].to_string()
}

async fn an_account_is_linked_and_unlinked_on_the_security_page(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let ada = app.signed_up("ada").await;
    let page = ada.get("/user/security").send().await.text();
    let form = html::form(&page, LINK);
    assert!(form.fields().contains(&("provider", "one")), "{page}");
    let answer = ada.post(LINK).form(&form.fields()).send().await;
    assert!(answer.header("refresh").unwrap().contains("/authorize?"), "{}", answer.text());
    let answer = links(&app, &provider, &ada, "17").await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/user/security")));
    let page = ada.get("/user/security").send().await.text();
    assert!(page.contains("Account linked. You can now sign in with it."), "{page}");
    assert!(page.contains("ada@example.org · linked, never used to sign in"), "{page}");
    // The button was pressed twice.
    assert_eq!(links(&app, &provider, &ada, "17").await.status, 303);
    let page = links(&app, &provider, &ada, "18").await.refusal_page(422);
    assert!(page.contains("Unlink it first") && page.contains("/user/security"), "{page}");
    let listed = states(&ada).await;
    assert_eq!(listed[0]["name"], "one");
    assert_eq!(listed[0]["linked"]["seen_at"], Value::Null);
    assert_eq!(listed[1]["linked"], Value::Null);
    let id = number(&listed);
    ada.post(UNLINK).wants_json().form(&[("id", "999")]).send().await.problem(404);
    app.signed_up("grace").await.post(UNLINK).wants_json().form(&[("id", &id)]).send().await.problem(404);
    let answer = ada.post(UNLINK).form(&[("id", &id)]).send().await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/user/security")));
    assert_eq!(ada.post(UNLINK).form(&[("id", &id)]).send().await.status, 303, "pressed twice");
    assert_eq!(states(&ada).await[0]["linked"], Value::Null);
    let visitor = app.visitor();
    assert_eq!(
        goes_and_comes(&app, &provider, &visitor, "17").await.header("location"),
        Some("/user/identity")
    );
    let log = ada.get("/user/security/log").wants_json().send().await.json();
    assert_eq!(
        (&log["events"][0]["kind"], &log["events"][0]["detail"]),
        (&"identity_unlinked".into(), &"First & Sons".into())
    );
    assert_eq!(log["events"][1]["kind"], "identity_linked");
    let mails: Vec<String> = app.mailed(ADA, 2).await.iter().map(|mail| mail::read(mail)).collect();
    assert!(mails[0].contains("An account at First & Sons was linked"), "{}", mails[0]);
    assert!(mails[1].contains("An account at First & Sons was unlinked"), "{}", mails[1]);
}

async fn linking_wants_a_recent_proof_and_goes_on_after_it(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let ada = app.signed_up("ada").await;
    links(&app, &provider, &ada, "17").await;
    let id = number(&states(&ada).await);
    app.pass(Duration::from_secs(600));
    for (path, field) in [(LINK, ("provider", "two")), (UNLINK, ("id", &*id))] {
        let answer = ada.post(path).wants_json().form(&[field]).send().await;
        assert_eq!(answer.problem(403)["code"], "reauthentication_required");
    }
    let page = ada.post(LINK).form(&[("provider", "two")]).send().await.refusal_page(403);
    let proof = html::form(&page, "/user/prove").filled("password", PASSWORD);
    let answer = ada.post("/user/prove").form(&proof.fields()).send().await;
    assert_eq!((answer.status, answer.header("location")), (308, Some(LINK)));
    let answer = ada.post(LINK).form(&proof.fields()).send().await;
    assert!(answer.header("refresh").is_some(), "{}", answer.text());
    // Who came back waits for a proof too.
    let other = app.signed_up("grace").await;
    goes_and_comes(&app, &provider, &other, "18").await;
    app.pass(Duration::from_secs(600));
    let page = other.post("/user/identity/link").form(&[("decision", "link")]).send().await.refusal_page(403);
    let proof = html::form(&page, "/user/prove").filled("password", PASSWORD);
    let answer = other.post("/user/prove").form(&proof.fields()).send().await;
    assert_eq!((answer.status, answer.header("location")), (308, Some("/user/identity/link")));
    assert_eq!(other.post("/user/identity/link").form(&proof.fields()).send().await.status, 303);
    assert_ne!(states(&other).await[0]["linked"], Value::Null);
}

/// The account of whoever signs in meanwhile would get the identity of somebody else.
async fn only_the_session_that_left_is_linked(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let ada = app.signed_up("ada").await;
    let away = leaves_by(&ada, LINK, &[("provider", "one")], "one").await;
    vouches(&app, &provider, &away, "17");
    app.signed_up("grace").await;
    ada.log_in("grace", PASSWORD).await;
    let page = comes_back(&ada, &provider, &away).await;
    assert_eq!(page.status, 422);
    assert_eq!(app.count("SELECT COUNT(*) FROM identities").await, 0);
    // The session has ended: its request went with it.
    let away = leaves_by(&ada, LINK, &[("provider", "one")], "one").await;
    vouches(&app, &provider, &away, "17");
    let cookie = ada.cookie("vestibule_provider").unwrap();
    ada.post("/user/logout").send().await;
    ada.set_cookie("vestibule_provider", &cookie);
    assert_eq!(comes_back(&ada, &provider, &away).await.status, 422);
    assert_eq!(app.count("SELECT COUNT(*) FROM identities").await, 0);
    assert_eq!(app.count("SELECT COUNT(*) FROM provider_departures").await, 0);
    let stranger = app.visitor().post(LINK).wants_json().form(&[("provider", "one")]).send().await;
    stranger.problem(401);
}

async fn one_identity_signs_in_to_one_account(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    assert_eq!(signs_up(&app, &provider, &app.visitor(), "17", "first@example.org").await.status, 200);
    let ada = app.signed_up("ada").await;
    let page = links(&app, &provider, &ada, "17").await.refusal_page(422);
    assert!(page.contains("linked with another account here already"), "{page}");
    assert_eq!(states(&ada).await[0]["linked"], Value::Null);
    // Fifty at once make one.
    let away = leaves_by(&ada, LINK, &[("provider", "one")], "one").await;
    let told = claims(&app, &provider, &away, "18");
    provider.change(|script| script.claims = told);
    let state = away.parameter("state");
    let query = [("code", "c0de"), ("state", &*state), ("iss", &provider.issuer)];
    assert_eq!(returns(&ada, &away, &query).await.status, 303);
    assert_eq!(app.count("SELECT COUNT(*) FROM identities").await, 2);
}

async fn the_last_thing_that_signs_in_stays(engine: Engine) {
    let (app, provider) = started(engine, passkeys::SETTINGS).await;
    let ada = app.visitor();
    assert_eq!(signs_up(&app, &provider, &ada, "17", ADA).await.status, 200);
    app.sql(&format!("UPDATE sessions SET proven_at = {}", app.now())).await;
    let again = goes_and_comes(&app, &provider, &ada, "17").await;
    assert_eq!(again.status, 303);
    app.sql(&format!("UPDATE sessions SET proven_at = {}", app.now())).await;
    let id = number(&states(&ada).await);
    let answer = ada.post(UNLINK).wants_json().form(&[("id", &id)]).send().await;
    answer.refused_fields(422, &["identity"]);
    let page = ada.post(UNLINK).form(&[("id", &id)]).send().await.refusal_page(422);
    assert!(page.contains("This is the only way to sign in to your account."), "{page}");
    assert_ne!(states(&ada).await[0]["linked"], Value::Null);
    // Beside a passkey it may go.
    passkeys::added(&ada).await;
    assert_eq!(ada.post(UNLINK).wants_json().form(&[("id", &id)]).send().await.status, 200);
}

async fn a_sign_in_that_waits_ends_with_the_link(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let ada = app.signed_up("ada").await;
    links(&app, &provider, &ada, "17").await;
    let (secret, _) = crate::totp::set_up(&app, &ada).await;
    let thief = app.visitor();
    let answer = goes_and_comes(&app, &provider, &thief, "17").await;
    assert_eq!(answer.header("location"), Some("/user/login/second"));
    let id = number(&states(&ada).await);
    assert_eq!(ada.post(UNLINK).wants_json().form(&[("id", &id)]).send().await.status, 200);
    app.pass(Duration::from_secs(60));
    let code = crate::totp::shown(&app, &secret);
    thief.post("/user/login/second").form(&[("code", &code)]).send().await;
    assert!(!thief.is_signed_in().await);
}
