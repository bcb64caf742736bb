//! What somebody who had an account for a while cannot keep, once its owner has it again.

use std::time::Duration;

use rocket::tokio;
use serde_json::json;
use store::Engine;

use crate::engines::both_engines;
use crate::passkeys;
use crate::security_log::{events, kinds, number};
use crate::support::totp::secret_of;
use crate::support::{PASSWORD, TestApp, Visitor, mail, until};
use crate::totp;

both_engines!(
    the_first_link_to_an_address_takes_off_the_factors_of_before,
    the_link_of_a_proven_address_leaves_the_factors,
    a_secret_that_waits_is_its_sessions_and_ends_with_it,
    a_sign_in_under_way_during_a_denial_opens_nothing,
    what_a_session_does_during_a_denial_is_undone_or_refused,
    a_sign_in_by_redirection_is_no_proof,
    the_cookie_of_before_a_proof_stays_closed,
    the_link_of_a_denial_finds_room_in_a_full_mailbox,
);

const ADA: &str = "ada@example.org";
const DENY: &str = "/user/security/log/deny";
const NEW: &str = "another horse entirely";

/// Chooses a password by a mailed link.
async fn reset(app: &TestApp, links_before: usize) {
    app.visitor().post("/user/forgot").form(&[("email", ADA)]).send().await;
    by_link(app, links_before).await;
}

async fn by_link(app: &TestApp, links_before: usize) {
    let letters = app.letters(ADA, "/user/reset?token=", links_before + 1).await;
    let token = mail::token_in(letters.last().unwrap(), "/user/reset");
    let form = [("token", &*token), ("npassword", NEW)];
    let answer = app.visitor().post("/user/reset").wants_json().form(&form).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

async fn deny(ada: &Visitor, event: &str) -> u16 {
    ada.post(DENY).wants_json().form(&[("event", event)]).send().await.status
}

/// Somebody signs up with an address that is not theirs, and waits for its owner.
async fn the_first_link_to_an_address_takes_off_the_factors_of_before(engine: Engine) {
    let app = TestApp::with(engine, passkeys::SETTINGS).await;
    let thief = app.signed_up("ada").await;
    app.sql("UPDATE accounts SET verified_at = NULL").await;
    totp::set_up(&app, &thief).await;
    let mut key = passkeys::added(&thief).await;
    reset(&app, 0).await;
    let owner = app.visitor();
    assert_eq!(owner.log_in(ADA, NEW).await.status, 200);
    let state = owner.get("/user/security").wants_json().send().await.json();
    let none = json!({ "wanted": false, "totp": false, "passkeys": 0, "recovery_codes": 0 });
    assert_eq!(state["second_factors"], none);
    assert_eq!(passkeys::entered(&app.visitor(), &mut key).await.status, 422);
    assert!(kinds(&events(&owner).await).contains(&"factors_removed"));
}

async fn the_link_of_a_proven_address_leaves_the_factors(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.prove(ADA).await;
    totp::set_up(&app, &ada).await;
    reset(&app, 0).await;
    let answer = app.visitor().log_in(ADA, NEW).await;
    assert_eq!(answer.problem(401)["code"], "second_factor_required");
}

async fn a_secret_that_waits_is_its_sessions_and_ends_with_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (thief, owner) = (app.signed_up("ada").await, app.signed_in("ada").await);
    let shown = async |visitor: &Visitor| {
        let answer = visitor.get("/user/security/totp").wants_json().send().await.json();
        answer["secret"].as_str().unwrap().to_owned()
    };
    let waiting = shown(&thief).await;
    assert_eq!(shown(&thief).await, waiting);
    assert_ne!(shown(&owner).await, waiting);
    // The thief's is void now, however right its code.
    let code = crate::support::totp::shown(&secret_of(&waiting), app.now());
    let answer = thief.post("/user/security/totp").wants_json().form(&[("code", &code)]).send().await;
    assert_eq!(answer.status, 404, "{}", answer.text());
    owner.post("/user/logout").send().await;
    assert_eq!(app.count("SELECT COUNT(*) FROM totp_secrets").await, 0);
    assert_eq!(thief.ask("HEAD", "/user/security/totp").send().await.status, 200);
    assert_eq!(app.count("SELECT COUNT(*) FROM totp_secrets").await, 0, "a HEAD begins nothing");
}

async fn a_sign_in_under_way_during_a_denial_opens_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let event = number(&ada, "signed_in").await;
    let sign_in = |path: &'static str, form: Vec<(&'static str, &'static str)>| {
        let visitor = app.visitor();
        tokio::spawn(async move { visitor.post(path).wants_json().form(&form).send().await.status })
    };
    let change = || {
        let visitor = app.visitor();
        let form = [("email", ADA), ("old_password", PASSWORD), ("new_password", "a thief's own horse")];
        let path = "/api/user/v1/changepassword";
        tokio::spawn(async move { visitor.ask("PATCH", path).form(&form).send().await.status })
    };
    let mut asks: Vec<_> =
        (0..12).map(|_| sign_in("/user/login", vec![("email", ADA), ("password", PASSWORD)])).collect();
    asks.extend((0..4).map(|_| sign_in("/auth/login", vec![("email", ADA), ("password", PASSWORD)])));
    asks.push(change());
    asks.push(change());
    // Some of them are being hashed now.
    tokio::time::sleep(Duration::from_millis(30)).await;
    let denied = deny(&ada, &event).await;
    for ask in asks {
        ask.await.unwrap();
    }
    // A change that was done before the denial has ended the session that denies.
    if denied == 401 {
        return;
    }
    assert_eq!(denied, 200);
    for opened in ["sessions", "bearers"] {
        assert_eq!(app.count(&format!("SELECT COUNT(*) FROM {opened}")).await, 0, "{opened}");
    }
    assert_ne!(app.visitor().log_in(ADA, "a thief's own horse").await.status, 200);
    by_link(&app, 0).await;
}

async fn what_a_session_does_during_a_denial_is_undone_or_refused(engine: Engine) {
    let app = TestApp::with(engine, passkeys::SETTINGS).await;
    let ada = app.signed_up("ada").await;
    let thief = app.signed_in("ada").await;
    passkeys::added(&ada).await;
    app.pass(Duration::from_secs(60));
    assert_eq!(ada.post("/user/prove").wants_json().form(&[("password", PASSWORD)]).send().await.status, 200);
    let event = number(&ada, "proven_again").await;
    let asks: Vec<_> = (0..12)
        .map(|at| {
            let copy = app.visitor();
            copy.set_cookie("vestibule", &thief.cookie("vestibule").unwrap());
            tokio::spawn(async move {
                let (path, form) = match at % 3 {
                    0 => ("/user/security/app-passwords", vec![("name", "mine"), ("dialect", "fastsite")]),
                    1 => ("/user/security/passkeys/remove", vec![("id", "1")]),
                    _ => ("/user/security/password/remove", Vec::new()),
                };
                let answer = copy.post(path).wants_json().form(&form).send().await;
                (path, answer.status)
            })
        })
        .collect();
    assert_eq!(deny(&ada, &event).await, 200);
    for ask in asks {
        let (path, status) = ask.await.unwrap();
        assert!([200, 201, 401, 403, 404, 422].contains(&status), "{path}: {status}");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM app_passwords").await, 0);
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 0);
    // Nothing is written after the denial but what the program does by itself.
    let after = "SELECT COUNT(*) FROM audit_events WHERE id > (SELECT MAX(id) FROM audit_events WHERE kind = 'denied') AND actor = 'owner'";
    assert_eq!(app.count(after).await, 0);
}

async fn a_sign_in_by_redirection_is_no_proof(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let key = format!("Bearer {}", app.key("shop").await);
    let ask = app.visitor().post("/admin/api_account/authenticate").header("api-auth-bearer", &key);
    let answer = ask.form(&[("email", ADA), ("password", PASSWORD)]).send().await.json();
    let address = answer["redirect_url"].as_str().unwrap();
    let path = address.split_once("/admin").map(|(_, rest)| format!("/admin{rest}")).unwrap();
    let visitor = app.visitor();
    visitor.get(&path).follow().await.went(&[(303, "/user/profil")]);
    let state = visitor.get("/user/prove").wants_json().send().await.json();
    assert_eq!(state["proven"], false);
    let refused = visitor.get("/user/security/totp").wants_json().send().await.problem(403);
    assert_eq!(refused["code"], "reauthentication_required");
    let form = [("password", PASSWORD)];
    assert_eq!(visitor.post("/user/prove").wants_json().form(&form).send().await.status, 200);
    assert_eq!(visitor.get("/user/security/totp").wants_json().send().await.status, 200);
}

/// A form that is sent twice is answered under the former cookie after a change of the password, and only
/// then.
async fn the_cookie_of_before_a_proof_stays_closed(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let thief = app.visitor();
    thief.set_cookie("vestibule", &ada.cookie("vestibule").unwrap());
    let proof = [("password", PASSWORD)];
    assert_eq!(ada.post("/user/prove").wants_json().form(&proof).send().await.status, 200);
    let form = [("apassword", "whatever it was"), ("npassword", PASSWORD)];
    assert_eq!(thief.post("/user/modify/password").form(&form).send().await.status, 401);
    assert!(!thief.is_signed_in().await && ada.is_signed_in().await);
}

async fn the_link_of_a_denial_finds_room_in_a_full_mailbox(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = \"on\"").await;
    let ada = app.signed_up("ada").await;
    let links = || app.mails(ADA).iter().filter(|one| mail::read(one).contains("/user/reset?token=")).count();
    for sent in 1..=4 {
        app.visitor().post("/user/forgot").form(&[("email", ADA)]).send().await;
        until(Duration::from_secs(20), async || links() >= sent.min(2)).await;
    }
    app.quiet().await;
    let before = links();
    assert_eq!(deny(&ada, &number(&ada, "signed_in").await).await, 200);
    by_link(&app, before).await;
}
