//! The limit of a mailbox: so many messages an hour, whatever their kind and whoever caused them.

use std::time::Duration;

use store::Engine;

use crate::engines::both_engines;
use crate::support::{Answer, PASSWORD, TestApp, Visitor, mail, until};

both_engines!(
    sixty_messages_to_an_address_that_was_never_proven_become_none,
    a_mailbox_gets_six_messages_an_hour_and_the_rest_of_the_notices_in_one,
    links_beyond_the_limit_are_not_sent_and_whoever_asks_learns_nothing,
    what_other_instances_sent_and_what_went_before_a_restart_counts,
    all_tags_of_an_address_share_a_mailbox,
    links_of_others_leave_places_to_whoever_has_the_mailbox,
    an_unproven_account_leaves_a_place_to_a_proven_one,
    a_digest_that_cannot_be_sent_waits_with_all_that_is_in_it,
    the_operator_sets_the_limit,
    the_way_back_to_a_deleted_account_always_goes,
);

const ADA: &str = "ada@example.org";
const LIMITED: &str = "rate_limits = 'on'";
const HOUR: Duration = Duration::from_secs(3_600);
const PATIENCE: Duration = Duration::from_secs(20);
const RENAMED: &str = "Your username on Vestibule was changed";
const DIGEST: &str = "Recent activity on your account on Vestibule";

/// Waits until the outbox holds only `left` rows, which wait.
async fn settled(app: &TestApp, left: i64) {
    until(PATIENCE, || async {
        app.count("SELECT COUNT(*) FROM outbox").await == left
            && app.count("SELECT COUNT(*) FROM outbox WHERE leased_until IS NOT NULL").await == 0
    })
    .await;
}

fn with_subject(app: &TestApp, subject: &str) -> Vec<String> {
    let mut mails = app.mails(ADA);
    mails.retain(|mail| mail.lines().any(|line| line == format!("Subject: {subject}")));
    mails.iter().map(|mail| mail::read(mail)).collect()
}

async fn rename(visitor: &Visitor, times: std::ops::Range<usize>) {
    for number in times {
        let name = format!("ada-{number}");
        let form = [("username", name.as_str())];
        let answer = visitor.post("/user/modify/username").wants_json().form(&form).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}

async fn forgot(app: &TestApp, identifier: &str) -> Answer {
    let mut answer = app.visitor().post("/user/forgot").form(&[("email", identifier)]).send().await;
    answer.headers.retain(|(name, _)| name != "date");
    answer
}

/// Counts messages of this kind to the mailbox, as another instance does.
async fn went(app: &TestApp, kind: &str, count: usize) {
    for number in 0..count {
        let (id, now) = (1_000 + number, app.now());
        app.sql(&format!(
            "INSERT INTO mailbox_uses (mail_id, mailbox, kind, used_at) VALUES ({id}, '{ADA}', '{kind}', {now})"
        ))
        .await;
    }
}

async fn sixty_messages_to_an_address_that_was_never_proven_become_none(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    let visitor = app.visitor();
    let form = [("email", ADA), ("username", "ada"), ("password", PASSWORD)];
    assert_eq!(visitor.post("/user/create").wants_json().form(&form).send().await.status, 201);
    assert_eq!(visitor.log_in("ada", PASSWORD).await.status, 200);
    rename(&visitor, 0..55).await;
    let new = [("apassword", PASSWORD), ("npassword", "another horse entirely")];
    assert_eq!(visitor.post("/user/modify/password").wants_json().form(&new).send().await.status, 200);
    // Somebody who wants the address, a change of it, and a new browser cause no message to it either.
    let again = [("email", ADA), ("password", PASSWORD)];
    assert_eq!(app.visitor().post("/user/create").wants_json().form(&again).send().await.status, 422);
    assert_eq!(app.visitor().log_in("ada-54", "another horse entirely").await.status, 200);
    settled(&app, 0).await;
    assert_eq!(app.mails("").len(), 0);
    // A link to recover goes to it.
    forgot(&app, ADA).await;
    app.mailed(ADA, 1).await;
}

async fn a_mailbox_gets_six_messages_an_hour_and_the_rest_of_the_notices_in_one(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    let ada = app.signed_up("ada").await;
    rename(&ada, 0..30).await;
    settled(&app, 1).await;
    // A third of the six is left to links.
    assert_eq!((with_subject(&app, RENAMED).len(), app.mails("").len()), (4, 4));
    for _ in 0..3 {
        assert_eq!(forgot(&app, ADA).await.status, 303);
    }
    settled(&app, 1).await;
    assert_eq!(app.mails("").len(), 6);
    app.pass(HOUR - Duration::from_secs(1));
    rename(&ada, 30..32).await;
    settled(&app, 1).await;
    assert_eq!(app.mails("").len(), 6);
    app.pass(Duration::from_secs(1));
    until(PATIENCE, || async { !with_subject(&app, DIGEST).is_empty() }).await;
    settled(&app, 0).await;
    let digest = with_subject(&app, DIGEST).remove(0);
    let text = digest.split("<!doctype").next().unwrap();
    assert_eq!(text.matches(": Username changed.").count(), 28, "{text}");
    assert_eq!(text.matches("January 1, 2026 at 12:00 AM UTC: ").count(), 26, "{text}");
    assert_eq!(text.matches("January 1, 2026 at 12:59 AM UTC: ").count(), 2, "{text}");
    assert!(!text.contains("ada-") && text.contains("/user/forgot"), "{text}");
    assert_eq!(app.mails("").len(), 7);
    // After it, notices go one by one again.
    rename(&ada, 32..33).await;
    settled(&app, 0).await;
    assert_eq!(with_subject(&app, RENAMED).len(), 5);
}

async fn the_way_back_to_a_deleted_account_always_goes(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    let ada = app.signed_up("ada").await;
    rename(&ada, 0..6).await;
    settled(&app, 1).await;
    let deleted = ada.post("/user/delete").wants_json().form(&[]).send().await;
    assert_eq!(deleted.json()["deleted"], true, "{}", deleted.text());
    app.letters(ADA, "/user/restore?token=", 1).await;
    // What was put off before is told, too: whoever has the password may be somebody else.
    app.pass(HOUR);
    until(PATIENCE, || async { !with_subject(&app, DIGEST).is_empty() }).await;
}

async fn links_beyond_the_limit_are_not_sent_and_whoever_asks_learns_nothing(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    app.signed_up("ada").await;
    went(&app, "verification", 3).await;
    let first = forgot(&app, ADA).await;
    settled(&app, 0).await;
    assert_eq!(app.mails("").len(), 1);
    let second = forgot(&app, ADA).await;
    settled(&app, 0).await;
    assert_eq!(
        (second.status, second.shared_headers(), second.content),
        (first.status, first.shared_headers(), first.content)
    );
    assert_eq!(app.mails("").len(), 1);
    // The link that was not sent has left no ticket.
    assert_eq!(app.count("SELECT COUNT(*) FROM tickets").await, 1);
    // Notices still go: a third of the limit is theirs.
    let ada = app.signed_in("ada").await;
    rename(&ada, 0..1).await;
    settled(&app, 0).await;
    assert_eq!(with_subject(&app, RENAMED).len(), 1);
}

async fn what_other_instances_sent_and_what_went_before_a_restart_counts(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    app.signed_up("ada").await;
    went(&app, "recovery", 2).await;
    went_more(&app).await;
    forgot(&app, ADA).await;
    settled(&app, 0).await;
    assert_eq!(app.mails("").len(), 0);
    app.pass(HOUR);
    forgot(&app, ADA).await;
    app.mailed(ADA, 1).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM mailbox_uses WHERE kind = 'recovery'").await, 3);
}

async fn went_more(app: &TestApp) {
    for (id, kind) in [(2_000, "password_changed"), (2_001, "digest"), (2_002, "new_device"), (2_003, "poem")]
    {
        let now = app.now();
        app.sql(&format!(
            "INSERT INTO mailbox_uses (mail_id, mailbox, kind, used_at) VALUES ({id}, '{ADA}', '{kind}', {now})"
        ))
        .await;
    }
}

async fn all_tags_of_an_address_share_a_mailbox(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    for (name, email) in [("one", "ADA+one@example.org"), ("two", "ada+two@Example.org")] {
        let form = [("email", email), ("username", name), ("password", PASSWORD)];
        assert_eq!(app.visitor().post("/user/create").wants_json().form(&form).send().await.status, 201);
        for _ in 0..3 {
            assert_eq!(forgot(&app, name).await.status, 303);
        }
    }
    settled(&app, 0).await;
    // Two accounts that have proven nothing share half of the four places that links have.
    assert_eq!(app.mails("").len(), 2);
    assert_eq!(app.count(&format!("SELECT COUNT(*) FROM mailbox_uses WHERE mailbox = '{ADA}'")).await, 2);
}

async fn create(app: &TestApp, email: &str) -> Visitor {
    let visitor = app.visitor();
    let form = [("email", email), ("password", PASSWORD)];
    assert_eq!(visitor.post("/user/create").wants_json().form(&form).send().await.status, 201);
    visitor
}

async fn links_of_others_leave_places_to_whoever_has_the_mailbox(engine: Engine) {
    // Whether the owner has ever proven the address, or not.
    for proven in [false, true] {
        let app = TestApp::with(engine, LIMITED).await;
        create(&app, ADA).await;
        if proven {
            app.prove(ADA).await;
        }
        for number in 0..4 {
            let email = format!("ada+{number}@example.org");
            create(&app, &email).await;
            forgot(&app, &email).await;
        }
        // The same by somebody who wants an address of that mailbox.
        let mallory = app.signed_up("mallory").await;
        for number in 4..7 {
            let form = [("email", &*format!("ada+{number}@example.org")), ("apassword", PASSWORD)];
            let asked = mallory.post("/user/modify/email").wants_json().form(&form).send().await;
            assert_eq!(asked.status, 200, "{}", asked.text());
        }
        settled(&app, 0).await;
        assert_eq!(app.mails("ada+").len(), 2);
        assert_eq!(app.mails(ADA).len(), 0);
        for _ in 0..2 {
            forgot(&app, ADA).await;
        }
        settled(&app, 0).await;
        assert_eq!(app.mails(ADA).len(), if proven { 2 } else { 1 });
    }
}

async fn an_unproven_account_leaves_a_place_to_a_proven_one(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    create(&app, "ada+shop@example.org").await;
    app.prove("ada+shop@example.org").await;
    create(&app, ADA).await;
    for _ in 0..4 {
        forgot(&app, ADA).await;
    }
    create(&app, "ada+more@example.org").await;
    forgot(&app, "ada+more@example.org").await;
    settled(&app, 0).await;
    assert_eq!(app.mails("").len(), 3);
    forgot(&app, "ada+shop@example.org").await;
    settled(&app, 0).await;
    assert_eq!(app.mails("ada+shop@example.org").len(), 1);
}

async fn a_digest_that_cannot_be_sent_waits_with_all_that_is_in_it(engine: Engine) {
    let app = TestApp::with(engine, LIMITED).await;
    let ada = app.signed_up("ada").await;
    rename(&ada, 0..7).await;
    settled(&app, 1).await;
    app.pass(HOUR / 2);
    // Others have used the mailbox when the digest is due, so it waits for them.
    went(&app, "recovery", 4).await;
    went_more(&app).await;
    app.pass(HOUR / 2);
    until(PATIENCE, || async {
        app.count(&format!("SELECT COUNT(*) FROM outbox WHERE due_at > {}", app.now())).await == 1
    })
    .await;
    assert_eq!(with_subject(&app, DIGEST).len(), 0);
    app.pass(HOUR / 2);
    until(PATIENCE, || async { !with_subject(&app, DIGEST).is_empty() }).await;
    let digest = with_subject(&app, DIGEST).remove(0);
    let text = digest.split("<!doctype").next().unwrap();
    assert_eq!(text.matches(": Username changed.").count(), 3, "{text}");
}

async fn the_operator_sets_the_limit(engine: Engine) {
    let app = TestApp::with(engine, &format!("{LIMITED}\nmail.hourly = 3")).await;
    let ada = app.signed_up("ada").await;
    rename(&ada, 0..5).await;
    settled(&app, 1).await;
    assert_eq!(app.mails("").len(), 2);
    let off = TestApp::new(engine).await;
    rename(&off.signed_up("ada").await, 0..9).await;
    settled(&off, 0).await;
    assert_eq!(off.mails("").len(), 9);
}
