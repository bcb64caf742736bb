//! Deleting one's own account: at once, by asking, and taking it back.

use std::time::Duration;

use serde_json::json;
use store::Engine;

use crate::admin::{act, administrator, number_of, values};
use crate::engines::both_engines;
use crate::support::{Body, PASSWORD, TestApp, Visitor, html, mail, until};
use crate::totp;

both_engines!(
    a_deleted_account_is_found_by_nobody_and_comes_back_by_the_link,
    whoever_signs_in_is_offered_the_account_back,
    the_owner_proves_who_they_are_first,
    where_the_operator_decides_the_operator_is_asked,
    where_owners_delete_nothing_there_is_no_page,
    the_last_administrator_stays,
    whoever_does_not_agree_to_the_terms_can_leave,
    the_operators_deletion_is_not_the_owners_to_take_back,
    an_account_that_was_erased_leaves_nobody_behind,
    where_addresses_are_proven_first_a_deleted_one_looks_like_any_other,
    an_operator_who_restores_what_its_owner_deleted_has_them_told,
);

const DAY: Duration = Duration::from_secs(86_400);
const DELETE: &str = "/user/delete";
const RESTORE: &str = "/user/restore";

/// Deletes the account of `browser` by its form.
async fn deleted(browser: &Visitor) -> String {
    let page = browser.get(DELETE).send().await.text();
    let form = html::form(&page, DELETE);
    let journey = browser.post(DELETE).form(&form.fields()).follow().await;
    journey.went(&[(303, "/user/delete?done=")]);
    journey.answer.text()
}

/// The secret of the `count`th link back that was mailed to `recipient`.
async fn link(app: &TestApp, recipient: &str, count: usize) -> String {
    let letters = app.letters(recipient, "/user/restore?token=", count).await;
    assert_eq!(letters.len(), count);
    mail::token_in(letters.last().unwrap(), RESTORE)
}

async fn a_deleted_account_is_found_by_nobody_and_comes_back_by_the_link(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (ada, other) = (app.signed_up("ada").await, app.signed_in("ada").await);
    let offered = ada.get(DELETE).wants_json().send().await.json();
    assert_eq!(offered, json!({ "mode": "self", "asked_at": null, "grace_days": 14 }));
    let page = ada.get(DELETE).send().await.text();
    for said in ["ada@example.org", "After 14 days", "For 365 days", "for 90 days", "What stays"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(ada.get("/user/security").send().await.text().contains("href=\"/user/delete\""));
    let page = deleted(&ada).await;
    assert!(page.contains("Your account is deleted"), "{page}");
    assert!(!ada.is_signed_in().await && !other.is_signed_in().await);
    // Programs are answered as for an account that is not there.
    let asks = async |path: &str, body: Body| app.visitor().post(path).wants_json().body(body).send().await;
    let credentials = || Body::json(&[("email", "ada@example.org"), ("password", PASSWORD)]);
    let nobody = || Body::json(&[("email", "nobody@example.org"), ("password", PASSWORD)]);
    for path in ["/auth/login", "/api/v1/personal/auth", "/api/user/v1/secret"] {
        let (gone, absent) = (asks(path, credentials()).await, asks(path, nobody()).await);
        assert_eq!((gone.status, gone.text()), (absent.status, absent.text()), "{path}");
    }
    let key = app.key("shop").await;
    let exist =
        app.visitor().post("/admin/api_account/exist").header("authorization", &format!("Bearer {key}"));
    let found = exist.form(&[("email", "ada@example.org")]).send().await.json();
    assert_eq!(found["exists"], false, "{found}");
    // The mail has the way back, which a look does not use up.
    let told = app.letters("ada@example.org", "was deleted, as you asked", 1).await.remove(0);
    assert!(told.contains("It will be erased"), "{told}");
    let token = link(&app, "ada@example.org", 1).await;
    let path = format!("{RESTORE}?token={token}");
    let browser = app.visitor();
    for _ in 0..2 {
        let page = browser.get(&path).send().await.text();
        assert!(page.contains("ada@example.org") && page.contains("Restore my account"), "{page}");
    }
    let offer = browser.get(&path).wants_json().send().await.json();
    assert_eq!(offer["email"], "ada@example.org");
    let form = html::form(&browser.get(&path).send().await.text(), RESTORE);
    for _ in 0..2 {
        // A browser without script sends it twice, and shows the second answer.
        let page = browser.post(RESTORE).form(&form.fields()).send().await.text();
        assert!(page.contains("Your account is there again"), "{page}");
    }
    assert_eq!(browser.get(&path).send().await.status, 410);
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
    app.letters("ada@example.org", "was restored", 1).await;
    for kind in ["deleted", "restored"] {
        let noted = format!("SELECT COUNT(*) FROM audit_events WHERE kind = '{kind}' AND actor = 'owner'");
        assert_eq!(app.count(&noted).await, 1, "{kind}");
    }
}

async fn whoever_signs_in_is_offered_the_account_back(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    deleted(&ada).await;
    // Only the right password is told of it.
    app.visitor().log_in("ada", "another horse entirely").await.problem(401);
    let told = app.visitor().log_in("ada", PASSWORD).await.problem(403);
    assert_eq!(told["code"], "deletion_pending");
    let browser = app.visitor();
    let form = [("email", "ada"), ("password", PASSWORD)];
    let offered = async || {
        let page = browser.post("/user/login").form(&form).follow().await.answer.text();
        assert_eq!(html::headline(&page), Some("Restore your account"), "{page}");
        html::form(&page, RESTORE)
    };
    // Such a page is good for some minutes.
    let late = offered().await;
    app.pass(Duration::from_secs(601));
    assert_eq!(browser.post(RESTORE).form(&late.fields()).send().await.status, 410);
    let page = browser.post(RESTORE).form(&offered().await.fields()).send().await.text();
    assert!(page.contains("Your account is there again"), "{page}");
    // Nobody is signed in by that.
    assert!(!browser.is_signed_in().await);
    assert_eq!(browser.log_in("ada", PASSWORD).await.status, 200);
    // Where a second factor is wanted, the password alone brings nothing back: the mail does.
    totp::set_up(&app, &browser).await;
    deleted(&browser).await;
    let page = app.visitor().post("/user/login").form(&form).send().await.refusal_page(403);
    assert!(html::alert(&page).unwrap().contains("Open the link in our email"), "{page}");
    let token = link(&app, "ada@example.org", 2).await;
    let back = app.visitor().post(RESTORE).wants_json().form(&[("token", &token)]).send().await;
    assert_eq!(back.json(), json!({ "restored": true }));
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.problem(401)["code"], "second_factor_required");
    // Whoever locks a deleted account leaves it as one that is not there.
    app.sql("UPDATE accounts SET deleted_at = 1, deleted_by_owner = TRUE, locked_at = 1").await;
    app.another().await.visitor().log_in("ada", PASSWORD).await.problem(401);
}

async fn the_owner_proves_who_they_are_first(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    app.pass(Duration::from_secs(601));
    let refused = ada.post(DELETE).wants_json().form(&[]).send().await.problem(403);
    assert_eq!(refused["code"], "reauthentication_required");
    let form = html::form(&ada.get(DELETE).send().await.text(), DELETE);
    let page = ada.post(DELETE).form(&form.fields()).send().await.refusal_page(403);
    let form = html::form(&page, "/user/prove").filled("password", PASSWORD);
    let journey = ada.post("/user/prove").form(&form.fields()).follow().await;
    journey.went(&[(308, DELETE), (303, "/user/delete?done=")]);
    assert!(!ada.is_signed_in().await);
    // Another site's page deletes nothing.
    let eve = app.signed_up("eve").await;
    let sent = eve.post(DELETE).header("origin", "https://evil.example").form(&[]).send().await;
    assert_eq!(sent.status, 403);
    assert!(eve.is_signed_in().await);
    app.visitor().post(DELETE).wants_json().form(&[]).send().await.problem(401);
}

async fn where_the_operator_decides_the_operator_is_asked(engine: Engine) {
    let app = TestApp::with(engine, "deletion.mode = 'ask'").await;
    let root = administrator(&app, "grace").await;
    let ada = app.signed_up("ada").await;
    let id = number_of(&app, "ada").await;
    let form = html::form(&ada.get(DELETE).send().await.text(), DELETE);
    let asked = async || ada.post(DELETE).form(&form.fields()).follow().await.answer.text();
    assert!(asked().await.contains("You asked to have your account deleted."));
    assert!(ada.is_signed_in().await);
    // Its owner takes that back.
    let cancel = html::form(&ada.get(DELETE).send().await.text(), "/user/delete/cancel");
    ada.post("/user/delete/cancel").form(&cancel.fields()).follow().await.went(&[(303, DELETE)]);
    assert_eq!(values(&root, "/admin/accounts?leaving=1").await["accounts"], json!([]));
    assert!(asked().await.contains("You asked"));
    let listed = values(&root, "/admin/accounts?leaving=1").await;
    assert_eq!(
        (&listed["accounts"][0]["id"], &listed["accounts"][0]["state"]),
        (&json!(id), &json!("leaving"))
    );
    // The operator declines, and is asked again.
    assert_eq!(act(&root, id, "decline-deletion", &[("reason", "owes us")]).await.0, 303);
    let told = app.letters("ada@example.org", "decided to keep it", 1).await.remove(0);
    assert!(!told.contains("owes us"), "a reason is the operator's to know");
    assert!(!ada.get(DELETE).send().await.text().contains("You asked"));
    assert_eq!(
        ada.post(DELETE).wants_json().form(&[]).send().await.json(),
        json!({ "deleted": false, "asked": true })
    );
    assert_eq!(act(&root, id, "delete", &[("reason", "asked for it")]).await.0, 303);
    assert!(!ada.is_signed_in().await);
    // It was the owner's wish, so the owner can take it back.
    let token = link(&app, "ada@example.org", 1).await;
    let back = app.visitor().post(RESTORE).wants_json().form(&[("token", &token)]).send().await;
    assert_eq!(back.json(), json!({ "restored": true }));
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
}

async fn where_owners_delete_nothing_there_is_no_page(engine: Engine) {
    let app = TestApp::with(engine, "deletion.mode = 'off'").await;
    let ada = app.signed_up("ada").await;
    assert_eq!(ada.get(DELETE).send().await.status, 404);
    ada.post(DELETE).wants_json().form(&[]).send().await.problem(404);
    assert!(!ada.get("/user/security").send().await.text().contains(DELETE));
    assert!(ada.is_signed_in().await);
}

async fn the_last_administrator_stays(engine: Engine) {
    let app = TestApp::new(engine).await;
    let grace = administrator(&app, "grace").await;
    let refused = grace.post(DELETE).wants_json().form(&[]).send().await.problem(422);
    assert_eq!(refused["codes"]["role_id"][0], "administrator_last", "{refused}");
    let form = html::form(&grace.get(DELETE).send().await.text(), DELETE);
    let page = grace.post(DELETE).form(&form.fields()).send().await.refusal_page(422);
    assert!(html::alert(&page).unwrap().contains("only administrator"), "{page}");
    let other = administrator(&app, "ada").await;
    assert!(deleted(&grace).await.contains("is deleted"));
    other.post(DELETE).wants_json().form(&[]).send().await.problem(422);
}

async fn whoever_does_not_agree_to_the_terms_can_leave(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let stricter = app.another_with("terms.url = '/terms'\nterms.version = '2'").await;
    let ada = stricter.signed_in("ada").await;
    ada.get("/user/profil").wants_json().send().await.problem(403);
    assert_eq!(ada.get(DELETE).send().await.status, 200);
    stricter.pass(Duration::from_secs(601));
    let form = html::form(&ada.get(DELETE).send().await.text(), DELETE);
    let page = ada.post(DELETE).form(&form.fields()).send().await.refusal_page(403);
    let form = html::form(&page, "/user/prove").filled("password", PASSWORD);
    let journey = ada.post("/user/prove").form(&form.fields()).follow().await;
    journey.went(&[(308, DELETE), (303, "/user/delete?done=")]);
}

async fn the_operators_deletion_is_not_the_owners_to_take_back(engine: Engine) {
    let app = TestApp::new(engine).await;
    let root = administrator(&app, "grace").await;
    app.signed_up("ada").await;
    let id = number_of(&app, "ada").await;
    assert_eq!(act(&root, id, "delete", &[("reason", "spam")]).await.0, 303);
    app.visitor().log_in("ada", PASSWORD).await.problem(401);
    let form = [("email", "ada"), ("password", PASSWORD)];
    app.visitor().post("/user/login").form(&form).send().await.refusal_page(401);
    app.quiet().await;
    assert!(app.mails("ada@example.org").iter().all(|mail| !mail::read(mail).contains(RESTORE)));
}

/// The tables that still have `words` in one of their columns.
async fn traces(engine: Engine, app: &TestApp, words: &[&str]) -> Vec<String> {
    let store = store::Store::open(app.database().await).await.unwrap();
    let tables = store::erasure::tables(&mut store.read().await.unwrap()).await.unwrap();
    store.close().await;
    let mut found = Vec::new();
    for table in tables {
        for word in words {
            // Every column as text, on either engine.
            let row = match engine {
                Engine::Postgres => {
                    format!("SELECT COUNT(*) FROM {table} AS t WHERE t::text ILIKE '%{word}%'")
                }
                Engine::Sqlite => {
                    let columns = columns_of(app, &table).await;
                    let any: Vec<String> = columns
                        .iter()
                        .map(|column| format!("CAST({column} AS TEXT) LIKE '%{word}%'"))
                        .collect();
                    format!("SELECT COUNT(*) FROM {table} WHERE {}", any.join(" OR "))
                }
            };
            if app.count(&row).await > 0 {
                found.push(format!("{table}: {word}"));
            }
        }
    }
    found
}

async fn columns_of(app: &TestApp, table: &str) -> Vec<String> {
    let store::DbPool::Sqlite(pool) = app.database().await else { return Vec::new() };
    let sql = sqlx::AssertSqlSafe(format!("SELECT name FROM pragma_table_info('{table}')"));
    sqlx::query_scalar(sql).fetch_all(&pool).await.unwrap()
}

async fn an_account_that_was_erased_leaves_nobody_behind(engine: Engine) {
    let app = TestApp::with(engine, "username.change_days = 0").await;
    let lovelace = app.signed_up("lovelace").await;
    // It leaves rows in as many tables as an account does.
    totp::set_up(&app, &lovelace).await;
    let rename = lovelace.post("/user/modify/username").wants_json().form(&[("username", "augusta")]);
    assert_eq!(rename.send().await.status, 200);
    let profile = [("name", "Ada Lovelace"), ("firstname", "Augusta"), ("lastname", "King")];
    lovelace.post("/user/modify/profile").wants_json().form(&profile).send().await;
    let change = [("email", "augusta-lovelace@example.org"), ("apassword", PASSWORD)];
    lovelace.post("/user/modify/email").wants_json().form(&change).send().await;
    let app_password = [("name", "Lovelace phone"), ("dialect", "mirror")];
    lovelace.post("/user/security/app-passwords").wants_json().form(&app_password).send().await;
    app.visitor().log_in("augusta", "another horse entirely").await;
    app.visitor().post("/user/forgot").form(&[("email", "lovelace@example.org")]).send().await;
    until(Duration::from_secs(20), || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
    deleted(&lovelace).await;
    until(Duration::from_secs(20), || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
    let words = ["lovelace", "augusta", "127.0.0"];
    assert!(traces(engine, &app, &words[..2]).await.len() > 3);
    app.pass(DAY * 14 + Duration::from_secs(1));
    // Each server looks at its start.
    let _another = app.another().await;
    app.letters("lovelace@example.org", "everything in it was erased", 1).await;
    until(Duration::from_secs(20), || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
    let mut left = traces(engine, &app, &words).await;
    // Its names are nobody's yet; a mailbox is known for the hour in which its messages are counted.
    left.retain(|trace| !trace.starts_with("former_usernames") && !trace.starts_with("mailbox_uses"));
    assert_eq!(left, [""; 0]);
    assert!(app.count("SELECT COUNT(*) FROM audit_events WHERE account_id = 1").await > 5);
    assert_eq!(
        app.count("SELECT COUNT(*) FROM former_usernames WHERE account_id IS NOT NULL OR username <> ''")
            .await,
        0
    );
    for (name, status) in [("lovelace", 422), ("augusta", 422), ("ada", 201)] {
        let form = [("email", "eve@example.org"), ("username", name), ("password", PASSWORD)];
        let made = app.visitor().post("/user/create").wants_json().form(&form).send().await;
        assert_eq!(made.status, status, "{name}: {}", made.text());
    }
    // After their time they are anybody's.
    app.pass(DAY * 90);
    let _another = app.another().await;
    until(Duration::from_secs(10), || async {
        app.count("SELECT COUNT(*) FROM former_usernames").await == 0
    })
    .await;
}

async fn where_addresses_are_proven_first_a_deleted_one_looks_like_any_other(engine: Engine) {
    let app = TestApp::with(engine, "registration.verify = 'required'").await;
    for name in ["ada", "bob"] {
        let form = [("email", &*format!("{name}@example.org")), ("username", name), ("password", PASSWORD)];
        assert_eq!(app.visitor().post("/user/create").wants_json().form(&form).send().await.status, 201);
        app.prove(&format!("{name}@example.org")).await;
    }
    deleted(&app.signed_in("ada").await).await;
    // A stranger registers each address with a password of their own, and signs in with that.
    let other = "another horse entirely";
    let mut answers = Vec::new();
    for name in ["ada", "bob", "nobody"] {
        let email = format!("{name}@example.org");
        let form = [("email", &*email), ("password", other)];
        let made = app.visitor().post("/user/create").wants_json().form(&form).send().await;
        let mut said = vec![made.status];
        for path in ["/user/login", "/auth/login", "/api/user/v1/secret", "/api/v1/personal/auth"] {
            let body = Body::json(&[("email", &email), ("password", other)]);
            let answer = app.visitor().post(path).wants_json().body(body).send().await;
            said.push(answer.status);
        }
        answers.push(said);
    }
    assert!(answers.iter().all(|said| *said == answers[0]), "{answers:?}");
}

async fn an_operator_who_restores_what_its_owner_deleted_has_them_told(engine: Engine) {
    let app = TestApp::new(engine).await;
    let root = administrator(&app, "grace").await;
    let ada = app.signed_up("ada").await;
    let id = number_of(&app, "ada").await;
    deleted(&ada).await;
    assert_eq!(act(&root, id, "restore", &[("reason", "asked for it")]).await.0, 303);
    app.letters("ada@example.org", "was restored", 1).await;
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
}
