//! Every message in the outbox arrives: with a mail server that is down, slow or refuses, after a crash, and
//! from several instances.

use std::time::Duration;

use store::Engine;

use crate::engines::both_engines;
use crate::support::smtp::{Habits, MailServer};
use crate::support::{TestApp, until};

both_engines!(
    a_message_reaches_the_mail_server_whole,
    what_was_written_while_the_server_was_down_arrives_once,
    a_refused_recipient_delays_nobody_and_is_set_aside,
    a_recipient_who_is_put_off_is_tried_again,
    nothing_is_sent_in_the_clear_unless_that_is_wanted,
    whoever_knows_the_password_sends_over_an_encrypted_connection,
    a_wrong_password_or_an_unknown_certificate_keeps_mail_waiting,
    the_servers_own_certificate_is_trusted_as_openssl_makes_it,
    what_may_have_arrived_is_sent_again_under_the_same_id,
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
    let Some(server) = MailServer::up() else { return };
    let app = TestApp::with(engine, &server.settings()).await;
    app.signed_up("ada").await;
    ask(&app, "ada").await;
    until(PATIENCE, || async { server.count("ada@example.org") == 1 }).await;
    until(PATIENCE, || async { waiting(&app).await == 0 }).await;
    let mail = server.received().remove(0);
    for (name, value) in [
        ("From", "Accounts <accounts@example.org>"),
        ("To", "ada@example.org"),
        ("Subject", "Choose a new password for Vestibule"),
        ("Date", "Thu, 01 Jan 2026 00:00:00 +0000"),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", "en"),
    ] {
        assert_eq!(mail.header(name), value);
    }
    assert!(mail.header("Message-ID").starts_with("<mail."), "{}", mail.content);
    assert_eq!(mail.sender, "accounts@example.org");
    mail.link(&app.url("/user/reset?token="));
    assert!(mail.defects.is_empty(), "{:?}", mail.defects);
}

async fn what_was_written_while_the_server_was_down_arrives_once(engine: Engine) {
    let Some(mut server) = MailServer::down() else { return };
    let app = TestApp::with(engine, &server.settings()).await;
    let names = ["ada", "bob", "eve", "joe", "sue", "tim"];
    for name in names {
        app.signed_up(name).await;
        ask(&app, name).await;
    }
    // Waits until an attempt has failed.
    until(PATIENCE, || async { app.count("SELECT COUNT(*) FROM outbox WHERE failure <> ''").await > 0 })
        .await;
    assert_eq!((waiting(&app).await, set_aside(&app).await), (6, 0));
    server.start(Habits { latency: Duration::from_millis(20), ..Habits::default() });
    until(PATIENCE, || async { waiting(&app).await == 0 }).await;
    for name in names {
        assert_eq!(server.count(&format!("{name}@example.org")), 1, "{name}");
    }
}

async fn a_refused_recipient_delays_nobody_and_is_set_aside(engine: Engine) {
    let Some(server) = MailServer::up() else { return };
    let app = TestApp::with(engine, &server.settings()).await;
    for name in ["refused-1", "refused-2", "ada"] {
        app.signed_up(name).await;
        ask(&app, name).await;
    }
    until(PATIENCE, || async { server.count("ada@example.org") == 1 }).await;
    until(PATIENCE, || async { waiting(&app).await == 0 && set_aside(&app).await == 2 }).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox WHERE failure LIKE '%nobody is called so%'").await, 2);
    // The ticket of a refused message is removed.
    assert_eq!(app.count("SELECT COUNT(*) FROM tickets WHERE used_at IS NULL").await, 1);
    app.pass(3 * 1_440 * MINUTE);
    ask(&app, "ada").await;
    until(PATIENCE, || async { server.count("ada@example.org") == 2 }).await;
    let tries = server.commands().iter().filter(|line| line.contains("refused-1@")).count();
    assert_eq!((tries, set_aside(&app).await), (1, 2));
}

async fn a_recipient_who_is_put_off_is_tried_again(engine: Engine) {
    let Some(server) = MailServer::up() else { return };
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
    let Some(server) = MailServer::up() else { return };
    // Another name of this machine, which the program cannot recognise as loopback.
    let app = TestApp::with(engine, &server.settings_at("smtp://127.1:PORT")).await;
    app.signed_up("ada").await;
    ask(&app, "ada").await;
    until(PATIENCE, || async { server.commands().iter().any(|line| line.starts_with("EHLO")) }).await;
    until(PATIENCE, || async { app.count("SELECT COUNT(*) FROM outbox WHERE failure <> ''").await == 1 })
        .await;
    assert!(!server.commands().iter().any(|line| line.starts_with("MAIL")), "{:?}", server.commands());
    assert_eq!(waiting(&app).await, 1);
}

async fn whoever_knows_the_password_sends_over_an_encrypted_connection(engine: Engine) {
    let login = Some("house:p@ss/word");
    for (tls, address, more) in [
        ("starttls", "smtp://house:p%40ss%2Fword@localhost:PORT?tls=required", ""),
        ("smtps", "smtps://127.0.0.1:PORT", "smtp.username = 'house'\nsmtp.password = 'p@ss/word'"),
    ] {
        let Some(server) = MailServer::with(Habits { tls, login, ..Habits::default() }) else { return };
        let trust = format!("smtp.ca_file = '{}'\n{more}", server.certificate().display());
        let app = TestApp::with(engine, &(server.settings_at(address) + trust.as_str())).await;
        app.signed_up("ada").await;
        ask(&app, "ada").await;
        until(PATIENCE, || async { server.count("ada@example.org") == 1 }).await;
        let commands = server.commands();
        assert!(
            commands.iter().any(|line| line.starts_with("AUTH") && line.ends_with("good")),
            "{commands:?}"
        );
        assert!(commands.iter().any(|line| line.starts_with("EHLO") && line.ends_with("encrypted")));
    }
}

async fn a_wrong_password_or_an_unknown_certificate_keeps_mail_waiting(engine: Engine) {
    let login = Some("house:password");
    let Some(server) = MailServer::with(Habits { tls: "starttls", login, ..Habits::default() }) else {
        return;
    };
    let trust = format!("smtp.ca_file = '{}'", server.certificate().display());
    for (password, trust) in [("wrong", trust.as_str()), ("password", "")] {
        let address = format!("smtp://house:{password}@localhost:PORT?tls=required");
        let app = TestApp::with(engine, &(server.settings_at(&address) + trust)).await;
        app.signed_up("ada").await;
        ask(&app, "ada").await;
        until(PATIENCE, || async { app.count("SELECT COUNT(*) FROM outbox WHERE failure <> ''").await == 1 })
            .await;
        assert_eq!((waiting(&app).await, set_aside(&app).await), (1, 0));
        assert_eq!(app.count("SELECT COUNT(*) FROM outbox WHERE failure LIKE '%password%'").await, 0);
    }
    assert!(server.received().is_empty());
}

async fn the_servers_own_certificate_is_trusted_as_openssl_makes_it(engine: Engine) {
    for (tls, address) in
        [("starttls", "smtp://localhost:PORT?tls=required"), ("smtps", "smtps://localhost:PORT")]
    {
        let habits = Habits { tls, plain_certificate: true, ..Habits::default() };
        let (Some(server), Some(other)) = (MailServer::with(habits), MailServer::with(habits)) else {
            return;
        };
        for (certificate, arrives) in [(other.certificate(), false), (server.certificate(), true)] {
            let trust = format!("smtp.ca_file = '{}'", certificate.display());
            let app = TestApp::with(engine, &(server.settings_at(address) + trust.as_str())).await;
            app.signed_up("ada").await;
            ask(&app, "ada").await;
            let failed = "SELECT COUNT(*) FROM outbox WHERE failure LIKE '%certificate%'";
            until(PATIENCE, || async {
                if arrives { server.count("ada@example.org") == 1 } else { app.count(failed).await == 1 }
            })
            .await;
        }
    }
}

async fn what_may_have_arrived_is_sent_again_under_the_same_id(engine: Engine) {
    let Some(server) = MailServer::up() else { return };
    let app = TestApp::with(engine, &server.settings()).await;
    app.signed_up("dropped").await;
    ask(&app, "dropped").await;
    until(PATIENCE, || async { app.count("SELECT COUNT(*) FROM outbox WHERE failure <> ''").await == 1 })
        .await;
    assert_eq!((waiting(&app).await, server.count("dropped@example.org")), (1, 1));
    // The recipient may have the message, so its ticket stays.
    assert_eq!(app.count("SELECT COUNT(*) FROM tickets WHERE used_at IS NULL").await, 1);
    app.pass(MINUTE);
    until(PATIENCE, || async { waiting(&app).await == 0 }).await;
    let [first, second] = server.received().try_into().unwrap();
    assert_eq!(first.header("Message-ID"), second.header("Message-ID"));
    assert_eq!(app.count("SELECT COUNT(*) FROM tickets WHERE used_at IS NULL").await, 2);
}

async fn what_a_killed_instance_was_sending_is_sent_by_the_next(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    // The row that a killed instance leaves behind.
    let now = app.now();
    app.sql(&format!(
        "INSERT INTO outbox (kind, account_id, recipient, attempts, created_at, due_at, leased_until) \
         SELECT 'recovery', id, email, 1, {now}, {now}, {} FROM accounts",
        now + 300_000
    ))
    .await;
    // A later message is sent first, which shows that the worker has polled since.
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
    let Some(server) = MailServer::down() else { return };
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
