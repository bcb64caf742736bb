//! Sites that take what they are sent, and those that do not.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::Millis;
use domain::lifetimes::{WEBHOOK_AGAIN, WEBHOOK_GIVE_UP, WEBHOOK_WAITED};
use rocket::tokio::time::Instant;
use store::{Engine, Store, StoreError, webhook_deliveries};

use crate::engines::both_engines;
use crate::support::site::{Behaviour, Got, Site};
use crate::support::{TestApp, Visitor, until};

both_engines!(
    each_site_is_told_what_it_wants_under_one_name,
    a_message_is_sent_again_as_it_was_until_it_is_taken,
    a_site_that_answers_500_for_two_days_is_given_up,
    a_site_that_redirects_has_not_taken_the_message,
    a_site_that_hangs_holds_up_no_other,
    a_site_that_sends_a_gigabyte_is_not_listened_to,
    a_site_that_is_gone_is_left_alone,
    a_site_that_is_left_alone_is_tried_when_the_operator_says_so,
    a_site_says_when_it_wants_to_be_asked_again,
    what_waits_for_a_webhook_that_is_gone_from_the_settings_is_set_aside,
);

const PATIENCE: Duration = Duration::from_secs(60);
const WAITING: &str = "SELECT COUNT(*) FROM webhook_deliveries WHERE failed_at IS NULL";
const ASIDE: &str = "SELECT COUNT(*) FROM webhook_deliveries WHERE failed_at IS NOT NULL";

async fn site(behaviour: Behaviour) -> Site {
    Site::new(behaviour).await
}

fn answers(status: u16) -> Behaviour {
    Behaviour::Answers(status, "")
}

async fn counts(app: &TestApp, query: &str, count: i64) {
    until(PATIENCE, async || app.count(query).await == count).await;
}

async fn renames(ada: &Visitor, name: &str) {
    let answer = ada.post("/user/modify/profile").wants_json().form(&[("name", name)]).send().await;
    assert!(answer.status < 400, "{}", answer.text());
}

/// Waits until `count` deliveries have failed `failures` times and nobody holds them.
async fn failed(app: &TestApp, failures: i64, count: i64) {
    let query = format!(
        "SELECT COUNT(*) FROM webhook_deliveries WHERE failures = {failures} AND leased_until IS NULL"
    );
    counts(app, &query, count).await;
}

async fn each_site_is_told_what_it_wants_under_one_name(engine: Engine) {
    let (shop, list) = (site(answers(200)).await, site(answers(204)).await);
    let settings = shop.settings("shop", "['account.*']") + &list.settings("list", "['account.changed']");
    let app = TestApp::with(engine, &settings).await;
    let ada = app.signed_up("ada").await;
    renames(&ada, "Ada").await;
    // The same name again changes nothing.
    renames(&ada, "Ada").await;
    let (of_shop, of_list) = (shop.gets(2).await, list.gets(1).await);
    counts(&app, "SELECT COUNT(*) FROM webhook_deliveries", 0).await;
    assert_eq!((shop.got().len(), list.got().len()), (2, 1));
    let changed = of_shop.iter().find(|got| got.event() == "account.changed").unwrap();
    assert_eq!((changed.id(), &changed.body), (of_list[0].id(), &of_list[0].body));
    let names: BTreeSet<&str> = of_shop.iter().map(Got::id).collect();
    assert!(names.len() == 2 && names.iter().all(|name| name.starts_with("msg_") && !name.contains('.')));
    let got = &of_list[0];
    assert_eq!((&*got.path, &*got.headers["content-type"]), ("/hooks", "application/json"));
    assert_eq!(got.headers["webhook-timestamp"], (app.now() / 1000).to_string());
    assert!(got.headers["user-agent"].starts_with("Vestibule/"));
    assert_eq!(got.json()["timestamp"], "2026-01-01T00:00:00.000Z");
}

async fn a_message_is_sent_again_as_it_was_until_it_is_taken(engine: Engine) {
    let shop = site(answers(500)).await;
    let app = TestApp::with(engine, &shop.settings("shop", "['account.created']")).await;
    app.signed_up("ada").await;
    shop.gets(1).await;
    failed(&app, 1, 1).await;
    // Not before its time.
    app.pass(WEBHOOK_AGAIN[0] - Duration::from_millis(1));
    app.quiet().await;
    assert_eq!(shop.got().len(), 1);
    app.pass(WEBHOOK_AGAIN[0]);
    shop.gets(2).await;
    failed(&app, 2, 1).await;
    shop.behaves(answers(202));
    app.pass(WEBHOOK_AGAIN[1] * 2);
    let got = shop.gets(3).await;
    counts(&app, "SELECT COUNT(*) FROM webhook_deliveries", 0).await;
    assert!(got.iter().all(|one| one.id() == got[0].id() && one.body == got[0].body));
    let header = |at: usize, name: &str| got[at].headers[name].clone();
    for name in ["webhook-timestamp", "webhook-signature"] {
        assert_ne!(header(0, name), header(1, name), "{name}");
    }
}

async fn a_site_that_answers_500_for_two_days_is_given_up(engine: Engine) {
    let shop = site(answers(500)).await;
    let app = TestApp::with(engine, &shop.settings("shop", "['account.created']")).await;
    let started = app.now();
    app.signed_up("ada").await;
    let mut tries = 0;
    while app.count(ASIDE).await == 0 {
        tries += 1;
        let settled = format!(
            "SELECT COUNT(*) FROM webhook_deliveries WHERE failures = {tries} AND leased_until IS NULL"
        );
        counts(&app, &settled, 1).await;
        let due = app.count("SELECT MAX(due_at) FROM webhook_deliveries").await;
        let delay = WEBHOOK_AGAIN[(tries - 1).min(WEBHOOK_AGAIN.len() - 1)];
        if app.count(ASIDE).await == 0 {
            let last = started + i64::try_from(WEBHOOK_GIVE_UP.as_millis()).unwrap();
            let delay = i64::try_from(delay.as_millis()).unwrap();
            let waits = due - app.now();
            assert!(due == last || (delay..=delay + delay / 10).contains(&waits), "{tries}: {waits}");
            app.pass(Duration::from_millis(waits.unsigned_abs()));
        }
    }
    assert_eq!(app.now() - started, i64::try_from(WEBHOOK_GIVE_UP.as_millis()).unwrap());
    // By the chance that is in the delays.
    assert!((11..=12).contains(&tries) && shop.got().len() == tries, "{tries}");
    let why = "SELECT COUNT(*) FROM webhook_deliveries WHERE failure = 'it answers 500'";
    assert_eq!(app.count(why).await, 1);
    // What was set aside goes when it is old.
    app.pass(Duration::from_secs(31 * 86_400));
    let another = app.another().await;
    counts(&another, ASIDE, 0).await;
    assert_eq!(shop.got().len(), tries);
}

async fn a_site_that_redirects_has_not_taken_the_message(engine: Engine) {
    let elsewhere = site(answers(200)).await;
    let to: &'static str = format!("Location: {}\r\n", elsewhere.url).leak();
    let shop = site(Behaviour::Answers(307, to)).await;
    let app = TestApp::with(engine, &shop.settings("shop", "['account.created']")).await;
    app.signed_up("ada").await;
    failed(&app, 1, 1).await;
    assert_eq!(
        app.count("SELECT COUNT(*) FROM webhook_deliveries WHERE failure = 'it answers 307'").await,
        1
    );
    assert_eq!((shop.got().len(), elsewhere.got().len()), (1, 0));
}

async fn a_site_that_hangs_holds_up_no_other(engine: Engine) {
    let (dead, shop) = (site(Behaviour::Hangs).await, site(answers(200)).await);
    let settings = dead.settings("dead", "['account.*']") + &shop.settings("shop", "['account.*']");
    let app = TestApp::with(engine, &settings).await;
    let since = Instant::now();
    let ada = app.signed_up("ada").await;
    for number in 0..20 {
        renames(&ada, &format!("Ada {number}")).await;
    }
    shop.gets(21).await;
    let leased = "SELECT COUNT(*) FROM webhook_deliveries WHERE leased_until IS NOT NULL";
    counts(&app, leased, 0).await;
    assert!(since.elapsed() >= WEBHOOK_WAITED);
    assert!((1..=4).contains(&dead.got().len()), "only so many at once: {}", dead.got().len());
    let why = "SELECT COUNT(*) FROM webhook_deliveries WHERE failure = 'no answer within 15 seconds'";
    assert!(app.count(why).await > 0);
    // It is spared, and then tried with one message.
    let before = dead.got().len();
    app.pass(Duration::from_secs(60));
    dead.gets(before + 1).await;
    app.quiet().await;
    assert_eq!(dead.got().len(), before + 1);
}

async fn a_site_that_sends_a_gigabyte_is_not_listened_to(engine: Engine) {
    let shop = site(Behaviour::SendsAGigabyte).await;
    let app = TestApp::with(engine, &shop.settings("shop", "['account.created']")).await;
    app.signed_up("ada").await;
    // The head said 200.
    counts(&app, "SELECT COUNT(*) FROM webhook_deliveries", 0).await;
    let sent = *shop.sent.lock().unwrap();
    // Beside what the two systems hold in between.
    assert!(sent < 64 << 20, "{sent}");
    assert_eq!(shop.got().len(), 1);
}

async fn a_site_that_is_gone_is_left_alone(engine: Engine) {
    let shop = site(answers(500)).await;
    let app = TestApp::with(engine, &shop.settings("shop", "['account.*']")).await;
    let ada = app.signed_up("ada").await;
    failed(&app, 1, 1).await;
    renames(&ada, "Ada").await;
    shop.behaves(answers(410));
    app.pass(Duration::from_secs(6));
    counts(&app, ASIDE, 2).await;
    let got = shop.got().len();
    renames(&ada, "Ada L").await;
    app.pass(Duration::from_secs(3_599));
    app.quiet().await;
    assert_eq!((shop.got().len(), app.count(WAITING).await), (got, 1));
    shop.behaves(answers(200));
    app.pass(Duration::from_secs(1));
    counts(&app, WAITING, 0).await;
    assert_eq!(app.count(ASIDE).await, 2);
}

async fn a_site_that_is_left_alone_is_tried_when_the_operator_says_so(engine: Engine) {
    let shop = site(answers(410)).await;
    let app = TestApp::with(engine, &shop.settings("shop", "['account.*']")).await;
    let ada = app.signed_up("ada").await;
    counts(&app, ASIDE, 1).await;
    renames(&ada, "Ada").await;
    shop.behaves(answers(200));
    app.pass(Duration::from_secs(60));
    app.quiet().await;
    assert_eq!((shop.got().len(), app.count(WAITING).await), (1, 1));
    let store = Store::open(app.database().await).await.unwrap();
    let due: Result<u64, StoreError> =
        store.transact(async |tx| webhook_deliveries::retry(tx, None, Millis(app.now())).await).await;
    assert_eq!(due.unwrap(), 2);
    store.close().await;
    counts(&app, WAITING, 0).await;
    assert_eq!((shop.got().len(), app.count(ASIDE).await), (3, 0));
}

async fn a_site_says_when_it_wants_to_be_asked_again(engine: Engine) {
    let shop = site(Behaviour::Answers(429, "Retry-After: 600\r\n")).await;
    let app = TestApp::with(engine, &shop.settings("shop", "['account.*']")).await;
    let ada = app.signed_up("ada").await;
    failed(&app, 1, 1).await;
    renames(&ada, "Ada").await;
    app.pass(Duration::from_secs(599));
    app.quiet().await;
    assert_eq!(shop.got().len(), 1);
    shop.behaves(answers(200));
    app.pass(Duration::from_secs(1));
    counts(&app, WAITING, 0).await;
    assert_eq!(shop.got().len(), 3);
}

async fn what_waits_for_a_webhook_that_is_gone_from_the_settings_is_set_aside(engine: Engine) {
    let shop = site(answers(500)).await;
    let app = TestApp::with(engine, &shop.settings("shop", "['account.created']")).await;
    app.signed_up("ada").await;
    failed(&app, 1, 1).await;
    // It waits for a webhook that this server does not have.
    app.sql("UPDATE webhook_deliveries SET webhook = 'former'").await;
    let _same = app.another_with(&shop.settings("shop", "['*']")).await;
    app.pass(WEBHOOK_GIVE_UP - Duration::from_secs(3_600));
    app.quiet().await;
    assert_eq!((app.count(WAITING).await, shop.got().len()), (1, 1));
    app.pass(Duration::from_secs(3_600));
    // Each server looks at its start, and every hour.
    let _later = app.another_with(&shop.settings("shop", "['*']")).await;
    counts(&app, ASIDE, 1).await;
    let why = "SELECT COUNT(*) FROM webhook_deliveries WHERE failure = 'the settings have no such webhook'";
    assert_eq!(app.count(why).await, 1);
}
