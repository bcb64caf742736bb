//! Requests for links by anybody: a request that mails nothing takes nothing from the account's owner, and
//! each kind of link is counted by itself.

use std::time::Duration;

use store::Engine;

use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, until};

both_engines!(
    requests_that_mail_nothing_leave_the_owner_all_of_the_hour,
    the_two_kinds_of_link_are_counted_apart,
);

/// A test says where a request comes from, and the limit of the mailbox is out of its way.
const LIMITED: &str = "rate_limits = 'on'\nip_header = 'X-Real-IP'\nmail.hourly = 100";
const CAROL: &str = "carol@example.org";
const RECOVERY: &str = "Subject: Choose a new password for Vestibule";
const VERIFICATION: &str = "Subject: Confirm your email address for Vestibule";

/// Asks for a link at `path`, each time from another address.
async fn ask(app: &TestApp, path: &str, identifier: &str, times: usize) {
    for number in 0..times {
        let ask = app.visitor().post(path).form(&[("email", identifier)]);
        let answer = ask.header("x-real-ip", &format!("198.51.100.{number}")).send().await;
        assert_eq!(answer.status, 303, "{}", answer.text());
    }
    sent(app).await;
}

/// Waits until all mail has gone.
async fn sent(app: &TestApp) {
    until(Duration::from_secs(20), || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
}

fn mailed(app: &TestApp, subject: &str) -> usize {
    app.mails(CAROL).iter().filter(|mail| mail.lines().any(|line| line == subject)).count()
}

async fn requests_that_mail_nothing_leave_the_owner_all_of_the_hour(engine: Engine) {
    let app = TestApp::with(engine, &format!("{LIMITED}\nregistration.verify = 'optional'")).await;
    app.signed_up("carol").await;
    app.prove(CAROL).await;
    // There is nothing to prove any more.
    ask(&app, "/user/verify/send", CAROL, 5).await;
    ask(&app, "/user/verify/send", "carol", 5).await;
    // A locked account is mailed no link.
    app.sql("UPDATE accounts SET locked_at = 1").await;
    ask(&app, "/user/forgot", CAROL, 5).await;
    app.sql("UPDATE accounts SET locked_at = NULL").await;
    assert_eq!(mailed(&app, RECOVERY), 0);
    ask(&app, "/user/forgot", CAROL, 5).await;
    assert_eq!(mailed(&app, RECOVERY), 3, "three an hour, and all of them the owner's");
    // And those do not take the other kind away.
    app.sql("UPDATE accounts SET verified_at = NULL").await;
    let before = mailed(&app, VERIFICATION);
    ask(&app, "/user/verify/send", CAROL, 5).await;
    assert_eq!(mailed(&app, VERIFICATION), before + 3);
}

async fn the_two_kinds_of_link_are_counted_apart(engine: Engine) {
    let app = TestApp::with(engine, &format!("{LIMITED}\nregistration.verify = 'required'")).await;
    let form = [("email", CAROL), ("username", "carol"), ("password", PASSWORD)];
    assert_eq!(app.visitor().post("/user/create").wants_json().form(&form).send().await.status, 201);
    // No more than three links of a kind wait to be sent: a fourth replaces the oldest.
    sent(&app).await;
    ask(&app, "/user/verify/send", "carol", 5).await;
    assert_eq!(mailed(&app, VERIFICATION), 1 + 3);
    ask(&app, "/user/forgot", "carol", 5).await;
    assert_eq!(mailed(&app, RECOVERY), 3);
}
