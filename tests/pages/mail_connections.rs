//! Mail servers that serve few connections at a time, or lose them: no message waits for a connection that
//! takes none, and each arrives once.

use std::time::Duration;

use store::Engine;

use crate::engines::both_engines;
use crate::support::smtp::{Habits, MailServer};
use crate::support::{TestApp, until};

both_engines!(
    a_server_that_serves_two_connections_at_a_time_gets_all_mail_soon,
    a_server_that_greets_late_gets_all_mail,
    what_a_broken_connection_certainly_did_not_take_goes_by_another,
    messages_without_an_answer_hold_no_others_up,
    a_connection_that_the_server_has_closed_costs_nothing,
);

/// Half of the time for which a connection without a greeting is kept.
const SOON: Duration = Duration::from_secs(15);

/// Writes invitations to these addresses.
async fn write(app: &TestApp, recipients: impl IntoIterator<Item = String>) {
    let now = app.now();
    for to in recipients {
        app.sql(&format!(
            "INSERT INTO outbox (kind, account_id, recipient, created_at, due_at) \
             SELECT 'invitation', id, '{to}', {now}, {now} FROM accounts"
        ))
        .await;
    }
}

async fn waiting(app: &TestApp) -> i64 {
    app.count("SELECT COUNT(*) FROM outbox").await
}

fn greeted(server: &MailServer) -> usize {
    server.commands().iter().filter(|line| line.starts_with("EHLO")).count()
}

async fn a_server_that_serves_two_connections_at_a_time_gets_all_mail_soon(engine: Engine) {
    for tls in ["none", "smtps"] {
        let latency = Duration::from_millis(20);
        let Some(server) = MailServer::with(Habits { places: Some(2), latency, tls, ..Habits::default() })
        else {
            return;
        };
        let address = if tls == "none" { "smtp://127.0.0.1:PORT" } else { "smtps://localhost:PORT" };
        let mut settings = server.settings_at(address).replace("connections = 4", "connections = 16");
        if tls == "smtps" {
            settings += &format!("smtp.ca_file = '{}'", server.certificate().display());
        }
        let app = TestApp::with(engine, &settings).await;
        app.signed_up("ada").await;
        let to = |number| format!("{number}@example.org");
        write(&app, (0..40).map(to)).await;
        until(SOON, || async { waiting(&app).await == 0 }).await;
        for number in 0..40 {
            assert_eq!(server.count(&to(number)), 1, "{number}");
        }
        assert_eq!(greeted(&server), 2, "each of two connections takes half of the messages");
    }
}

async fn a_server_that_greets_late_gets_all_mail(engine: Engine) {
    let Some(mut server) = MailServer::down() else { return };
    let settings = server.settings();
    // A place that somebody else has, who leaves after a while.
    server.start(Habits { places: Some(1), ..Habits::default() });
    let guest = std::net::TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    std::io::Read::read_exact(&mut &guest, &mut [0; 3]).unwrap();
    let app = TestApp::with(engine, &settings).await;
    app.signed_up("ada").await;
    write(&app, (0..4).map(|number| format!("{number}@example.org"))).await;
    until(SOON, || async { app.count("SELECT COUNT(*) FROM outbox WHERE attempts = 1").await == 4 }).await;
    app.quiet().await;
    assert_eq!((greeted(&server), waiting(&app).await), (0, 4));
    drop(guest);
    until(SOON, || async { waiting(&app).await == 0 }).await;
    assert_eq!((greeted(&server), server.received().len()), (1, 4));
}

async fn what_a_broken_connection_certainly_did_not_take_goes_by_another(engine: Engine) {
    let Some(server) = MailServer::up() else { return };
    let app = TestApp::with(engine, &server.settings()).await;
    app.signed_up("ada").await;
    write(&app, ["lost-1@example.org".into(), "bob@example.org".into(), "lost-2@example.org".into()]).await;
    until(SOON, || async { waiting(&app).await == 0 }).await;
    for to in ["lost-1@example.org", "bob@example.org", "lost-2@example.org"] {
        assert_eq!(server.count(to), 1, "{to}");
    }
}

async fn messages_without_an_answer_hold_no_others_up(engine: Engine) {
    let Some(server) = MailServer::up() else { return };
    let app = TestApp::with(engine, &server.settings()).await;
    app.signed_up("ada").await;
    // Three of the four connections wait for an answer.
    write(&app, (1..4).map(|number| format!("held-{number}@example.org"))).await;
    let held = || server.commands().iter().filter(|line| line.starts_with("HELD")).count();
    until(SOON, || async { held() == 3 }).await;
    write(&app, (0..20).map(|number| format!("{number}@example.org"))).await;
    until(SOON, || async { waiting(&app).await == 3 }).await;
    assert_eq!((server.received().len(), held()), (20, 3));
}

async fn a_connection_that_the_server_has_closed_costs_nothing(engine: Engine) {
    let Some(mut server) = MailServer::up() else { return };
    let app = TestApp::with(engine, &server.settings()).await;
    app.signed_up("ada").await;
    write(&app, (0..8).map(|number| format!("{number}@example.org"))).await;
    until(SOON, || async { waiting(&app).await == 0 }).await;
    // Idle connections are still open here, and gone there.
    server.stop();
    server.start(Habits::default());
    write(&app, ["bob@example.org".into()]).await;
    until(SOON, || async { waiting(&app).await == 0 }).await;
    assert_eq!((server.received().len(), server.count("bob@example.org")), (9, 1));
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox WHERE failure <> ''").await, 0);
}
