//! `/user/forgot` and `/user/reset`: choosing a new password by a mailed link.

use std::time::Duration;

use rocket::tokio::task::JoinSet;
use store::{DbPool, Engine};

use crate::engines::both_engines;
use crate::support::{Body, PASSWORD, TestApp, html, mail, until};

both_engines!(
    a_forgotten_password_is_replaced_by_the_mailed_link,
    a_program_recovers_an_account,
    the_answer_is_the_same_whoever_there_is,
    nothing_typed_is_said_beside_the_field,
    looking_at_a_link_uses_nothing_up,
    a_password_that_is_refused_leaves_the_link_good,
    a_link_works_for_an_hour,
    an_unknown_link_offers_another,
    only_the_newest_three_links_work_and_none_after_one_was_used,
    of_fifty_who_use_a_link_at_once_one_does,
    mail_comes_in_the_language_of_its_reader,
    links_lead_to_the_public_address_whatever_host_was_asked,
    who_asks_too_often_is_told_the_same_and_mailed_nothing,
    one_client_address_asks_for_twenty_an_hour,
    who_was_invited_chooses_a_first_password,
    a_changed_password_takes_back_what_is_still_to_be_sent,
);

const NEW: &str = "another horse entirely";
const MINUTE: Duration = Duration::from_secs(60);

/// The secret of the link in a message.
#[track_caller]
fn token(mail: &str) -> String {
    mail::token_in(&mail::read(mail), "/user/reset")
}

async fn ask(app: &TestApp, identifier: &str) {
    let answer = app.visitor().post("/user/forgot").wants_json().form(&[("email", identifier)]).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// Requests a link and reads it from the `count`th message.
async fn link(app: &TestApp, username: &str, count: usize) -> String {
    ask(app, username).await;
    let mails = app.mailed(&format!("{username}@example.org"), count).await;
    // Of messages of the same millisecond the last has the highest number.
    token(mails.last().unwrap())
}

async fn reset(app: &TestApp, token: &str, password: &str) -> u16 {
    let form = [("token", token), ("npassword", password)];
    app.visitor().post("/user/reset").wants_json().form(&form).send().await.status
}

/// Waits until the outbox is empty.
async fn sent(app: &TestApp) {
    until(10 * Duration::from_secs(1), || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 })
        .await;
}

async fn a_forgotten_password_is_replaced_by_the_mailed_link(engine: Engine) {
    let app = TestApp::new(engine).await;
    let before = app.signed_up("ada").await;
    let visitor = app.visitor();
    let page = visitor.get("/user/login").send().await.text();
    assert!(page.contains("href=\"/user/forgot\""), "{page}");
    let page = visitor.get("/user/forgot").send().await;
    assert_eq!(page.status, 200);
    html::input(&page.text(), "email");
    let journey = visitor.post("/user/forgot").form(&[("email", " ADA@example.org")]).follow().await;
    journey.went(&[(303, "/user/forgot?requested=yes")]);
    assert!(
        html::notice(&journey.answer.text()).is_some_and(|said| said.contains("we’ve emailed you a link"))
    );
    let mail = app.mailed("ada@example.org", 1).await.remove(0);
    let token = token(&mail);
    // The database contains no secret, only digests.
    for table in ["tickets", "outbox"] {
        assert!(app.count(&format!("SELECT COUNT(*) FROM {table}")).await <= 1);
    }
    let answer = visitor.get(&format!("/user/reset?token={token}")).send().await;
    assert_eq!((answer.status, answer.header("referrer-policy")), (200, Some("strict-origin")));
    let page = answer.text();
    assert_eq!(html::value(&page, "token"), token);
    assert!(html::headline(&page).unwrap().contains("new password"), "{page}");
    let form = [("token", token.as_str()), ("npassword", NEW)];
    // A browser without `Sec-Fetch-Site` sends this header from a page with `strict-origin`.
    let journey = visitor.post("/user/reset").header("origin", &app.url("")).form(&form).follow().await;
    journey.went(&[(303, "/user/login")]);
    assert!(html::notice(&journey.answer.text()).is_some_and(|notice| notice.contains("saved")));
    assert!(!before.is_signed_in().await, "a session outlived the password");
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 401);
    assert_eq!(app.visitor().log_in("ada", NEW).await.status, 200);
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE verified_at IS NOT NULL").await, 1);
    // The link is used up.
    let again = visitor.post("/user/reset").form(&[("token", token.as_str()), ("npassword", PASSWORD)]);
    let page = again.send().await.refusal_page(410);
    html::input(&page, "email");
    assert!(html::alert(&page).is_some_and(|alert| alert.contains("already used")), "{page}");
    assert_eq!(visitor.get(&format!("/user/reset?token={token}")).send().await.status, 410);
    assert_eq!(app.visitor().log_in("ada", NEW).await.status, 200);
}

async fn a_program_recovers_an_account(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    for (number, body) in Body::kinds(&[("email", "ada")]).into_iter().enumerate() {
        let answer = app.visitor().post("/user/forgot").wants_json().body(body).send().await;
        assert_eq!((answer.status, answer.text().as_str()), (200, "{\"requested\":true}"));
        app.mailed("ada@example.org", number + 1).await;
    }
    let token = token(app.mails("ada@example.org").last().unwrap());
    let visitor = app.visitor();
    let offer = visitor.get(&format!("/user/reset?token={token}")).wants_json().send().await;
    assert_eq!(offer.status, 200);
    assert_eq!(
        (&offer.json()["email"], &offer.json()["has_password"]),
        (&"ada@example.org".into(), &true.into())
    );
    let body = Body::json(&[("token", &token), ("npassword", NEW)]);
    let answer = visitor.post("/user/reset").wants_json().body(body.clone()).send().await;
    assert_eq!((answer.status, &answer.json()["username"]), (200, &"ada".into()));
    assert_eq!(
        visitor.post("/user/reset").wants_json().body(body).send().await.problem(410)["code"],
        "ticket_spent"
    );
    visitor.get(&format!("/user/reset?token={token}")).wants_json().send().await.problem(410);
    assert_eq!(visitor.log_in("ada", NEW).await.status, 200);
}

async fn the_answer_is_the_same_whoever_there_is(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    app.signed_up("locked").await;
    app.sql("UPDATE accounts SET locked_at = 1 WHERE username = 'locked'").await;
    let long = "x".repeat(5_000);
    let names = [
        "ada",
        "ada@example.org",
        "nobody",
        "nobody@example.org",
        "locked",
        "@",
        "a b",
        "a\r\nBcc: x",
        &long,
    ];
    for json in [true, false] {
        let mut answers = Vec::new();
        for name in names {
            let ask = app.visitor().post("/user/forgot").form(&[("email", name)]);
            let ask = if json { ask.wants_json() } else { ask };
            let mut answer = ask.send().await;
            // What was typed goes back to whoever typed it.
            answer.headers.retain(|(_, value)| !value.starts_with("vestibule_typed="));
            assert_eq!(answer.status, if json { 200 } else { 303 }, "{name}");
            answers.push((answer.shared_headers(), answer.text()));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        // Empties the outbox before the next round: it would drop the oldest of more than three links.
        sent(&app).await;
    }
    assert_eq!(app.mails("").len(), 4);
    assert_eq!(app.mails("ada@example.org").len(), 4);
}

async fn nothing_typed_is_said_beside_the_field(engine: Engine) {
    let app = TestApp::new(engine).await;
    for form in [&[("email", "")][..], &[("email", "  ")], &[]] {
        let page = app.visitor().post("/user/forgot").form(form).send().await.refusal_page(422);
        assert!(html::error(&page, "email").is_some() && html::alert(&page).is_none());
        let answer = app.visitor().post("/user/forgot").wants_json().form(form).send().await;
        answer.refused_fields(422, &["email"]);
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox").await, 0);
}

async fn looking_at_a_link_uses_nothing_up(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let token = link(&app, "ada", 1).await;
    for method in ["GET", "HEAD", "GET", "HEAD"] {
        let answer = app.visitor().ask(method, &format!("/user/reset?token={token}")).send().await;
        assert_eq!(answer.status, 200, "{method}");
    }
    assert_eq!(reset(&app, &token, NEW).await, 200);
}

async fn a_password_that_is_refused_leaves_the_link_good(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada-lovelace").await;
    let token = link(&app, "ada-lovelace", 1).await;
    for password in ["", "short", "password1", "ada-lovelace", "ada-lovelace@example.org"] {
        let form = [("token", token.as_str()), ("npassword", password)];
        let page = app.visitor().post("/user/reset").form(&form).send().await.refusal_page(422);
        assert!(html::error(&page, "npassword").is_some() && html::alert(&page).is_none());
        assert_eq!(html::value(&page, "token"), token);
        assert_eq!(html::value(&page, "npassword"), "");
        let answer = app.visitor().post("/user/reset").wants_json().form(&form).send().await;
        answer.refused_fields(422, &["npassword"]);
    }
    assert_eq!(reset(&app, &token, NEW).await, 200);
}

async fn a_link_works_for_an_hour(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let first = link(&app, "ada", 1).await;
    app.pass(MINUTE);
    let second = link(&app, "ada", 2).await;
    app.pass(59 * MINUTE);
    assert_eq!(app.visitor().get(&format!("/user/reset?token={first}")).send().await.status, 410);
    assert_eq!(reset(&app, &first, NEW).await, 410);
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
    assert_eq!(reset(&app, &second, NEW).await, 200);
}

async fn an_unknown_link_offers_another(engine: Engine) {
    let app = TestApp::new(engine).await;
    for token in ["", "x", &"A".repeat(43), &"A".repeat(5_000), "%00", "%ff"] {
        let page = app.visitor().get(&format!("/user/reset?token={token}")).send().await;
        if page.status == 400 && token.contains('%') {
            // A token that cannot be decoded is answered with a 400 page without a form.
            page.refusal_page(400);
        } else {
            html::input(&page.refusal_page(410), "email");
        }
        assert_eq!(reset(&app, token, NEW).await, 410, "{token}");
    }
    assert_eq!(app.visitor().get("/user/reset").send().await.status, 410);
    // A ticket for another purpose is refused.
    app.signed_up("ada").await;
    let good = link(&app, "ada", 1).await;
    app.sql("UPDATE tickets SET purpose = 'autologin'").await;
    assert_eq!(reset(&app, &good, NEW).await, 410);
}

async fn only_the_newest_three_links_work_and_none_after_one_was_used(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let mut links = Vec::new();
    for count in 1..=5 {
        links.push(link(&app, "ada", count).await);
        sent(&app).await;
        app.pass(MINUTE);
    }
    let mut good = Vec::new();
    for token in &links {
        good.push(app.visitor().get(&format!("/user/reset?token={token}")).send().await.status);
    }
    assert_eq!(good, [410, 410, 200, 200, 200]);
    assert_eq!(reset(&app, &links[3], NEW).await, 200);
    for token in &links {
        assert_eq!(reset(&app, token, PASSWORD).await, 410);
    }
    assert_eq!(app.visitor().log_in("ada", NEW).await.status, 200);
}

async fn of_fifty_who_use_a_link_at_once_one_does(engine: Engine) {
    let app = TestApp::with(engine, "password.queue = 200").await;
    app.signed_up("ada").await;
    let token = link(&app, "ada", 1).await;
    // Holds a write lock, so that all requests find the link valid before one of them uses it up.
    let hold = match engine {
        Engine::Sqlite => "BEGIN IMMEDIATE",
        Engine::Postgres => "BEGIN; SELECT id FROM accounts FOR UPDATE",
    };
    let held = app.database().await;
    let begun = match &held {
        DbPool::Sqlite(pool) => sqlx::raw_sql(hold).execute(pool).await.map(drop),
        DbPool::Postgres(pool) => sqlx::raw_sql(hold).execute(pool).await.map(drop),
    };
    begun.unwrap();
    let mut crowd = JoinSet::new();
    for number in 0..50 {
        let (visitor, token) = (app.visitor(), token.clone());
        crowd.spawn(async move {
            let password = format!("{NEW} {number}");
            let form = [("token", token.as_str()), ("npassword", password.as_str())];
            (visitor.post("/user/reset").wants_json().form(&form).send().await.status, password)
        });
    }
    match engine {
        Engine::Sqlite => app.quiet().await,
        // Writes for one account wait for each other in the program, so one of them meets the lock.
        Engine::Postgres => {
            until(Duration::from_secs(60), async || app.scratch().blocked().await >= 1).await;
        }
    }
    assert!(crowd.try_join_next().is_none(), "somebody was answered without a write");
    match held {
        DbPool::Sqlite(pool) => pool.close().await,
        DbPool::Postgres(pool) => pool.close().await,
    }
    let (won, lost): (Vec<_>, Vec<_>) =
        crowd.join_all().await.into_iter().partition(|(status, _)| *status == 200);
    assert_eq!(won.len(), 1, "{won:?}");
    assert!(lost.iter().all(|(status, _)| *status == 410), "{lost:?}");
    assert_eq!(app.visitor().log_in("ada", &won[0].1).await.status, 200);
}

async fn mail_comes_in_the_language_of_its_reader(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let ask = async |language: &str, count: usize| {
        let ask = app.visitor().post("/user/forgot").header("accept-language", language);
        ask.form(&[("email", "ada")]).send().await;
        let mail = app.mailed("ada@example.org", count).await.pop().unwrap();
        app.pass(MINUTE);
        mail.lines().find(|line| line.starts_with("<html lang=")).unwrap().to_owned()
    };
    assert!(ask("fr", 1).await.contains("\"fr\""));
    assert!(ask("de", 2).await.contains("\"en\""));
    assert_eq!(
        ada.post("/user/modify/profile").wants_json().form(&[("locale", "ru")]).send().await.status,
        200
    );
    assert!(ask("fr", 3).await.contains("\"ru\""));
}

async fn links_lead_to_the_public_address_whatever_host_was_asked(engine: Engine) {
    let settings = "public_url = 'https://accounts.example.org'\nhttp.hosts = ['evil.example']";
    let app = TestApp::with(engine, settings).await;
    app.signed_up("ada").await;
    let ask = app.visitor().post("/user/forgot").form(&[("email", "ada")]);
    let ask = ask.header("host", "evil.example").header("x-forwarded-host", "evil.example").without("origin");
    assert_eq!(ask.send().await.status, 303);
    let mail = app.mailed("ada@example.org", 1).await.remove(0);
    assert!(mail.contains("\nhttps://accounts.example.org/user/reset?token="), "{mail}");
    assert!(!mail.contains("evil"), "{mail}");
    assert!(mail.contains("no-reply@accounts.example.org"), "{mail}");
}

async fn who_asks_too_often_is_told_the_same_and_mailed_nothing(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'").await;
    app.signed_up("ada").await;
    let mut answers = Vec::new();
    for name in ["ada", "ADA@example.org"] {
        for _ in 0..4 {
            let answer = app.visitor().post("/user/forgot").form(&[("email", name)]).send().await;
            answers.push((answer.status, answer.text()));
        }
    }
    assert!(answers.iter().all(|answer| answer.0 == 303 && *answer == answers[0]));
    sent(&app).await;
    assert_eq!(app.mails("ada@example.org").len(), 3);
    app.pass(60 * MINUTE);
    ask(&app, "ada").await;
    app.mailed("ada@example.org", 4).await;
}

async fn one_client_address_asks_for_twenty_an_hour(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'").await;
    app.signed_up("ada").await;
    for number in 0..20 {
        ask(&app, &format!("nobody-{number}")).await;
    }
    ask(&app, "ada").await;
    sent(&app).await;
    assert!(app.mails("").is_empty());
}

async fn who_was_invited_chooses_a_first_password(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    ada.post("/user/logout").send().await;
    app.sql("UPDATE accounts SET password_hash = NULL, password_changed_at = NULL").await;
    let now = app.now();
    app.sql(&format!(
        "INSERT INTO outbox (kind, account_id, recipient, created_at, due_at) \
         SELECT 'invitation', id, email, {now}, {now} FROM accounts"
    ))
    .await;
    let mail = app.mailed("ada@example.org", 1).await.remove(0);
    assert!(mail.contains("Subject: Your account on Vestibule"), "{mail}");
    let token = token(&mail);
    app.pass(7 * 1_440 * MINUTE - MINUTE);
    let page = app.visitor().get(&format!("/user/reset?token={token}")).send().await.text();
    assert!(html::headline(&page).unwrap().contains("Choose a password"), "{page}");
    assert!(page.contains("ada@example.org"));
    assert_eq!(reset(&app, &token, NEW).await, 200);
    assert_eq!(app.visitor().log_in("ada", NEW).await.status, 200);
}

async fn a_changed_password_takes_back_what_is_still_to_be_sent(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let later = app.now() + 60_000;
    app.sql(&format!(
        "INSERT INTO outbox (kind, account_id, recipient, created_at, due_at) \
         SELECT 'recovery', id, email, 0, {later} FROM accounts"
    ))
    .await;
    let form = [("apassword", PASSWORD), ("npassword", NEW)];
    assert_eq!(ada.post("/user/modify/password").wants_json().form(&form).send().await.status, 200);
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox WHERE kind = 'recovery'").await, 0);
}
