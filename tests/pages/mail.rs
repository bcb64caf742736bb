//! Mail that is written arrives: at a mail server that is down, slow or refuses, after a crash, from several instances.

use std::time::Duration;

use vestibule::store::Engine;

use crate::engines::both_engines;
use crate::support::smtp::MailServer;
use crate::support::{TestApp, until};

both_engines!(
    a_message_reaches_the_mail_server_whole,
    what_was_written_while_the_server_was_down_arrives_once,
    a_refused_recipient_delays_nobody_and_is_set_aside,
    a_recipient_who_is_put_off_is_tried_again,
    nothing_is_sent_in_the_clear_unless_that_is_wanted,
    what_a_killed_instance_was_sending_is_sent_by_the_next,
    several_instances_send_each_message_once,
    what_cannot_be_sent_for_two_days_is_set_aside,
);

const MINUTE: Duration = Duration::from_secs(60);
const PATIENCE: Duration = Duration::from_secs(20);

async fn ask(app: &TestApp, identifier: &str) {
    let answer = app.visitor().post("/user/forgot").wants_json().form(&[("email", identifier)]).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

async fn waiting(app: &TestApp) -> i64 {
    app.count("SELECT COUNT(*) FROM outbox WHERE failed_at IS NULL").await
}

async fn set_aside(app: &TestApp) -> i64 {
    app.count("SELECT COUNT(*) FROM outbox WHERE failed_at IS NOT NULL").await
}

async fn a_message_reaches_the_mail_server_whole(engine: Engine) {
    let server = MailServer::up().await;
    let app = TestApp::with(engine, &server.settings()).await;
    app.signed_up("ada").await;
    ask(&app, "ada").await;
    until(PATIENCE, || async { server.count("ada@example.org") == 1 }).await;
    until(PATIENCE, || async { waiting(&app).await == 0 }).await;
    let content = server.received().remove(0).content;
    for line in [
        "From: Accounts <accounts@example.org>",
        "To: ada@example.org",
        "Subject: Choose a new password for Vestibule",
        "Date: Thu, 01 Jan 2026 00:00:00 +0000",
        "Auto-Submitted: auto-generated",
    ] {
        assert!(content.lines().any(|found| found == line), "{line} in {content}");
    }
    assert!(content.lines().any(|line| line.starts_with("Message-ID: <")), "{content}");
    assert!(content.contains(&app.url("/user/reset?token=")), "{content}");
    assert!(content.contains("text/plain") && content.contains("text/html"), "{content}");
    assert!(server.commands().iter().any(|line| line == "MAIL FROM:<accounts@example.org>"));
}

async fn what_was_written_while_the_server_was_down_arrives_once(engine: Engine) {
    let mut server = MailServer::down().await;
    let app = TestApp::with(engine, &server.settings()).await;
    let names = ["ada", "bob", "eve", "joe", "sue", "tim"];
    for name in names {
        app.signed_up(name).await;
        ask(&app, name).await;
    }
    // Long enough for somebody to have tried.
    until(PATIENCE, || async { app.count("SELECT COUNT(*) FROM outbox WHERE failure <> ''").await > 0 })
        .await;
    assert_eq!((waiting(&app).await, set_aside(&app).await), (6, 0));
    server.start(Duration::from_millis(20)).await;
    until(PATIENCE, || async { waiting(&app).await == 0 }).await;
    for name in names {
        assert_eq!(server.count(&format!("{name}@example.org")), 1, "{name}");
    }
}

async fn a_refused_recipient_delays_nobody_and_is_set_aside(engine: Engine) {
    let server = MailServer::up().await;
    let app = TestApp::with(engine, &server.settings()).await;
    for name in ["refused-1", "refused-2", "ada"] {
        app.signed_up(name).await;
        ask(&app, name).await;
    }
    until(PATIENCE, || async { server.count("ada@example.org") == 1 }).await;
    until(PATIENCE, || async { waiting(&app).await == 0 && set_aside(&app).await == 2 }).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox WHERE failure LIKE '%nobody is called so%'").await, 2);
    // A link that reached nobody is no link.
    assert_eq!(app.count("SELECT COUNT(*) FROM tickets WHERE used_at IS NULL").await, 1);
    app.pass(3 * 1_440 * MINUTE);
    ask(&app, "ada").await;
    until(PATIENCE, || async { server.count("ada@example.org") == 2 }).await;
    let tries = server.commands().iter().filter(|line| line.contains("refused-1@")).count();
    assert_eq!((tries, set_aside(&app).await), (1, 2));
}

async fn a_recipient_who_is_put_off_is_tried_again(engine: Engine) {
    let server = MailServer::up().await;
    let app = TestApp::with(engine, &server.settings()).await;
    app.signed_up("busy").await;
    ask(&app, "busy").await;
    until(PATIENCE, || async { app.count("SELECT COUNT(*) FROM outbox WHERE failure <> ''").await == 1 })
        .await;
    assert_eq!((waiting(&app).await, server.count("busy@example.org")), (1, 0));
    app.pass(MINUTE);
    until(PATIENCE, || async { server.count("busy@example.org") == 1 }).await;
    until(PATIENCE, || async { waiting(&app).await == 0 }).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM tickets").await, 1);
}

async fn nothing_is_sent_in_the_clear_unless_that_is_wanted(engine: Engine) {
    let server = MailServer::up().await;
    let app = TestApp::with(engine, &server.settings_with("?tls=required")).await;
    app.signed_up("ada").await;
    ask(&app, "ada").await;
    until(PATIENCE, || async { server.commands().iter().any(|line| line.starts_with("EHLO")) }).await;
    until(PATIENCE, || async { app.count("SELECT COUNT(*) FROM outbox WHERE failure <> ''").await == 1 })
        .await;
    assert!(!server.commands().iter().any(|line| line.starts_with("MAIL")), "{:?}", server.commands());
    assert_eq!(waiting(&app).await, 1);
}

async fn what_a_killed_instance_was_sending_is_sent_by_the_next(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    // As a killed instance leaves it.
    let now = app.now();
    app.sql(&format!(
        "INSERT INTO outbox (kind, account_id, recipient, attempts, created_at, due_at, leased_until) \
         SELECT 'recovery', id, email, 1, {now}, {now}, {} FROM accounts",
        now + 300_000
    ))
    .await;
    // One that comes after it is sent, so it was there to be seen.
    app.signed_up("bob").await;
    ask(&app, "bob").await;
    app.mailed("bob@example.org", 1).await;
    assert!(app.mails("ada@example.org").is_empty());
    app.pass(5 * MINUTE);
    app.mailed("ada@example.org", 1).await;
    until(PATIENCE, || async { waiting(&app).await == 0 }).await;
    assert_eq!(app.mails("ada@example.org").len(), 1);
}

async fn several_instances_send_each_message_once(engine: Engine) {
    let app = TestApp::new(engine).await;
    let others =
        if engine == Engine::Postgres { vec![app.another().await, app.another().await] } else { Vec::new() };
    app.signed_up("ada").await;
    let now = app.now();
    for number in 0..60 {
        let (kind, to) = ("invitation", format!("{number}@example.org"));
        app.sql(&format!(
            "INSERT INTO outbox (kind, account_id, recipient, created_at, due_at) \
             SELECT '{kind}', id, '{to}', {now}, {now} FROM accounts"
        ))
        .await;
    }
    until(PATIENCE, || async { waiting(&app).await == 0 }).await;
    for number in 0..60 {
        assert_eq!(app.mails(&format!("{number}@example.org")).len(), 1, "{number}");
    }
    drop(others);
}

async fn what_cannot_be_sent_for_two_days_is_set_aside(engine: Engine) {
    let server = MailServer::down().await;
    let app = TestApp::with(engine, &server.settings()).await;
    app.signed_up("ada").await;
    ask(&app, "ada").await;
    until(PATIENCE, || async { app.count("SELECT COUNT(*) FROM outbox WHERE failure <> ''").await == 1 })
        .await;
    app.pass(2 * 1_440 * MINUTE - MINUTE);
    assert_eq!((waiting(&app).await, set_aside(&app).await), (1, 0));
    app.pass(2 * MINUTE);
    until(PATIENCE, || async { set_aside(&app).await == 1 }).await;
    assert_eq!(waiting(&app).await, 0);
}
