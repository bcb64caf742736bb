//! What an attacker who has a provider's word cannot do: be linked to somebody's account before its owner
//! comes, after they have said that it was not they, or by an address.

use std::time::Duration;

use serde_json::Value;
use store::Engine;

use super::{ADA, goes_and_comes, links, signs_up, started, states};
use crate::engines::both_engines;
use crate::security_log::number;
use crate::support::{PASSWORD, TestApp, mail};

both_engines!(
    an_identity_from_before_the_first_link_signs_in_no_more,
    an_identity_of_a_proven_account_outlives_a_recovery,
    a_denial_unlinks_what_was_linked_since,
    an_address_that_a_provider_vouches_for_opens_no_account,
    a_session_from_before_the_sign_in_is_not_the_one_after,
    a_sign_in_by_a_provider_is_no_proof,
);

const NEW: &str = "another horse entirely";

async fn resets(app: &TestApp) {
    app.visitor().post("/user/forgot").form(&[("email", ADA)]).send().await;
    let letters = app.letters(ADA, "/user/reset?token=", 1).await;
    let token = mail::token_in(letters.last().unwrap(), "/user/reset");
    let form = [("token", &*token), ("npassword", NEW)];
    let answer = app.visitor().post("/user/reset").wants_json().form(&form).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// Somebody signs up with an address that is not theirs, by a provider or with a password and a link to one,
/// and waits for its owner.
async fn an_identity_from_before_the_first_link_signs_in_no_more(engine: Engine) {
    for by_provider in [true, false] {
        let (app, provider) = started(engine, "").await;
        let thief = app.visitor();
        if by_provider {
            assert_eq!(signs_up(&app, &provider, &thief, "17", ADA).await.status, 200);
        } else {
            let form = [("email", ADA), ("password", PASSWORD)];
            thief.post("/user/create").wants_json().form(&form).send().await;
            thief.log_in(ADA, PASSWORD).await;
            assert_eq!(links(&app, &provider, &thief, "17").await.status, 303);
        }
        // The owner of the address comes, hears that there is an account, and chooses a password by mail.
        resets(&app).await;
        assert!(!thief.is_signed_in().await);
        let answer = goes_and_comes(&app, &provider, &thief, "17").await;
        assert_eq!(answer.header("location"), Some("/user/identity"), "nobody is signed in");
        assert!(!thief.is_signed_in().await);
        let owner = app.visitor();
        assert_eq!(owner.log_in(ADA, NEW).await.status, 200);
        assert_eq!(states(&owner).await[0]["linked"], Value::Null);
    }
}

async fn an_identity_of_a_proven_account_outlives_a_recovery(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let ada = app.signed_up("ada").await;
    links(&app, &provider, &ada, "17").await;
    resets(&app).await;
    let visitor = app.visitor();
    assert_eq!(
        goes_and_comes(&app, &provider, &visitor, "17").await.header("location"),
        Some("/user/profil")
    );
}

async fn a_denial_unlinks_what_was_linked_since(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let ada = app.signed_up("ada").await;
    app.pass(Duration::from_secs(5));
    let thief = app.signed_in("ada").await;
    app.pass(Duration::from_secs(5));
    links(&app, &provider, &thief, "17").await;
    let denied = number(&ada, "signed_in").await;
    let form = [("event", &*denied)];
    let answer = ada.post("/user/security/log/deny").wants_json().form(&form).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(app.count("SELECT COUNT(*) FROM identities").await, 0);
    let answer = goes_and_comes(&app, &provider, &thief, "17").await;
    assert_eq!(answer.header("location"), Some("/user/identity"));
    assert!(!thief.is_signed_in().await);
}

/// A provider that says of anybody's address that it was proven there.
async fn an_address_that_a_provider_vouches_for_opens_no_account(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    app.signed_up("ada").await;
    let thief = app.visitor();
    let answer = goes_and_comes(&app, &provider, &thief, "666").await;
    assert_eq!(answer.header("location"), Some("/user/identity"));
    assert!(!thief.is_signed_in().await);
    // With nobody signed in there is nobody to link it with.
    thief.post("/user/identity/link").wants_json().form(&[("decision", "link")]).send().await.problem(401);
    let answer = thief.post("/user/identity").wants_json().form(&[("email", ADA)]).send().await;
    answer.refused_fields(422, &["email"]);
    assert_eq!(app.count("SELECT COUNT(*) FROM identities").await, 0);
}

async fn a_session_from_before_the_sign_in_is_not_the_one_after(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    assert_eq!(signs_up(&app, &provider, &app.visitor(), "17", ADA).await.status, 200);
    let thief = app.signed_up("mallory").await;
    let planted = thief.cookie("vestibule").unwrap();
    let known = thief.cookie("vestibule_device").unwrap();
    let victim = app.visitor();
    victim.set_cookie("vestibule", &planted);
    victim.set_cookie("vestibule_device", &"x".repeat(43));
    assert_eq!(goes_and_comes(&app, &provider, &victim, "17").await.status, 303);
    assert_eq!(victim.account().await["email"], ADA);
    assert!(![&planted, &known].contains(&&victim.cookie("vestibule").unwrap()));
    assert_ne!(victim.cookie("vestibule_device").unwrap(), "x".repeat(43), "a planted secret is replaced");
    assert!(!thief.is_signed_in().await, "the planted session has ended");
}

async fn a_sign_in_by_a_provider_is_no_proof(engine: Engine) {
    let (app, provider) = started(engine, "").await;
    let ada = app.signed_up("ada").await;
    links(&app, &provider, &ada, "17").await;
    let visitor = app.visitor();
    goes_and_comes(&app, &provider, &visitor, "17").await;
    let proof = visitor.get("/user/prove").wants_json().send().await.json();
    assert_eq!(proof["proven"], false);
    let id = states(&visitor).await[0]["linked"]["id"].to_string();
    let answer =
        visitor.post("/user/security/providers/unlink").wants_json().form(&[("id", &id)]).send().await;
    assert_eq!(answer.problem(403)["code"], "reauthentication_required");
    // Whoever has nothing else to prove it by is told how to come by something.
    let other = app.visitor();
    signs_up(&app, &provider, &other, "18", "countess@example.org").await;
    let page = other.get("/user/prove").send().await.text();
    assert!(page.contains("href=\"/user/forgot\""), "{page}");
}
