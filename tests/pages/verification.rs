//! Verification of addresses: `registration.verify`, the link, the banner, and the end of a stranger's
//! access.

use std::time::Duration;

use rocket::tokio::task::JoinSet;
use store::Engine;

use crate::engines::both_engines;
use crate::support::{Answer, Body, PASSWORD, TestApp, Visitor, html, mail, until};

both_engines!(
    nobody_is_asked_to_prove_anything_unless_that_is_wanted,
    where_it_is_optional_people_are_in_at_once_and_asked_until_they_have_proven_it,
    where_it_is_required_nobody_is_in_before,
    only_whoever_knows_the_password_is_told_that_the_address_is_to_be_proven,
    a_signed_in_browser_needs_a_click_and_no_other_account_will_do,
    a_link_shows_and_uses_nothing_up_when_it_is_looked_at,
    whoever_did_not_choose_the_password_ends_everything_that_was_made_with_it,
    a_new_password_must_be_one_and_leaves_the_link_good_otherwise,
    a_reset_and_an_invitation_prove_the_address_too,
    a_link_works_for_a_day_and_only_the_newest_three,
    of_twenty_who_use_a_link_at_once_one_does,
    whoever_asks_for_the_link_again_learns_nothing,
    guesses_at_the_password_are_counted,
    an_autologin_waits_for_the_proof_and_works_then,
    an_address_that_a_trusted_server_changes_has_to_be_proven_again,
    a_wrong_link_offers_another,
    a_generated_password_that_has_expired_proves_nothing,
);

const NEW: &str = "another horse entirely";
const ADA: &str = "ada@example.org";
const OPTIONAL: &str = "registration.verify = 'optional'";
const REQUIRED: &str = "registration.verify = 'required'";
const HOUR: Duration = Duration::from_secs(3_600);
const SUBJECT: &str = "Subject: Confirm your email address for Vestibule";

async fn sent(app: &TestApp) {
    until(Duration::from_secs(10), || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
}

/// The secrets of all links that were mailed to `recipient`, oldest first.
async fn links(app: &TestApp, recipient: &str) -> Vec<String> {
    sent(app).await;
    let mails = app.mails(recipient);
    let asking = mails.iter().filter(|mail| mail.lines().any(|line| line == SUBJECT));
    asking.map(|mail| mail::token_in(&mail::read(mail), "/user/verify")).collect()
}

async fn link(app: &TestApp, recipient: &str) -> String {
    links(app, recipient).await.pop().unwrap()
}

async fn sign_up(app: &TestApp, username: &str) -> Answer {
    let email = format!("{username}@example.org");
    let form = [("email", email.as_str()), ("username", username), ("password", PASSWORD)];
    let answer = app.visitor().post("/user/create").wants_json().form(&form).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer
}

async fn prove(visitor: &Visitor, token: &str, more: &[(&str, &str)]) -> Answer {
    let form: Vec<(&str, &str)> = [("token", token)].into_iter().chain(more.iter().copied()).collect();
    visitor.post("/user/verify").wants_json().form(&form).send().await
}

async fn nobody_is_asked_to_prove_anything_unless_that_is_wanted(engine: Engine) {
    let app = TestApp::new(engine).await;
    sign_up(&app, "ada").await;
    let ada = app.signed_in("ada").await;
    assert_eq!(ada.account().await["verified"], false);
    assert!(!ada.profile_page().await.contains("/user/verify/send"));
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox").await, 0);
    assert_eq!(app.mails("").len(), 0);
    assert_eq!(ada.get("/user/verify").send().await.status, 404);
    assert_eq!(ada.post("/user/verify/send").send().await.status, 404);
    assert_eq!(ada.get("/user/verify?token=x").send().await.status, 410);
}

async fn where_it_is_optional_people_are_in_at_once_and_asked_until_they_have_proven_it(engine: Engine) {
    let app = TestApp::with(engine, OPTIONAL).await;
    let ada = app.visitor();
    let form = [("email", ADA), ("username", "ada"), ("password", PASSWORD)];
    let journey = ada.post("/user/create").form(&form).follow().await;
    journey.went(&[(308, "/user/login"), (308, "/user/profil"), (303, "/user/profil")]);
    let page = journey.answer.text();
    assert!(page.contains("action=\"/user/verify/send\""), "{page}");
    assert_eq!(ada.account().await["verified"], false);
    let first = link(&app, ADA).await;
    let journey = ada.post("/user/verify/send").follow().await;
    journey.went(&[(303, "/user/profil")]);
    assert!(html::notice(&journey.answer.text()).is_some_and(|said| said.contains("emailed you a new link")));
    assert_eq!(links(&app, ADA).await.len(), 2);
    let page = ada.get(&format!("/user/verify?token={first}")).send().await;
    assert_eq!((page.status, page.header("referrer-policy")), (200, Some("strict-origin")));
    let journey = ada.post("/user/verify").form(&[("token", &*first)]).follow().await;
    journey.went(&[(303, "/user/profil")]);
    let page = journey.answer.text();
    assert!(html::notice(&page).is_some_and(|said| said.contains("confirmed")), "{page}");
    assert!(!page.contains("/user/verify/send"), "{page}");
    assert_eq!(ada.account().await["verified"], true);
    // The other link stops working, and no further one is mailed.
    assert_eq!(prove(&ada, &link(&app, ADA).await, &[]).await.status, 410);
    assert_eq!(ada.post("/user/verify/send").wants_json().send().await.status, 200);
    assert_eq!(links(&app, ADA).await.len(), 2);
}

async fn where_it_is_required_nobody_is_in_before(engine: Engine) {
    let app = TestApp::with(engine, REQUIRED).await;
    let ada = app.visitor();
    let form = [("email", ADA), ("username", "ada"), ("password", PASSWORD)];
    let journey = ada.post("/user/create").form(&form).follow().await;
    journey.went(&[(308, "/user/login"), (303, "/user/verify?requested=welcome")]);
    let page = journey.answer.text();
    assert_eq!((journey.answer.status, html::headline(&page)), (200, Some("Check your email")));
    assert!(html::notice(&page).is_some_and(|said| said.contains(ADA)), "{page}");
    assert_eq!(html::value(&page, "email"), ADA);
    assert_eq!(ada.cookie("vestibule"), None);
    // Whoever comes back later without having opened the link is told why that is not enough.
    let form = [("email", ADA), ("password", PASSWORD)];
    let page = ada.post("/user/login").form(&form).send().await.refusal_page(403);
    assert!(html::alert(&page).is_some_and(|said| said.contains("Confirm your email address")), "{page}");
    assert_eq!(html::value(&page, "email"), ADA);
    let again = ada.post("/user/verify/send").form(&[("email", ADA)]).follow().await;
    // A reload of the page that says what happens next sends nothing again.
    again.went(&[(303, "/user/verify?requested=yes")]);
    assert!(html::notice(&again.answer.text()).is_some_and(|said| said.contains("we’ve emailed you a link")));
    let token = link(&app, ADA).await;
    let page = ada.get(&format!("/user/verify?token={token}")).send().await.text();
    assert_eq!(html::value(&page, "token"), token);
    html::input(&page, "password");
    html::input(&page, "npassword");
    let wrong = ada.post("/user/verify").form(&[("token", &*token), ("password", NEW)]).send().await;
    assert!(html::error(&wrong.refusal_page(422), "password").is_some());
    let missing = ada.post("/user/verify").form(&[("token", &*token)]).send().await;
    assert!(html::error(&missing.refusal_page(422), "password").is_some());
    assert_eq!(ada.log_in("ada", PASSWORD).await.problem(403)["code"], "unverified");
    let right = ada.post("/user/verify").form(&[("token", &*token), ("password", PASSWORD)]).follow().await;
    right.went(&[(303, "/user/login")]);
    assert!(html::notice(&right.answer.text()).is_some_and(|said| said.contains("confirmed")));
    assert_eq!(ada.log_in("ada", PASSWORD).await.status, 200);
    assert_eq!(ada.account().await["verified"], true);
}

async fn only_whoever_knows_the_password_is_told_that_the_address_is_to_be_proven(engine: Engine) {
    let app = TestApp::with(engine, REQUIRED).await;
    sign_up(&app, "ada").await;
    let mut answers = Vec::new();
    for name in ["ada", "nobody"] {
        let answer = app.visitor().log_in(name, "wrong horse battery").await;
        answers.push((answer.status, answer.shared_headers(), answer.text()));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].0, 401);
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.problem(403)["code"], "unverified");
    // The owner of a locked account is told of the lock first.
    app.sql("UPDATE accounts SET locked_at = 1").await;
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.problem(403)["code"], "locked");
}

async fn a_signed_in_browser_needs_a_click_and_no_other_account_will_do(engine: Engine) {
    let app = TestApp::with(engine, OPTIONAL).await;
    let ada = app.signed_up("ada").await;
    let bob = app.signed_up("bob").await;
    let token = link(&app, ADA).await;
    let offer = ada.get(&format!("/user/verify?token={token}")).wants_json().send().await.json();
    assert_eq!(
        (&offer["email"], &offer["signed_in"], &offer["has_password"]),
        (&ADA.into(), &true.into(), &true.into())
    );
    let page = ada.get(&format!("/user/verify?token={token}")).send().await.text();
    assert!(!page.contains("name=\"password\""), "{page}");
    let page = bob.get(&format!("/user/verify?token={token}")).send().await.text();
    html::input(&page, "password");
    prove(&bob, &token, &[]).await.refused_fields(422, &["password"]);
    ada.post("/user/logout").send().await;
    prove(&ada, &token, &[]).await.refused_fields(422, &["password"]);
    assert_eq!(prove(&bob, &token, &[("password", PASSWORD)]).await.json()["id"], 1);
    assert!(bob.is_signed_in().await);
}

async fn a_link_shows_and_uses_nothing_up_when_it_is_looked_at(engine: Engine) {
    let app = TestApp::with(engine, OPTIONAL).await;
    sign_up(&app, "ada").await;
    let token = link(&app, ADA).await;
    for method in ["GET", "HEAD", "GET", "HEAD"] {
        let answer = app.visitor().ask(method, &format!("/user/verify?token={token}")).send().await;
        assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{method}");
    }
    for body in Body::kinds(&[("token", "x"), ("password", PASSWORD)]) {
        let answer = app.visitor().post("/user/verify").wants_json().body(body).send().await;
        assert_eq!(answer.problem(410)["code"], "ticket_spent");
    }
    assert_eq!(prove(&app.visitor(), &token, &[("password", PASSWORD)]).await.json()["verified"], true);
}

async fn whoever_did_not_choose_the_password_ends_everything_that_was_made_with_it(engine: Engine) {
    let app = TestApp::with(engine, OPTIONAL).await;
    // A stranger registers a victim's address and uses the account.
    let stranger = app.signed_up("ada").await;
    let bearer =
        app.visitor().post("/auth/login").form(&[("email", ADA), ("password", PASSWORD)]).send().await;
    let bearer = format!("Bearer {}", bearer.json()["bearer"].as_str().unwrap());
    let pair = async || {
        let ask = app.visitor().post("/auth/pair").header("authorization", &bearer);
        ask.form(&[("code", "ZZZZZZ")]).send().await.status
    };
    assert_eq!(pair().await, 404);
    app.visitor().post("/user/forgot").form(&[("email", ADA)]).send().await;
    sent(&app).await;
    let reset = app.mails(ADA).iter().map(|mail| mail::read(mail)).find(|mail| mail.contains("/user/reset"));
    let reset = mail::token_in(&reset.unwrap(), "/user/reset");
    let token = link(&app, ADA).await;
    let ada = app.visitor();
    let form = [("token", token.as_str()), ("npassword", NEW)];
    let journey = ada.post("/user/verify").form(&form).follow().await;
    journey.went(&[(303, "/user/login")]);
    assert!(!stranger.is_signed_in().await);
    assert_eq!(pair().await, 401);
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 401);
    let form = [("token", reset.as_str()), ("npassword", PASSWORD)];
    assert_eq!(app.visitor().post("/user/reset").wants_json().form(&form).send().await.status, 410);
    assert_eq!(app.count("SELECT COUNT(*) FROM devices").await, 0);
    assert_eq!(ada.log_in(ADA, NEW).await.status, 200);
    assert_eq!(ada.account().await["verified"], true);
}

async fn a_new_password_must_be_one_and_leaves_the_link_good_otherwise(engine: Engine) {
    let app = TestApp::with(engine, REQUIRED).await;
    sign_up(&app, "ada-lovelace").await;
    let token = link(&app, "ada-lovelace@example.org").await;
    for password in ["", "short", "password1", "ada-lovelace"] {
        prove(&app.visitor(), &token, &[("npassword", password)]).await.refused_fields(422, &["npassword"]);
        let form = [("token", token.as_str()), ("npassword", password)];
        let page = app.visitor().post("/user/verify").form(&form).send().await.refusal_page(422);
        assert!(html::error(&page, "npassword").is_some() && page.contains("<details class=\"other\" open>"));
    }
    assert_eq!(prove(&app.visitor(), &token, &[("npassword", NEW)]).await.status, 200);
    assert_eq!(app.visitor().log_in("ada-lovelace", NEW).await.status, 200);
}

async fn a_reset_and_an_invitation_prove_the_address_too(engine: Engine) {
    let app = TestApp::with(engine, REQUIRED).await;
    sign_up(&app, "ada").await;
    app.visitor().post("/user/forgot").form(&[("email", "ada")]).send().await;
    let create = app.visitor().post("/admin/api_account/create").form(&[("email", "bob@example.org")]);
    let key = format!("Bearer {}", app.key("shop").await);
    assert_eq!(create.header("authorization", &key).send().await.status, 200);
    sent(&app).await;
    for (recipient, count) in [(ADA, 1), ("bob@example.org", 0)] {
        assert_eq!(links(&app, recipient).await.len(), count);
        let mails = app.mails(recipient);
        let mail =
            mails.iter().map(|mail| mail::read(mail)).find(|mail| mail.contains("/user/reset")).unwrap();
        let form = [("token", &*mail::token_in(&mail, "/user/reset")), ("npassword", NEW)];
        assert_eq!(app.visitor().post("/user/reset").wants_json().form(&form).send().await.status, 200);
        assert_eq!(app.visitor().log_in(recipient, NEW).await.json()["verified"], true);
    }
}

async fn a_link_works_for_a_day_and_only_the_newest_three(engine: Engine) {
    let app = TestApp::with(engine, REQUIRED).await;
    sign_up(&app, "ada").await;
    for _ in 0..3 {
        sent(&app).await;
        app.pass(HOUR);
        app.visitor().post("/user/verify/send").form(&[("email", "ada")]).send().await;
    }
    let links = links(&app, ADA).await;
    assert_eq!(links.len(), 4);
    assert_eq!(prove(&app.visitor(), &links[0], &[("password", PASSWORD)]).await.status, 410);
    app.pass(23 * HOUR);
    let look =
        async |token: &str| app.visitor().get(&format!("/user/verify?token={token}")).send().await.status;
    assert_eq!((look(&links[1]).await, look(&links[3]).await), (410, 200));
    app.pass(HOUR);
    assert_eq!(look(&links[3]).await, 410);
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 403);
}

async fn of_twenty_who_use_a_link_at_once_one_does(engine: Engine) {
    let app = TestApp::with(engine, REQUIRED).await;
    sign_up(&app, "ada").await;
    let token = link(&app, ADA).await;
    let mut crowd = JoinSet::new();
    for _ in 0..20 {
        let (visitor, token) = (app.visitor(), token.clone());
        crowd.spawn(async move { prove(&visitor, &token, &[("password", PASSWORD)]).await.status });
    }
    let answers = crowd.join_all().await;
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|status| [200, 410].contains(status)), "{answers:?}");
}

async fn whoever_asks_for_the_link_again_learns_nothing(engine: Engine) {
    // The limit of the mailbox is out of the way.
    let app = TestApp::with(engine, &format!("{REQUIRED}\nrate_limits = 'on'\nmail.hourly = 100")).await;
    sign_up(&app, "ada").await;
    sent(&app).await;
    let mut answers = Vec::new();
    for name in ["ada", "nobody", "ada", "ADA@example.org", "ada", "@", "a\r\nBcc: x"] {
        let mut answer = app.visitor().post("/user/verify/send").form(&[("email", name)]).send().await;
        // What was typed goes back to whoever typed it.
        answer.headers.retain(|(_, value)| !value.starts_with("vestibule_typed="));
        assert_eq!(answer.status, 303, "{name}");
        answers.push((answer.shared_headers(), answer.text()));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(links(&app, ADA).await.len(), 4);
    assert_eq!(app.mails("").len(), 4);
    let page = app.visitor().post("/user/verify/send").form(&[("email", " ")]).send().await.refusal_page(422);
    assert!(html::error(&page, "email").is_some());
}

async fn guesses_at_the_password_are_counted(engine: Engine) {
    let app = TestApp::with(engine, &format!("{REQUIRED}\nrate_limits = 'on'")).await;
    sign_up(&app, "ada").await;
    let token = link(&app, ADA).await;
    for _ in 0..5 {
        prove(&app.visitor(), &token, &[("password", NEW)]).await.refused_fields(422, &["password"]);
    }
    let form = [("token", token.as_str()), ("password", PASSWORD)];
    let late = app.visitor().post("/user/verify").form(&form).send().await;
    assert!(late.header("retry-after").is_some());
    html::input(&late.refusal_page(429), "password");
    // The holder of the link is never locked out.
    assert_eq!(prove(&app.visitor(), &token, &[("npassword", NEW)]).await.status, 200);
}

async fn an_autologin_waits_for_the_proof_and_works_then(engine: Engine) {
    let app = TestApp::with(engine, REQUIRED).await;
    let key = format!("Bearer {}", app.key("shop").await);
    let create = app.visitor().post("/admin/api_account/create").header("authorization", &key);
    let made = create.form(&[("email", ADA), ("password", PASSWORD)]).send().await;
    assert_eq!(made.status, 200, "{}", made.text());
    let token = made.json()["token"].as_str().unwrap().to_owned();
    let path = format!("/admin/api_account/autologin?email={ADA}&token={token}");
    let page = app.visitor().get(&path).send().await.refusal_page(403);
    assert_eq!(html::value(&page, "email"), ADA);
    assert_eq!(app.visitor().get(&path).wants_json().send().await.problem(403)["code"], "unverified");
    assert_eq!(prove(&app.visitor(), &link(&app, ADA).await, &[("password", PASSWORD)]).await.status, 200);
    let browser = app.visitor();
    assert_eq!(browser.get(&path).send().await.status, 303);
    assert!(browser.is_signed_in().await);
}

async fn an_address_that_a_trusted_server_changes_has_to_be_proven_again(engine: Engine) {
    let app = TestApp::with(engine, REQUIRED).await;
    sign_up(&app, "ada").await;
    assert_eq!(prove(&app.visitor(), &link(&app, ADA).await, &[("password", PASSWORD)]).await.status, 200);
    let key = format!("Bearer {}", app.key("shop").await);
    let update = app.visitor().post("/admin/api_account/update").header("authorization", &key);
    let update = update.form(&[("user_id", "1"), ("email", "countess@example.org")]).send().await;
    assert_eq!(update.status, 200, "{}", update.text());
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 403);
    let token = link(&app, "countess@example.org").await;
    assert_eq!(prove(&app.visitor(), &token, &[("password", PASSWORD)]).await.status, 200);
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
}

async fn a_wrong_link_offers_another(engine: Engine) {
    let app = TestApp::with(engine, OPTIONAL).await;
    for token in ["", "x", &"A".repeat(43)] {
        let page = app.visitor().get(&format!("/user/verify?token={token}")).send().await.refusal_page(410);
        html::input(&page, "email");
        let answer = prove(&app.visitor(), token, &[("password", PASSWORD)]).await;
        assert_eq!(answer.problem(410)["code"], "ticket_spent");
    }
    html::input(&app.visitor().get("/user/verify").send().await.text(), "email");
    let stray = app.visitor().get("/user/verify/send").send().await;
    assert_eq!((stray.status, stray.header("location")), (303, Some("/user/verify")));
}

async fn a_generated_password_that_has_expired_proves_nothing(engine: Engine) {
    let app = TestApp::with(engine, OPTIONAL).await;
    sign_up(&app, "ada").await;
    let token = link(&app, ADA).await;
    app.sql(&format!("UPDATE accounts SET password_expires_at = {}", app.now())).await;
    let refused = prove(&app.visitor(), &token, &[("password", PASSWORD)]).await;
    assert_eq!(refused.problem(403)["code"], "password_expired");
    prove(&app.visitor(), &token, &[("password", NEW)]).await.refused_fields(422, &["password"]);
    let form = [("token", token.as_str()), ("password", PASSWORD)];
    let page = app.visitor().post("/user/verify").form(&form).send().await.refusal_page(403);
    assert!(page.contains("no longer works"), "{page}");
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE verified_at IS NULL").await, 1);
    // The link still works for a new one.
    assert_eq!(prove(&app.visitor(), &token, &[("npassword", NEW)]).await.status, 200);
}
