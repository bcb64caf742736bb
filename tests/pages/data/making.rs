//! Files that are made in the background: by whom, and what becomes of those that are not.

use std::fs;
use std::time::Duration;

use store::Engine;

use super::{DATA, FILE, ask, on_disk, prove, state, swept, unpacked, until_it_is};
use crate::engines::both_engines;
use crate::support::TestApp;

both_engines!(
    what_a_killed_process_was_making_is_made_again,
    what_kills_whoever_makes_it_is_given_up,
    one_that_could_not_be_made_is_seen_and_asked_for_again,
    of_many_wishes_at_once_one_is_taken,
    what_is_long_is_whole,
    nothing_is_made_for_an_account_that_is_barred,
);

/// What stands there while a process makes one for the first account, for twenty seconds more.
async fn being_made(app: &TestApp, attempts: i64) {
    let now = app.now();
    let folder = app.scratch().folder().join("data/exports");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("killed.part"), "half of it").unwrap();
    let until = now + 20_000;
    app.sql(&format!(
        "INSERT INTO data_exports (account_id, asked_at, due_at, attempts, file) \
         VALUES (1, {now}, {until}, {attempts}, 'killed')"
    ))
    .await;
}

async fn what_a_killed_process_was_making_is_made_again(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    being_made(&app, 1).await;
    assert_eq!(state(&ada).await["state"], "making");
    ada.get(FILE).wants_json().send().await.problem(404);
    app.pass(Duration::from_secs(20));
    until_it_is(&ada, "ready").await;
    let files = unpacked(&ada.get(FILE).send().await.content);
    assert!(files.contains_key("index.html") && files.contains_key("account.json"));
    assert_eq!(on_disk(&app).len(), 2);
    swept(&app, 1).await;
    assert!(on_disk(&app)[0].ends_with(".zip"));
}

async fn what_kills_whoever_makes_it_is_given_up(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    being_made(&app, 5).await;
    app.pass(Duration::from_secs(20));
    until_it_is(&ada, "failed").await;
}

async fn one_that_could_not_be_made_is_seen_and_asked_for_again(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    // A file where the folder should be.
    let folder = app.scratch().folder().join("data/exports");
    fs::write(&folder, "in the way").unwrap();
    assert_eq!(ask(&ada).await.status, 202);
    let waiting = "SELECT COUNT(*) FROM data_exports WHERE due_at > ";
    for tried in 1..5 {
        let wanted = format!("{waiting}{} AND file IS NOT NULL AND attempts = {tried}", app.now() + 20_000);
        // The first is put off for ten seconds only, so the lease is looked at instead.
        let wanted = if tried == 1 {
            format!("{waiting}{} AND due_at < {} AND attempts = 1", app.now(), app.now() + 20_000)
        } else {
            wanted
        };
        crate::support::until(Duration::from_secs(60), || async { app.count(&wanted).await == 1 }).await;
        app.pass(Duration::from_secs(45 * 60));
    }
    until_it_is(&ada, "failed").await;
    let page = ada.get(DATA).send().await.text();
    assert!(page.contains("couldn’t be put together"), "{page}");
    fs::remove_file(&folder).unwrap();
    // At once, and not a day later.
    prove(&ada).await;
    assert_eq!(ask(&ada).await.status, 202);
    until_it_is(&ada, "ready").await;
    // One that was lost with its disk is as one that failed.
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(state(&ada).await["state"], "failed");
    ada.get(FILE).wants_json().send().await.problem(404);
    assert_eq!(ask(&ada).await.status, 202);
    until_it_is(&ada, "ready").await;
}

async fn of_many_wishes_at_once_one_is_taken(engine: Engine) {
    let app = TestApp::new(engine).await;
    let other = app.another().await;
    let ada = app.signed_up("ada").await;
    let there = other.visitor();
    there.set_cookie("vestibule", &ada.cookie("vestibule").unwrap());
    let mut wishes = rocket::tokio::task::JoinSet::new();
    for at in 0..10 {
        let visitor = if at % 2 == 0 { ada.clone() } else { there.clone() };
        wishes.spawn(async move { ask(&visitor).await.status });
    }
    let mut answers = wishes.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [[202].as_slice(), &[429; 9]].concat());
    until_it_is(&ada, "ready").await;
    assert_eq!(app.mailed("ada@example.org", 1).await.len(), 1);
    assert_eq!(on_disk(&app).len(), 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM audit_events WHERE kind = 'data_asked'").await, 1);
}

async fn what_is_long_is_whole(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let now = app.now();
    for part in 0..13 {
        let row = |at: i64| format!("(1, 'signed_in', 'owner', 'pages', {})", now - part * 200 - at);
        let rows: Vec<String> = (0..200).map(row).collect();
        let insert = "INSERT INTO audit_events (account_id, kind, actor, detail, at) VALUES";
        app.sql(&format!("{insert} {}", rows.join(", "))).await;
        let row = |at: i64| {
            let id = 1_000 + part * 200 + at;
            format!("({id}, 1, 'new_device', 'ada@example.org', 1, {now}, 'sent', {now})")
        };
        let rows: Vec<String> = (0..200).map(row).collect();
        let insert = "INSERT INTO mail_log (id, account_id, kind, recipient, attempts, created_at, outcome, at) VALUES";
        app.sql(&format!("{insert} {}", rows.join(", "))).await;
    }
    // That such a message went would tell that nobody has the address that was asked for.
    app.sql(&format!(
        "INSERT INTO mail_log (id, account_id, kind, recipient, attempts, created_at, outcome, at) \
         VALUES (9000, 1, 'address_change', 'free@example.org', 1, {now}, 'sent', {now})"
    ))
    .await;
    let files = unpacked(&super::fetched(&ada).await.content);
    let length = |name: &str| {
        let list: serde_json::Value = serde_json::from_slice(&files[name]).unwrap();
        list.as_array().unwrap().len()
    };
    assert!(length("log.json") >= 2_600, "{}", length("log.json"));
    assert_eq!(length("mails.json"), 2_600);
    let page = String::from_utf8(files["index.html"].clone()).unwrap();
    assert!(page.contains("1,600 older entries") && page.matches("<tr>").count() < 2_200, "{}", page.len());
}

async fn nothing_is_made_for_an_account_that_is_barred(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    app.sql("UPDATE accounts SET locked_at = 1").await;
    being_made(&app, 1).await;
    app.pass(Duration::from_secs(20));
    let gone = || async { app.count("SELECT COUNT(*) FROM data_exports").await == 0 };
    crate::support::until(Duration::from_secs(60), gone).await;
    swept(&app, 0).await;
    assert!(app.mails("ada@example.org").is_empty());
}
