//! What is done is not used up: a link that is opened again, and a form that a browser without script sends
//! twice because its button was pressed twice.

use std::time::Duration;

use rocket::tokio::join;
use store::Engine;

use crate::addresses;
use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, html, mail, until};

both_engines!(
    a_verification_link_that_has_done_its_work_says_so,
    a_verification_link_that_did_something_else_is_spent,
    a_form_of_a_link_that_is_sent_twice_ends_where_the_first_did,
    an_account_that_is_made_twice_is_signed_in_to,
    an_account_that_is_made_twice_at_once_is_made_once,
    whoever_does_not_know_the_password_makes_no_account_twice,
    guesses_by_signing_up_are_counted,
    whoever_asks_for_the_link_too_often_is_told_when_signed_in,
    a_password_that_is_changed_twice_leaves_its_owner_signed_in,
    a_password_that_is_changed_twice_at_once_is_changed_once,
    the_former_session_is_known_for_ten_seconds_however_often_it_is_used,
    a_second_change_that_is_sent_twice_leaves_its_owner_signed_in_too,
    the_former_session_opens_nothing_without_the_new_password,
    the_former_session_of_another_account_changes_nobodys_session,
    guesses_with_the_former_session_are_a_strangers,
    a_device_that_is_paired_twice_is_paired_once,
);

const ADA: &str = "ada@example.org";
const NEW: &str = "another horse entirely";
const OPTIONAL: &str = "registration.verify = 'optional'";
const LIMITED: &str = "registration.verify = 'optional'\nrate_limits = 'on'";

/// The secret of the newest link to `path` that was mailed to `recipient`.
async fn link(app: &TestApp, recipient: &str, path: &str) -> String {
    until(Duration::from_secs(10), || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
    let mails = app.mails(recipient);
    let mut read = mails.iter().rev().map(|mail| mail::read(mail));
    mail::token_in(&read.find(|mail| mail.contains(&format!("{path}?token="))).unwrap(), path)
}

async fn a_verification_link_that_has_done_its_work_says_so(engine: Engine) {
    let app = TestApp::with(engine, OPTIONAL).await;
    let ada = app.signed_up("ada").await;
    let bob = app.signed_up("bob").await;
    let first = link(&app, ADA, "/user/verify").await;
    app.pass(Duration::from_secs(60));
    ada.post("/user/verify/send").send().await;
    let second = link(&app, ADA, "/user/verify").await;
    assert_ne!(first, second);
    app.pass(Duration::from_secs(60));
    ada.post("/user/verify").form(&[("token", &*second)]).follow().await.went(&[(303, "/user/profil")]);
    app.pass(Duration::from_secs(60));
    // An earlier link has nothing left to do either.
    for token in [&second, &first] {
        let path = format!("/user/verify?token={token}");
        let journey = ada.get(&path).follow().await;
        journey.went(&[(303, "/user/profil")]);
        let page = journey.answer.text();
        assert_eq!(html::notice(&page), Some("Email address confirmed."));
        let journey = app.visitor().get(&path).follow().await;
        journey.went(&[(303, "/user/login")]);
        let page = journey.answer.text();
        assert_eq!(html::notice(&page), Some("Email address confirmed. You can now sign in."));
        // Whoever is signed in to another account is not told that it was theirs.
        let page = bob.get(&path).follow().await.answer.text();
        assert!(html::notice(&page).is_some_and(|said| said.contains("of the other account")), "{page}");
        // A program asks for the link, which is used up.
        ada.get(&path).wants_json().send().await.problem(410);
    }
    assert_eq!(bob.account().await["verified"], false);
}

async fn a_verification_link_that_did_something_else_is_spent(engine: Engine) {
    let app = TestApp::with(engine, OPTIONAL).await;
    let ada = app.signed_up("ada").await;
    let token = link(&app, ADA, "/user/verify").await;
    ada.post("/user/verify").form(&[("token", &*token)]).send().await;
    app.pass(Duration::from_secs(60));
    // The account has another address now, which this link did not verify.
    let other = addresses::link(&app, &ada, addresses::NEXT).await;
    ada.post("/user/email").form(&[("token", &*other)]).follow().await.went(&[(303, "/user/profil")]);
    let path = format!("/user/verify?token={token}");
    assert_eq!(ada.get(&path).send().await.status, 410);
    assert_eq!(app.visitor().get(&path).send().await.status, 410);
    assert_eq!(app.visitor().get("/user/verify?token=x").send().await.status, 410);
}

async fn a_form_of_a_link_that_is_sent_twice_ends_where_the_first_did(engine: Engine) {
    let app = TestApp::with(engine, OPTIONAL).await;
    let ada = app.signed_up("ada").await;
    let twice = async |path: &str, form: &[(&str, &str)], visitor: &crate::support::Visitor, to: &str| {
        let ask = visitor.post(path).form(form);
        for _ in 0..2 {
            let journey = ask.follow().await;
            journey.went(&[(303, to)]);
            let page = journey.answer.text();
            assert!(html::notice(&page).is_some() && html::alert(&page).is_none(), "{page}");
            app.pass(Duration::from_secs(1));
        }
    };
    let token = link(&app, ADA, "/user/verify").await;
    twice("/user/verify", &[("token", &token)], &ada, "/user/profil").await;
    let token = addresses::link(&app, &ada, addresses::NEXT).await;
    twice("/user/email", &[("token", &token)], &ada, "/user/profil").await;
    app.visitor().post("/user/forgot").form(&[("email", "ada")]).send().await;
    let token = link(&app, addresses::NEXT, "/user/reset").await;
    let visitor = app.visitor();
    twice("/user/reset", &[("token", &token), ("npassword", NEW)], &visitor, "/user/login").await;
    // Another password is another request, and so is one of a program.
    let other = visitor.post("/user/reset").form(&[("token", &token), ("npassword", PASSWORD)]);
    other.send().await.refusal_page(410);
    let same = visitor.post("/user/reset").form(&[("token", &token), ("npassword", NEW)]);
    same.clone().wants_json().send().await.problem(410);
    // The password that the link set is not the account's any more.
    assert_eq!(visitor.log_in("ada", NEW).await.status, 200);
    app.pass(Duration::from_secs(1));
    let change = [("apassword", NEW), ("npassword", "a third horse for it")];
    assert_eq!(visitor.post("/user/modify/password").wants_json().form(&change).send().await.status, 200);
    same.send().await.refusal_page(410);
}

fn account() -> [(&'static str, &'static str); 3] {
    [("email", ADA), ("username", "ada"), ("password", PASSWORD)]
}

async fn an_account_that_is_made_twice_is_signed_in_to(engine: Engine) {
    let app = TestApp::with(engine, OPTIONAL).await;
    for _ in 0..2 {
        let visitor = app.visitor();
        let journey = visitor.post("/user/create").form(&account()).follow().await;
        journey.went(&[(308, "/user/login"), (308, "/user/profil"), (303, "/user/profil")]);
        assert_eq!(html::notice(&journey.answer.text()), Some("Welcome! Your account is ready."));
        assert_eq!(visitor.account().await["id"], 1);
    }
    app.prove(ADA).await;
    app.visitor().post("/user/create").form(&account()).follow().await;
    until(Duration::from_secs(10), || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
    let told = app.mails(ADA);
    assert!(!told.iter().any(|mail| mail.contains("already have an account")), "{told:?}");
    // A program that makes an account twice is told.
    let again = app.visitor().post("/user/create").wants_json().form(&account()).send().await;
    again.refused_fields(422, &["email", "username"]);
}

async fn an_account_that_is_made_twice_at_once_is_made_once(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    let ask = visitor.post("/user/create").form(&account());
    let (one, other) = join!(ask.send(), ask.send());
    for answer in [one, other] {
        assert_eq!((answer.status, answer.header("location")), (308, Some("/user/login")));
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
}

async fn whoever_does_not_know_the_password_makes_no_account_twice(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    app.signed_up("bob").await;
    let ask = async |username: &str, password: &str| {
        let form = [("email", ADA), ("username", username), ("password", password)];
        let page = app.visitor().post("/user/create").form(&form).send().await.refusal_page(422);
        (html::error(&page, "email").is_some(), html::error(&page, "username").is_some())
    };
    assert_eq!(ask("ada", NEW).await, (true, true));
    assert_eq!(ask("", NEW).await, (true, false));
    // The password is right, but this is another account than was asked for.
    assert_eq!(ask("bob", PASSWORD).await, (true, true));
    assert_eq!(ask("countess", PASSWORD).await, (true, false));
    assert_eq!(ask("ADA", PASSWORD).await, (true, true));
    assert_eq!(ask("", PASSWORD).await, (true, false));
    let other = [("email", "eve@example.org"), ("username", "ada"), ("password", PASSWORD)];
    let page = app.visitor().post("/user/create").form(&other).send().await.refusal_page(422);
    assert!(html::error(&page, "email").is_none() && html::error(&page, "username").is_some());
    app.sql("UPDATE accounts SET locked_at = 1 WHERE username = 'ada'").await;
    assert_eq!(ask("ada", PASSWORD).await, (true, true));
}

async fn guesses_by_signing_up_are_counted(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'").await;
    app.signed_up("ada").await;
    for number in 0..8 {
        let form = [("email", ADA), ("password", &*format!("{NEW} {number}"))];
        app.visitor().post("/user/create").form(&form).send().await;
    }
    let answer = app.visitor().log_in("ada", PASSWORD).await;
    assert_eq!(answer.status, 429, "{}", answer.text());
}

async fn whoever_asks_for_the_link_too_often_is_told_when_signed_in(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    let ada = app.signed_up("ada").await;
    let mut refused = None;
    for _ in 0..8 {
        let answer = ada.post("/user/verify/send").send().await;
        if answer.status != 303 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.unwrap();
    let after: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    let page = refused.refusal_page(429);
    let alert = html::alert(&page).unwrap();
    assert!(alert.contains(&format!("{} minutes", after.div_ceil(60))), "{alert}, {after} seconds");
    assert!(page.contains("action=\"/user/modify/profile\""), "{page}");
    let problem = ada.post("/user/verify/send").wants_json().send().await.problem(429);
    assert_eq!(problem["code"], "throttled");
    // A stranger is told the same as ever.
    let stranger = app.visitor().post("/user/verify/send").form(&[("email", "ada")]);
    let journey = stranger.follow().await;
    assert_eq!(journey.answer.status, 200);
    assert!(
        html::notice(&journey.answer.text()).is_some_and(|said| said.contains("we’ve emailed you a link"))
    );
    // A reload shows the profile.
    ada.get("/user/verify/send").follow().await.went(&[(303, "/user/profil")]);
    app.pass(Duration::from_secs(after));
    assert_eq!(ada.post("/user/verify/send").send().await.status, 303);
}

const CHANGE: [(&str, &str); 2] = [("apassword", PASSWORD), ("npassword", NEW)];

/// The page after a change of password that went well.
fn assert_changed(page: &str) {
    assert!(html::notice(page).is_some() && html::alert(page).is_none(), "{page}");
}

async fn a_password_that_is_changed_twice_leaves_its_owner_signed_in(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let former = ada.cookie("vestibule").unwrap();
    let ask = ada.post("/user/modify/password").form(&CHANGE);
    for _ in 0..3 {
        // The answer to the first copy is never read, so the browser still sends the cookie of before.
        ada.set_cookie("vestibule", &former);
        let journey = ask.follow().await;
        journey.went(&[(308, "/user/profil"), (303, "/user/profil")]);
        assert_changed(&journey.answer.text());
        assert!(ada.is_signed_in().await);
        assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 1);
        app.pass(Duration::from_secs(2));
    }
    ada.set_cookie("vestibule", &former);
    app.pass(Duration::from_secs(9));
    // A later copy is another request.
    ask.send().await.refusal_page(401);
}

async fn a_password_that_is_changed_twice_at_once_is_changed_once(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let ask = ada.post("/user/modify/password").form(&CHANGE);
    let (one, other, third) = join!(ask.send(), ask.send(), ask.send());
    for answer in [one, other, third] {
        assert_eq!((answer.status, answer.header("location")), (308, Some("/user/profil")));
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 1);
    until(Duration::from_secs(10), || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
    assert_eq!(app.mails(ADA).len(), 1, "its owner is told once");
}

async fn the_former_session_opens_nothing_without_the_new_password(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let bob = app.signed_up("bob").await;
    let former = ada.cookie("vestibule").unwrap();
    ada.post("/user/modify/password").form(&CHANGE).send().await;
    let thief = app.visitor();
    thief.set_cookie("vestibule", &former);
    assert!(!thief.is_signed_in().await);
    let ask = |form: &[(&str, &str)]| thief.post("/user/modify/password").form(form);
    // With the password of before, with none, on a page of another account, and as a program.
    let other = [("apassword", NEW), ("npassword", PASSWORD)];
    ask(&other).send().await.refusal_page(401);
    ask(&[("apassword", NEW)]).send().await.refusal_page(401);
    let number = bob.account().await["id"].to_string();
    let of_bob = [CHANGE[0], CHANGE[1], ("form-account", &*number)];
    ask(&of_bob).send().await.refusal_page(401);
    ask(&CHANGE).wants_json().send().await.problem(401);
    assert!(!thief.is_signed_in().await && ada.is_signed_in().await);
    // Whoever is still signed in and mistypes is told at the field.
    let page = ada.post("/user/modify/password").form(&other).send().await.status;
    assert_eq!(page, 308);
    let wrong = ada.post("/user/modify/password").form(&[("apassword", NEW), ("npassword", NEW)]);
    let page = wrong.send().await.refusal_page(422);
    assert!(html::error(&page, "apassword").is_some(), "{page}");
}

async fn the_former_session_is_known_for_ten_seconds_however_often_it_is_used(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let former = ada.cookie("vestibule").unwrap();
    let ask = ada.post("/user/modify/password").form(&CHANGE);
    for (seconds, status) in [(0, 308), (4, 308), (4, 308), (3, 401), (4, 401)] {
        app.pass(Duration::from_secs(seconds));
        ada.set_cookie("vestibule", &former);
        assert_eq!(ask.send().await.status, status);
    }
}

async fn a_second_change_that_is_sent_twice_leaves_its_owner_signed_in_too(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    ada.post("/user/modify/password").form(&CHANGE).send().await;
    app.pass(Duration::from_secs(5));
    let former = ada.cookie("vestibule").unwrap();
    let ask = ada.post("/user/modify/password").form(&[("apassword", NEW), ("npassword", "a third horse")]);
    for _ in 0..2 {
        ada.set_cookie("vestibule", &former);
        let journey = ask.follow().await;
        journey.went(&[(308, "/user/profil"), (303, "/user/profil")]);
        assert_changed(&journey.answer.text());
        app.pass(Duration::from_secs(1));
    }
    assert!(ada.is_signed_in().await);
}

async fn the_former_session_of_another_account_changes_nobodys_session(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (ada, bob) = (app.signed_up("ada").await, app.signed_up("bob").await);
    let former = ada.cookie("vestibule").unwrap();
    ada.post("/user/modify/password").form(&CHANGE).send().await;
    let own = bob.cookie("vestibule").unwrap();
    for cookies in [format!("{own}; vestibule={former}"), format!("{former}; vestibule={own}")] {
        bob.set_cookie("vestibule", &cookies);
        let form = [("apassword", "wrong"), ("npassword", NEW)];
        let page = bob.post("/user/modify/password").form(&form).send().await.refusal_page(422);
        assert!(html::error(&page, "apassword").is_some(), "{page}");
    }
    assert!(ada.is_signed_in().await);
}

async fn guesses_with_the_former_session_are_a_strangers(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'").await;
    let ada = app.signed_up("ada").await;
    let former = ada.cookie("vestibule").unwrap();
    ada.post("/user/modify/password").form(&CHANGE).send().await;
    let thief = app.visitor();
    thief.set_cookie("vestibule", &former);
    for number in 0..8 {
        let form = [("apassword", PASSWORD), ("npassword", &*format!("{NEW} {number}"))];
        let status = thief.post("/user/modify/password").form(&form).send().await.status;
        assert!([401, 429].contains(&status), "{status}");
    }
    // The owner's session has its own count.
    let again = [("apassword", NEW), ("npassword", PASSWORD)];
    assert_eq!(ada.post("/user/modify/password").form(&again).send().await.status, 308);
}

async fn a_device_that_is_paired_twice_is_paired_once(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (ada, bob) = (app.signed_up("ada").await, app.signed_up("bob").await);
    let started = app.visitor().post("/auth/device").form(&[("name", "Hall")]).send().await.json();
    let form = [("code", started["code"].as_str().unwrap()), ("confirm", "yes")];
    for _ in 0..2 {
        let journey = ada.post("/user/devices/pair").form(&form).follow().await;
        journey.went(&[(303, "/user/devices")]);
        let page = journey.answer.text();
        assert!(html::notice(&page).is_some() && html::alert(&page).is_none(), "{page}");
        app.pass(Duration::from_secs(1));
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM bearers").await, 1);
    assert_eq!(bob.post("/user/devices/pair").form(&form).send().await.status, 404);
    app.pass(Duration::from_secs(10));
    assert_eq!(ada.post("/user/devices/pair").form(&form).send().await.status, 404);
}
