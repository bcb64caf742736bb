//! `/user/data`: a file with what the account has, for its owner to take along.

mod contents;
mod making;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read as _};
use std::time::Duration;

use serde_json::Value;
use store::Engine;

use crate::engines::both_engines;
use crate::security_log;
use crate::support::{Answer, PASSWORD, TestApp, Visitor, html, mail, until};

both_engines!(
    asking_wants_a_proof_and_goes_on_after_it,
    a_message_without_a_secret_says_that_it_is_there,
    only_its_owner_fetches_it_and_only_after_a_proof,
    another_one_is_asked_for_a_day_later_and_takes_its_place,
    it_is_kept_for_seven_days,
    whoever_was_not_me_has_nothing_to_fetch,
    a_program_reads_and_asks_in_json,
    another_sites_page_asks_for_nothing,
    the_page_is_in_its_readers_language,
);

const DATA: &str = "/user/data";
const FILE: &str = "/user/data/file";
const PROVE: &str = "/user/prove";
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

async fn prove(visitor: &Visitor) {
    let answer = visitor.post(PROVE).wants_json().form(&[("password", PASSWORD)]).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

async fn ask(visitor: &Visitor) -> Answer {
    visitor.post(DATA).wants_json().send().await
}

async fn state(visitor: &Visitor) -> Value {
    visitor.get(DATA).wants_json().send().await.json()
}

async fn until_it_is(visitor: &Visitor, wanted: &str) {
    until(Duration::from_secs(60), || async { state(visitor).await["state"] == wanted }).await;
}

/// Asks, waits, and fetches it.
async fn fetched(visitor: &Visitor) -> Answer {
    assert_eq!(ask(visitor).await.status, 202);
    until_it_is(visitor, "ready").await;
    let answer = visitor.get(FILE).send().await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.content));
    answer
}

/// The files in it.
fn unpacked(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        let name = file.name().unwrap().into_owned();
        files.insert(name, content);
    }
    files
}

/// What is in the folder of the files.
fn on_disk(app: &TestApp) -> Vec<String> {
    let Ok(folder) = fs::read_dir(app.scratch().folder().join("data/exports")) else { return Vec::new() };
    let mut names: Vec<_> = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Starts another instance, which sweeps, and waits until so many files are left.
async fn swept(app: &TestApp, left: usize) -> TestApp {
    let other = app.another().await;
    until(Duration::from_secs(60), || async { on_disk(app).len() == left }).await;
    other
}

async fn asking_wants_a_proof_and_goes_on_after_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.pass(HOUR);
    ada.post(DATA).wants_json().send().await.problem(403);
    let page = ada.get("/user/security").send().await.text();
    assert!(page.contains("href=\"/user/data\""), "{page}");
    let page = ada.get(DATA).send().await.text();
    assert_eq!(html::headline(&page), Some("Your data"));
    let form = html::form(&page, DATA);
    let page = ada.post(DATA).form(&form.fields()).send().await.refusal_page(403);
    let form = html::form(&page, PROVE).filled("password", PASSWORD);
    let journey = ada.post(PROVE).form(&form.fields()).follow().await;
    journey.went(&[(308, DATA), (303, DATA)]);
    assert_eq!(html::notice(&journey.answer.text()), Some("We’ve got your request."));
    until_it_is(&ada, "ready").await;
    let page = ada.get(DATA).send().await.text();
    assert!(page.contains("href=\"/user/data/file\"") && page.contains("KB"), "{page}");
    assert!(!html::forms(&page).iter().any(|form| form.action == DATA), "once a day: {page}");
    let kinds = security_log::events(&ada).await;
    assert!(security_log::kinds(&kinds).contains(&"data_asked"), "{kinds:?}");
    assert!(!security_log::kinds(&kinds).contains(&"data_downloaded"), "{kinds:?}");
}

async fn a_message_without_a_secret_says_that_it_is_there(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    assert_eq!(ask(&ada).await.status, 202);
    let read = app.letters("ada@example.org", DATA, 1).await.remove(0);
    assert!(read.lines().any(|line| line == app.url(DATA)), "{read}");
    assert!(!read.contains("token="), "{read}");
    // Its address alone opens nothing.
    app.visitor().get(DATA).follow().await.went(&[(303, "/user/login?next=/user/data")]);
    // An address that nobody has proven gets none: its owner may not be who made the account.
    let bob = app.signed_up("bob").await;
    app.sql("UPDATE accounts SET verified_at = NULL WHERE username = 'bob'").await;
    bob.post("/user/modify/profile").wants_json().form(&[("name", "Bob")]).send().await;
    let page = bob.get(DATA).send().await.text();
    fetched(&bob).await;
    let page = format!("{page}{}", bob.get(DATA).send().await.text());
    assert!(!page.contains("email you when"), "{page}");
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox WHERE kind = 'data_ready'").await, 0);
    assert!(app.mails("bob@example.org").is_empty());
}

async fn only_its_owner_fetches_it_and_only_after_a_proof(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (ada, eve) = (app.signed_up("ada").await, app.signed_up("eve").await);
    ada.get(FILE).send().await.refusal_page(404);
    let answer = fetched(&ada).await;
    for (name, value) in [
        ("content-type", "application/zip"),
        ("content-disposition", "attachment; filename=\"my-data-2026-01-01.zip\""),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert_eq!(answer.header("content-length"), Some(&*answer.content.len().to_string()));
    let downloads = "SELECT COUNT(*) FROM audit_events WHERE kind = 'data_downloaded'";
    assert_eq!(app.count(downloads).await, 1);
    // Whoever only looks has taken nothing along.
    let head = ada.ask("HEAD", FILE).send().await;
    assert_eq!((head.status, head.content.len()), (200, 0));
    assert_eq!(head.header("content-length"), answer.header("content-length"));
    assert_eq!(app.count(downloads).await, 1);

    eve.get(FILE).wants_json().send().await.problem(404);
    eve.get(FILE).send().await.refusal_page(404);
    assert_eq!(state(&eve).await["state"], "none");
    app.visitor().get(FILE).wants_json().send().await.problem(401);
    app.visitor().get(FILE).follow().await.went(&[(303, "/user/login?next=/user/data")]);

    // Whoever finds an open browser.
    app.pass(HOUR);
    ada.get(FILE).wants_json().send().await.problem(403);
    assert_eq!(ada.ask("HEAD", FILE).send().await.status, 303);
    let journey = ada.get(FILE).follow().await;
    journey.went(&[(303, "/user/prove?next=/user/data")]);
    let form = html::form(&journey.answer.text(), PROVE).filled("password", PASSWORD);
    ada.post(PROVE).form(&form.fields()).follow().await.went(&[(303, DATA)]);
    assert_eq!(ada.get(FILE).send().await.content, answer.content);
    assert_eq!(app.count(downloads).await, 2);
    // On another instance, which shares the folder.
    let other = app.another().await;
    let there = other.visitor();
    there.set_cookie("vestibule", &ada.cookie("vestibule").unwrap());
    assert_eq!(there.get(FILE).send().await.content, answer.content);
}

async fn another_one_is_asked_for_a_day_later_and_takes_its_place(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let first = fetched(&ada).await;
    let names = on_disk(&app);
    assert_eq!(names.len(), 1, "{names:?}");
    app.pass(Duration::from_secs(86_399));
    prove(&ada).await;
    let answer = ask(&ada).await;
    let problem = answer.problem(429);
    assert_eq!(
        (&problem["code"], &problem["again_at"]),
        (&"throttled".into(), &"2026-01-02T00:00:00Z".into())
    );
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(state(&ada).await["again_at"], "2026-01-02T00:00:00Z");
    let page = ada.post(DATA).send().await.refusal_page(429);
    assert!(html::alert(&page).unwrap().contains("24 hours"), "{page}");
    app.pass(Duration::from_secs(1));
    assert_eq!(state(&ada).await["again_at"], Value::Null);
    let page = ada.get(DATA).send().await.text();
    let form = html::form(&page, DATA);
    let journey = ada.post(DATA).form(&form.fields()).follow().await;
    journey.went(&[(303, DATA)]);
    until_it_is(&ada, "ready").await;
    let second = ada.get(FILE).send().await;
    assert_eq!(second.status, 200);
    assert_ne!(first.content, second.content);
    swept(&app, 1).await;
    assert_ne!(on_disk(&app), names);
    assert_eq!(ada.get(FILE).send().await.content, second.content);
}

async fn it_is_kept_for_seven_days(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    fetched(&ada).await;
    assert_eq!(state(&ada).await["until"], "2026-01-08T00:00:00Z");
    app.pass(7 * DAY - Duration::from_secs(1));
    prove(&ada).await;
    assert_eq!(ada.get(FILE).send().await.status, 200);
    app.pass(Duration::from_secs(1));
    ada.get(FILE).wants_json().send().await.problem(404);
    assert_eq!(state(&ada).await["state"], "none");
    assert_eq!(on_disk(&app).len(), 1);
    app.pass(Duration::from_secs(1));
    swept(&app, 0).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM data_exports").await, 0);
    // An account that goes takes it along.
    prove(&ada).await;
    fetched(&ada).await;
    app.sql("DELETE FROM accounts").await;
    swept(&app, 0).await;
}

async fn whoever_was_not_me_has_nothing_to_fetch(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.pass(HOUR);
    // Somebody who has the password.
    let thief = app.signed_in("ada").await;
    let event = security_log::number(&ada, "signed_in").await;
    assert_eq!(ask(&thief).await.status, 202);
    until_it_is(&thief, "ready").await;
    prove(&ada).await;
    let denied = ada.post("/user/security/log/deny").wants_json().form(&[("event", &event)]).send().await;
    assert_eq!(denied.status, 200, "{}", denied.text());
    thief.get(FILE).wants_json().send().await.problem(401);
    assert_eq!(app.count("SELECT COUNT(*) FROM data_exports").await, 0);
    swept(&app, 0).await;
}

async fn a_program_reads_and_asks_in_json(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.visitor().get(DATA).wants_json().send().await.problem(401);
    app.visitor().post(DATA).wants_json().send().await.problem(401);
    let nothing = serde_json::json!({
        "state": "none", "asked_at": null, "file": null, "bytes": null, "until": null, "again_at": null,
    });
    assert_eq!(state(&ada).await, nothing);
    let length = fetched(&ada).await.content.len();
    let ready = serde_json::json!({
        "state": "ready", "asked_at": "2026-01-01T00:00:00Z", "file": FILE, "bytes": length,
        "until": "2026-01-08T00:00:00Z", "again_at": "2026-01-02T00:00:00Z",
    });
    assert_eq!(state(&ada).await, ready);
}

async fn another_sites_page_asks_for_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let forged = ada.post(DATA).header("sec-fetch-site", "cross-site").send().await;
    assert_eq!(forged.status, 403);
    assert_eq!(state(&ada).await["state"], "none");
}

async fn the_page_is_in_its_readers_language(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let page = ada.get(DATA).header("accept-language", "fr").send().await.text();
    assert_eq!((html::language(&page), html::headline(&page)), (Some("fr"), Some("Vos données")));
    ada.post("/user/modify/profile").wants_json().form(&[("locale", "fr")]).send().await;
    let files = unpacked(&fetched(&ada).await.content);
    let page = String::from_utf8(files["index.html"].clone()).unwrap();
    assert_eq!(html::language(&page), Some("fr"));
    assert!(page.contains("Journal de sécurité") && page.contains("1er janvier 2026"), "{page}");
    let mails = app.mailed("ada@example.org", 1).await;
    assert_eq!(mail::language(mails.last().unwrap()), "fr");
    let page = ada.get(DATA).send().await.text();
    assert!(page.contains("Télécharger le fichier ZIP"), "{page}");
}
