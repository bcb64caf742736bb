//! `/user/modify/email` and `/user/email`: changing an address.

use std::time::Duration;

use rocket::tokio::task::JoinSet;
use store::Engine;

use crate::engines::both_engines;
use crate::support::{Answer, Body, PASSWORD, TestApp, Visitor, html, mail, until};

both_engines!(
    an_address_changes_once_the_new_one_is_proven_and_the_old_one_hears_of_it,
    a_program_changes_an_address,
    the_password_is_asked_for_and_the_address_must_be_another,
    the_answer_is_the_same_whoever_has_the_address,
    an_address_that_is_taken_meanwhile_stays_with_whoever_has_it,
    of_many_who_are_to_have_an_address_one_gets_it,
    two_who_want_each_others_address_are_both_answered,
    a_new_password_stops_a_change_that_is_under_way,
    what_was_mailed_to_the_former_address_opens_nothing_any_more,
    a_link_works_for_a_day_and_once_and_looking_uses_nothing_up,
    a_new_address_counts_as_proven_where_nobody_asks_for_that_too,
    nobody_can_fill_a_strangers_mailbox,
    the_confirmation_comes_in_the_readers_language,
);

pub const ADA: &str = "ada@example.org";
pub const NEXT: &str = "countess@example.org";
const HOUR: Duration = Duration::from_secs(3_600);
pub const CONFIRM: &str = "Confirm your new email address for Vestibule";
const REQUESTED: &str = "New email address requested for your account on Vestibule";
const CHANGED: &str = "Your email address on Vestibule was changed";

/// Waits until the outbox is empty, and returns the messages to `recipient` with this subject.
pub async fn told(app: &TestApp, recipient: &str, subject: &str) -> Vec<String> {
    until(Duration::from_secs(10), || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
    let mut mails = app.mails(recipient);
    mails.retain(|mail| mail.lines().any(|line| line == format!("Subject: {subject}")));
    mails.iter().map(|mail| mail::read(mail)).collect()
}

pub async fn ask(visitor: &Visitor, email: &str, password: &str) -> Answer {
    let form = [("email", email), ("apassword", password)];
    visitor.post("/user/modify/email").wants_json().form(&form).send().await
}

/// Requests a change of address and returns the secret of the mailed link.
pub async fn link(app: &TestApp, visitor: &Visitor, email: &str) -> String {
    let answer = ask(visitor, email, PASSWORD).await;
    assert_eq!((answer.status, answer.text().as_str()), (200, "{\"requested\":true}"));
    mail::token_in(told(app, email, CONFIRM).await.last().unwrap(), "/user/email")
}

pub async fn confirm(app: &TestApp, token: &str) -> Answer {
    let form = [("token", token), ("password", PASSWORD)];
    app.visitor().post("/user/email").wants_json().form(&form).send().await
}

async fn an_address_changes_once_the_new_one_is_proven_and_the_old_one_hears_of_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let other = app.signed_in("ada").await;
    let page = ada.profile_page().await;
    assert!(page.contains("action=\"/user/modify/email\""), "{page}");
    let form = [("email", " Countess@example.org"), ("apassword", PASSWORD)];
    let journey = ada.post("/user/modify/email").form(&form).follow().await;
    journey.went(&[(303, "/user/profil")]);
    assert!(html::notice(&journey.answer.text()).is_some_and(|said| said.contains("emailed a link")));
    let mail = told(&app, "Countess@example.org", CONFIRM).await.remove(0);
    assert!(!mail.contains("ada"), "{mail}");
    let mail_to_old = told(&app, ADA, REQUESTED).await.remove(0);
    assert!(
        !mail_to_old.to_lowercase().contains("countess@") && !mail_to_old.contains("token="),
        "{mail_to_old}"
    );
    assert!(mail_to_old.lines().any(|line| line == app.url("/user/forgot")), "{mail_to_old}");
    // The request alone changes nothing.
    assert_eq!(ada.account().await["email"], ADA);
    assert_eq!(app.visitor().log_in(NEXT, PASSWORD).await.status, 401);
    let token = mail::token_in(&mail, "/user/email");
    let page = ada.get(&format!("/user/email?token={token}")).send().await;
    assert_eq!((page.status, page.header("referrer-policy")), (200, Some("strict-origin")));
    assert!(page.text().contains("Countess@example.org"));
    let journey = ada.post("/user/email").form(&[("token", &*token)]).follow().await;
    journey.went(&[(303, "/user/profil")]);
    assert!(html::notice(&journey.answer.text()).is_some_and(|said| said.contains("changed")));
    let account = ada.account().await;
    assert_eq!((&account["email"], &account["verified"]), (&"Countess@example.org".into(), &true.into()));
    assert!(other.is_signed_in().await);
    assert_eq!(app.visitor().log_in(ADA, PASSWORD).await.status, 401);
    assert_eq!(app.visitor().log_in(NEXT, PASSWORD).await.status, 200);
    let mails = told(&app, ADA, CHANGED).await;
    assert_eq!(mails.len(), 1);
    assert!(!mails[0].to_lowercase().contains("countess@"), "{}", mails[0]);
    // The former address is free again.
    assert_eq!(app.signed_up("ada2").await.account().await["id"], 2);
}

async fn a_program_changes_an_address(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for (number, body) in Body::kinds(&[("email", NEXT), ("apassword", PASSWORD)]).into_iter().enumerate() {
        let answer = ada.post("/user/modify/email").wants_json().body(body).send().await;
        assert_eq!((answer.status, answer.text().as_str()), (200, "{\"requested\":true}"));
        assert_eq!(told(&app, NEXT, CONFIRM).await.len(), number + 1);
    }
    let token = mail::token_in(told(&app, NEXT, CONFIRM).await.last().unwrap(), "/user/email");
    let offer = app.visitor().get(&format!("/user/email?token={token}")).wants_json().send().await;
    let offered = serde_json::json!({ "email": NEXT, "account": "a•••@example.org", "signed_in": false });
    assert_eq!((offer.status, offer.json()), (200, offered));
    let answer = confirm(&app, &token).await;
    assert_eq!((answer.status, &answer.json()["email"]), (200, &NEXT.into()));
    assert_eq!(confirm(&app, &token).await.problem(410)["code"], "ticket_spent");
    app.visitor().get(&format!("/user/email?token={token}")).wants_json().send().await.problem(410);
    app.visitor().post("/user/modify/email").wants_json().send().await.problem(401);
}

async fn the_password_is_asked_for_and_the_address_must_be_another(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    ask(&ada, NEXT, "").await.refused_fields(422, &["apassword"]);
    ask(&ada, NEXT, "not this one").await.refused_fields(422, &["apassword"]);
    for email in ["", "no address", "ada@EXAMPLE.org", "a\r\nBcc: x@example.org", "a@b\u{0}.org"] {
        ask(&ada, email, PASSWORD).await.refused_fields(422, &["email"]);
    }
    let form = [("email", "no address"), ("apassword", "not this one")];
    let page = ada.post("/user/modify/email").form(&form).send().await.refusal_page(422);
    assert_eq!(html::value(&page, "email"), "no address");
    assert!(html::error(&page, "email").is_some() && html::alert(&page).is_none());
    let form = [("email", NEXT), ("apassword", "not this one")];
    let page = ada.post("/user/modify/email").form(&form).send().await.refusal_page(422);
    assert!(html::error(&page, "email-apassword").is_some());
    assert!(html::error(&page, "apassword").is_none(), "said at the other form that asks for it");
    let stray = ada.get("/user/modify/email").send().await;
    assert_eq!((stray.status, stray.header("location")), (303, Some("/user/profil")));
    assert_eq!(app.mails("").len(), 0);
}

async fn the_answer_is_the_same_whoever_has_the_address(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.signed_up("bob").await;
    app.signed_up("locked").await;
    app.sql("UPDATE accounts SET locked_at = 1 WHERE username = 'locked'").await;
    let mut answers = Vec::new();
    for email in ["BOB@example.org", "nobody@example.org", "locked@example.org"] {
        let answer = ask(&ada, email, PASSWORD).await;
        answers.push((answer.status, answer.shared_headers(), answer.text()));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(answers[0].0, 200);
    let told_bob = told(&app, "bob@example.org", "You already have an account on Vestibule").await;
    assert_eq!(told_bob.len(), 1);
    assert!(!told_bob[0].contains("ada") && !told_bob[0].contains("token="), "{}", told_bob[0]);
    assert_eq!(app.mails("bob@example.org").len(), 1);
    assert_eq!(app.mails("locked@example.org").len(), 0);
    assert_eq!(told(&app, ADA, REQUESTED).await.len(), 3);
}

async fn an_address_that_is_taken_meanwhile_stays_with_whoever_has_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let token = link(&app, &ada, NEXT).await;
    app.signed_up("countess").await;
    confirm(&app, &token).await.refused_fields(422, &["email"]);
    let page = ada.post("/user/email").form(&[("token", &*token)]).send().await.refusal_page(422);
    assert!(html::alert(&page).is_some(), "{page}");
    assert_eq!(ada.account().await["email"], ADA);
    assert_eq!(app.visitor().log_in(NEXT, PASSWORD).await.json()["username"], "countess");
    assert_eq!(told(&app, ADA, CHANGED).await.len(), 0);
}

async fn of_many_who_are_to_have_an_address_one_gets_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    let mut tokens = Vec::new();
    for name in ["ada", "bob", "eve", "joe", "sue"] {
        let visitor = app.signed_up(name).await;
        tokens.push(link(&app, &visitor, NEXT).await);
    }
    let mut crowd = JoinSet::new();
    for token in tokens.iter().cycle().take(20).cloned() {
        let visitor = app.visitor();
        crowd.spawn(async move {
            let form = [("token", &*token), ("password", PASSWORD)];
            visitor.post("/user/email").wants_json().form(&form).send().await.status
        });
    }
    let answers = crowd.join_all().await;
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|status| [200, 410, 422].contains(status)), "{answers:?}");
    assert_eq!(app.count(&format!("SELECT COUNT(*) FROM accounts WHERE email = '{NEXT}'")).await, 1);
}

async fn two_who_want_each_others_address_are_both_answered(engine: Engine) {
    let app = TestApp::with(engine, "password.queue = 200").await;
    let (ada, bob) = (app.signed_up("ada").await, app.signed_up("bob").await);
    let mut crowd = JoinSet::new();
    for number in 0..16 {
        let (visitor, email) =
            if number % 2 == 0 { (ada.clone(), "bob@example.org") } else { (bob.clone(), ADA) };
        crowd.spawn(async move { ask(&visitor, email, PASSWORD).await.status });
    }
    let answers = crowd.join_all().await;
    assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
}

async fn a_new_password_stops_a_change_that_is_under_way(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let token = link(&app, &ada, NEXT).await;
    let form = [("apassword", PASSWORD), ("npassword", "another horse entirely")];
    assert_eq!(ada.post("/user/modify/password").wants_json().form(&form).send().await.status, 200);
    assert_eq!(confirm(&app, &token).await.status, 410);
    let page = app.visitor().get(&format!("/user/email?token={token}")).send().await.refusal_page(410);
    assert!(html::alert(&page).is_some_and(|said| said.contains("already used")), "{page}");
    assert_eq!(ada.account().await["email"], ADA);
}

async fn what_was_mailed_to_the_former_address_opens_nothing_any_more(engine: Engine) {
    let app = TestApp::with(engine, "registration.verify = 'optional'").await;
    let ada = app.signed_up("ada").await;
    app.visitor().post("/user/forgot").form(&[("email", "ada")]).send().await;
    let reset = told(&app, ADA, "Choose a new password for Vestibule").await.remove(0);
    let verify = told(&app, ADA, "Confirm your email address for Vestibule").await.remove(0);
    let token = link(&app, &ada, NEXT).await;
    assert_eq!(confirm(&app, &token).await.status, 200);
    for (path, mail) in [("/user/reset", reset), ("/user/verify", verify)] {
        let token = mail::token_in(&mail, path);
        assert_eq!(app.visitor().get(&format!("{path}?token={token}")).send().await.status, 410, "{path}");
    }
    assert!(!ada.profile_page().await.contains("/user/verify/send"));
}

async fn a_link_works_for_a_day_and_once_and_looking_uses_nothing_up(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let first = link(&app, &ada, NEXT).await;
    app.pass(HOUR);
    let second = link(&app, &ada, "lovelace@example.org").await;
    app.pass(23 * HOUR);
    for method in ["GET", "HEAD", "GET"] {
        let answer = app.visitor().ask(method, &format!("/user/email?token={second}")).send().await;
        assert_eq!(answer.status, 200, "{method}");
    }
    assert_eq!(confirm(&app, &first).await.status, 410);
    // A ticket works for its own purpose only.
    let form = [("token", second.as_str()), ("npassword", "another horse entirely")];
    assert_eq!(app.visitor().post("/user/reset").wants_json().form(&form).send().await.status, 410);
    assert_eq!(app.visitor().post("/user/verify").wants_json().form(&form).send().await.status, 410);
    let form = [("token", &*second), ("password", PASSWORD)];
    let journey = app.visitor().post("/user/email").form(&form).follow().await;
    journey.went(&[(303, "/user/login")]);
    assert_eq!(confirm(&app, &second).await.status, 410);
    for token in ["", "x", &"A".repeat(43)] {
        assert_eq!(confirm(&app, token).await.status, 410);
        assert_eq!(app.visitor().get(&format!("/user/email?token={token}")).send().await.status, 410);
    }
    assert_eq!(app.visitor().log_in("lovelace@example.org", PASSWORD).await.status, 200);
}

async fn a_new_address_counts_as_proven_where_nobody_asks_for_that_too(engine: Engine) {
    let off = TestApp::new(engine).await;
    let ada = off.signed_up("ada").await;
    let token = link(&off, &ada, NEXT).await;
    assert_eq!(confirm(&off, &token).await.json()["verified"], true);
    assert_eq!(off.count("SELECT COUNT(*) FROM accounts WHERE verified_at IS NOT NULL").await, 1);
}

async fn nobody_can_fill_a_strangers_mailbox(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'\nmail.hourly = 100").await;
    let (ada, bob) = (app.signed_up("ada").await, app.signed_up("bob").await);
    assert_eq!(ask(&ada, NEXT, PASSWORD).await.status, 200);
    assert_eq!(ask(&ada, NEXT, PASSWORD).await.status, 200);
    assert_eq!(ask(&bob, NEXT, PASSWORD).await.status, 200);
    // The new address has reached its limit of three, over all accounts. Ada has one request left.
    assert_eq!(ask(&bob, "COUNTESS@example.org", PASSWORD).await.status, 429);
    assert_eq!(ask(&ada, "lovelace@example.org", PASSWORD).await.status, 200);
    let form = [("email", "byron@example.org"), ("apassword", PASSWORD)];
    let late = ada.post("/user/modify/email").form(&form).send().await;
    assert!(late.header("retry-after").is_some());
    assert_eq!(html::value(&late.refusal_page(429), "email"), "byron@example.org");
    assert_eq!(told(&app, NEXT, CONFIRM).await.len(), 3);
}

async fn the_confirmation_comes_in_the_readers_language(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let form = [("email", NEXT), ("apassword", PASSWORD)];
    let ask = ada.post("/user/modify/email").header("accept-language", "ru,fr;q=0.5").form(&form);
    assert_eq!(ask.send().await.status, 303);
    for recipient in [ADA, NEXT] {
        assert_eq!(mail::language(&app.mailed(recipient, 1).await[0]), "ru");
    }
}
