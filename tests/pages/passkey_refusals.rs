//! What is refused of a passkey: clearly, without any change, and in the log of whoever's it was.

use std::time::Duration;

use serde_json::{Value, json};
use store::Engine;

use super::passkeys::{PASSKEYS, SETTINGS, SIGN_IN, added, begin, entered, send};
use crate::engines::both_engines;
use crate::support::authenticator::Authenticator;
use crate::support::{Answer, TestApp};

both_engines!(
    a_challenge_works_in_its_session_for_its_account_and_purpose,
    a_challenge_works_once_and_for_ten_minutes,
    an_answer_sent_fifty_times_at_once_enters_once,
    what_another_site_asked_for_is_refused,
    whoever_was_not_recognised_is_refused,
    a_counter_that_goes_back_is_refused_and_told,
    a_passkey_answers_for_its_own_account_alone,
    an_unknown_algorithm_and_a_huge_attestation_are_refused,
    what_is_no_answer_is_refused,
    an_account_has_at_most_twenty_passkeys,
);

const SITE: &str = "http://localhost:8000";

#[track_caller]
fn refused(answer: &Answer, code: &str) {
    assert_eq!(answer.problem(422)["codes"]["credential"], json!([code]));
}

/// How often a passkey was refused, by the log.
async fn logged(app: &TestApp, code: &str) -> i64 {
    let sql = "SELECT COUNT(*) FROM audit_events WHERE kind = 'passkey_refused' AND detail";
    app.count(&format!("{sql} = '{code}'")).await
}

async fn passkeys(app: &TestApp) -> i64 {
    app.count("SELECT COUNT(*) FROM passkeys").await
}

async fn a_challenge_works_in_its_session_for_its_account_and_purpose(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let again = app.signed_in("ada").await;
    let bob = app.signed_up("bob").await;
    let mut key = Authenticator::at(SITE);
    let credential = key.create(&begin(&ada, PASSKEYS).await);
    refused(&send(&again, PASSKEYS, &credential).await, "passkey_expired");
    refused(&send(&bob, PASSKEYS, &credential).await, "passkey_expired");
    let mut elsewhere = Authenticator::at(SITE);
    let mut options = begin(&ada, SIGN_IN).await;
    options["publicKey"]["user"] = json!({ "id": "AAAAAAAAAAAAAAAAAAAAAA" });
    refused(&send(&ada, PASSKEYS, &elsewhere.create(&options)).await, "passkey_expired");
    assert_eq!(passkeys(&app).await, 0);
    assert_eq!(logged(&app, "passkey_expired").await, 3);
    // None of them has used it up.
    assert_eq!(send(&ada, PASSKEYS, &credential).await.status, 201);
    let credential = key.get(&begin(&ada, PASSKEYS).await);
    refused(&send(&app.visitor(), SIGN_IN, &credential).await, "passkey_expired");
    // A session that has ended takes its challenges with it.
    let credential = Authenticator::at(SITE).create(&begin(&ada, PASSKEYS).await);
    ada.post("/user/logout").send().await;
    assert_eq!(send(&ada, PASSKEYS, &credential).await.status, 401);
    assert_eq!(passkeys(&app).await, 1);
}

async fn a_challenge_works_once_and_for_ten_minutes(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let mut key = Authenticator::at(SITE);
    let credential = key.create(&begin(&ada, PASSKEYS).await);
    assert_eq!(send(&ada, PASSKEYS, &credential).await.status, 201);
    refused(&send(&ada, PASSKEYS, &credential).await, "passkey_expired");
    assert_eq!(logged(&app, "passkey_expired").await, 1);
    assert_eq!(passkeys(&app).await, 1);
    let other = app.visitor();
    let credential = key.get(&begin(&other, SIGN_IN).await);
    assert_eq!(send(&other, SIGN_IN, &credential).await.status, 200);
    refused(&send(&app.visitor(), SIGN_IN, &credential).await, "passkey_expired");
    let (early, late) = (begin(&other, SIGN_IN).await, begin(&other, SIGN_IN).await);
    app.pass(Duration::from_millis(599_999));
    assert_eq!(send(&other, SIGN_IN, &key.get(&early)).await.status, 200);
    app.pass(Duration::from_millis(1));
    let stranger = app.visitor();
    refused(&send(&stranger, SIGN_IN, &key.get(&late)).await, "passkey_expired");
    assert!(!stranger.is_signed_in().await);
}

async fn an_answer_sent_fifty_times_at_once_enters_once(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let mut key = added(&ada).await;
    let before = app.count("SELECT COUNT(*) FROM sessions").await;
    let credential = key.get(&begin(&ada, SIGN_IN).await);
    let sent = (0..50).map(|_| {
        let (visitor, credential) = (app.visitor(), credential.clone());
        rocket::tokio::spawn(async move { send(&visitor, SIGN_IN, &credential).await })
    });
    let sent: Vec<_> = sent.collect();
    let mut granted = 0;
    for answer in sent {
        let answer = answer.await.unwrap();
        match answer.status {
            200 => granted += 1,
            _ => refused(&answer, "passkey_expired"),
        }
    }
    assert_eq!(granted, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, before + 1);
    // Two challenges, answered at once with the same counter: only one moves it on.
    let mut counting = Authenticator::at(SITE);
    let made = counting.create(&begin(&ada, PASSKEYS).await);
    assert_eq!(send(&ada, PASSKEYS, &made).await.status, 201);
    counting.counter = 7;
    let first = counting.get(&begin(&ada, SIGN_IN).await);
    let second = counting.get(&begin(&ada, SIGN_IN).await);
    let (one, two) = (app.visitor(), app.visitor());
    let (one, two) = rocket::tokio::join!(send(&one, SIGN_IN, &first), send(&two, SIGN_IN, &second));
    let granted = [&one, &two].into_iter().filter(|answer| answer.status == 200).count();
    assert_eq!(granted, 1, "{} {}", one.text(), two.text());
}

/// Registers and signs in with an authenticator that `change` has made lie, and expects each to be refused.
async fn lies(app: &TestApp, change: impl Fn(&mut Authenticator)) {
    let ada = app.signed_in("ada").await;
    let mut key = Authenticator::at(SITE);
    change(&mut key);
    let before = (passkeys(app).await, logged(app, "passkey_refused").await);
    refused(&send(&ada, PASSKEYS, &key.create(&begin(&ada, PASSKEYS).await)).await, "passkey_refused");
    assert_eq!(passkeys(app).await, before.0);
    assert_eq!(logged(app, "passkey_refused").await, before.1 + 1);
    let mut key = added(&ada).await;
    change(&mut key);
    let other = app.visitor();
    refused(&entered(&other, &mut key).await, "passkey_refused");
    assert!(!other.is_signed_in().await);
    assert_eq!(logged(app, "passkey_refused").await, before.1 + 2);
    app.sql("DELETE FROM passkeys").await;
    app.sql("UPDATE accounts SET second_factor_at = NULL").await;
}

async fn what_another_site_asked_for_is_refused(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    app.signed_up("ada").await;
    for origin in [
        "https://evil.example",
        "https://localhost:8000",
        "http://localhost:8001",
        "http://localhost",
        "http://sub.localhost:8000",
    ] {
        lies(&app, |key| origin.clone_into(&mut key.origin)).await;
    }
    for rp_id in ["evil.example", "sub.localhost", ""] {
        lies(&app, |key| rp_id.clone_into(&mut key.rp_id)).await;
    }
}

async fn whoever_was_not_recognised_is_refused(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    app.signed_up("ada").await;
    lies(&app, |key| key.verifies = false).await;
}

async fn a_counter_that_goes_back_is_refused_and_told(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let mut key = added(&ada).await;
    key.counter = 5;
    assert_eq!(entered(&app.visitor(), &mut key).await.status, 200);
    for back in [5, 4, 1, 0] {
        key.counter = back;
        let other = app.visitor();
        refused(&entered(&other, &mut key).await, "passkey_copied");
        assert!(!other.is_signed_in().await);
    }
    assert_eq!(logged(&app, "passkey_copied").await, 4);
    key.counter = 6;
    assert_eq!(entered(&app.visitor(), &mut key).await.status, 200);
}

async fn a_passkey_answers_for_its_own_account_alone(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let (ada, bob) = (app.signed_up("ada").await, app.signed_up("bob").await);
    let mut hers = added(&ada).await;
    let his = added(&bob).await;
    // The same credential in another account.
    refused(&send(&bob, PASSKEYS, &hers.create(&begin(&bob, PASSKEYS).await)).await, "passkey_taken");
    assert_eq!(logged(&app, "passkey_taken").await, 1);
    assert_eq!(passkeys(&app).await, 2);
    // Its answer in the name of another account, and in nobody's.
    hers.handle.clone_from(&his.handle);
    refused(&entered(&app.visitor(), &mut hers).await, "passkey_refused");
    let mut nameless = hers.get(&begin(&ada, SIGN_IN).await);
    nameless["response"].as_object_mut().unwrap().remove("userHandle");
    refused(&send(&app.visitor(), SIGN_IN, &nameless).await, "passkey_refused");
    // The signature of another key.
    let mut forged = Authenticator::at(SITE);
    forged.id.clone_from(&his.id);
    forged.handle.clone_from(&his.handle);
    refused(&entered(&app.visitor(), &mut forged).await, "passkey_refused");
    assert_eq!(logged(&app, "passkey_refused").await, 3);
}

async fn an_unknown_algorithm_and_a_huge_attestation_are_refused(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    for algorithm in [-8, -47, -257, -65_535] {
        let mut key = Authenticator::at(SITE);
        key.algorithm = algorithm;
        refused(&send(&ada, PASSKEYS, &key.create(&begin(&ada, PASSKEYS).await)).await, "passkey_refused");
    }
    // A number that is longer than any may be, and one that is not what the authenticator wrote.
    let mut key = Authenticator::at(SITE);
    key.id = vec![7; 1_024];
    refused(&send(&ada, PASSKEYS, &key.create(&begin(&ada, PASSKEYS).await)).await, "passkey_refused");
    let mut other = Authenticator::at(SITE).create(&begin(&ada, PASSKEYS).await);
    other["rawId"] = json!("AAAA");
    refused(&send(&ada, PASSKEYS, &other).await, "passkey_refused");
    let mut key = Authenticator::at(SITE);
    key.padding = 64 * 1024;
    let answer = send(&ada, PASSKEYS, &key.create(&begin(&ada, PASSKEYS).await)).await;
    assert_eq!(answer.problem(413)["code"], "too_large");
    assert_eq!(passkeys(&app).await, 0);
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE second_factor_at IS NOT NULL").await, 0);
}

async fn what_is_no_answer_is_refused(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let mut key = added(&ada).await;
    let good = key.get(&begin(&ada, SIGN_IN).await);
    let without = |name: &str| {
        let mut credential = good.clone();
        credential["response"].as_object_mut().unwrap().remove(name);
        credential
    };
    let with = |path: &str, value: Value| {
        let mut credential = good.clone();
        *credential.pointer_mut(path).unwrap() = value;
        credential
    };
    for (path, visitor) in [(SIGN_IN, app.visitor()), (PASSKEYS, ada.clone())] {
        for wrong in [
            json!({}),
            json!([]),
            without("signature"),
            without("clientDataJSON"),
            without("authenticatorData"),
            with("/type", json!("password")),
            with("/rawId", json!("%%%")),
            with("/response", json!("text")),
            with("/response/clientDataJSON", json!("bm90IGpzb24")),
        ] {
            let answer = send(&visitor, path, &wrong).await;
            assert_eq!(answer.status, 422, "{path} {wrong}: {}", answer.text());
        }
        for text in ["", "null", "\u{0}", "{\"response\":", &"[".repeat(2_000)] {
            let answer = visitor.post(path).wants_json().form(&[("credential", text)]).send().await;
            assert_eq!(answer.status, 422, "{path} {text}: {}", answer.text());
        }
        let answer = visitor.post(path).wants_json().send().await;
        assert_eq!(answer.problem(422)["codes"]["credential"], json!(["required"]));
        let twice = [("credential", "{}"), ("credential", "{}")];
        visitor.post(path).wants_json().form(&twice).send().await.problem(400);
    }
    let garbled = with("/response/authenticatorData", json!("AAAA"));
    refused(&send(&app.visitor(), SIGN_IN, &garbled).await, "passkey_refused");
    // A wrong answer uses its challenge up.
    refused(&send(&app.visitor(), SIGN_IN, &good).await, "passkey_expired");
}

async fn an_account_has_at_most_twenty_passkeys(engine: Engine) {
    let app = TestApp::with(engine, SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let spare = Authenticator::at(SITE).create(&begin(&ada, PASSKEYS).await);
    for _ in 0..20 {
        added(&ada).await;
    }
    refused(&ada.post("/user/security/passkeys/begin").wants_json().send().await, "passkeys_too_many");
    refused(&send(&ada, PASSKEYS, &spare).await, "passkeys_too_many");
    assert_eq!(passkeys(&app).await, 20);
}
