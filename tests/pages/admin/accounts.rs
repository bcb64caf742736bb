//! Finding accounts, and one account.

use std::time::Duration;

use store::Engine;

use super::{administrator, number_of, page, values};
use crate::engines::both_engines;
use crate::support::{TestApp, Visitor, html, until};

both_engines!(
    accounts_are_found_by_beginnings_and_by_number,
    what_is_typed_is_never_a_pattern,
    lists_go_on_from_page_to_page,
    an_account_is_shown_with_its_log_mail_and_openings,
    what_became_of_mail_is_shown_when_it_was_not_sent,
);

async fn emails(visitor: &Visitor, q: &str) -> Vec<String> {
    let found = values(visitor, &format!("/admin/accounts?q={q}")).await;
    let rows = found["accounts"].as_array().unwrap();
    rows.iter().map(|row| row["email"].as_str().unwrap().to_owned()).collect()
}

async fn accounts_are_found_by_beginnings_and_by_number(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = administrator(&app, "ada").await;
    app.signed_up("eve").await;
    app.sql("UPDATE accounts SET name = 'Évelyne Ödön', name_key = 'évelyne ödön' WHERE email_key = 'eve@example.org'")
        .await;
    let eve = number_of(&app, "eve").await;
    assert_eq!(emails(&ada, "").await, ["eve@example.org", "ada@example.org"]);
    assert_eq!(emails(&ada, "EVE%40ex").await, ["eve@example.org"]);
    assert_eq!(emails(&ada, "%C3%89VELYNE").await, ["eve@example.org"]);
    assert_eq!(emails(&ada, &eve.to_string()).await, ["eve@example.org"]);
    assert_eq!(emails(&ada, "zoe").await, Vec::<String>::new());
    let shown = page(&ada, "/admin/accounts?q=zoe").await;
    assert!(shown.contains("No account fits") && html::value(&shown, "q") == "zoe", "{shown}");
}

async fn what_is_typed_is_never_a_pattern(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = administrator(&app, "ada").await;
    for q in ["%25", "_", "%27%20OR%201%3D1--", "%22", "a%25", "%00", "%EF%BF%BF", "\\", "*"] {
        assert_eq!(emails(&ada, q).await, Vec::<String>::new(), "{q}");
    }
    let lengthy = "a".repeat(6_000);
    assert_eq!(emails(&ada, &lengthy).await, Vec::<String>::new());
    for after in ["", "x", "email.", "email.x", "name.99999999999999999999", "email.-1"] {
        assert_eq!(ada.get(&format!("/admin/accounts?after={after}")).send().await.status, 200, "{after}");
    }
}

async fn lists_go_on_from_page_to_page(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = administrator(&app, "ada").await;
    let people: Vec<String> = (0..120).map(|n| format!("guest{n:03}@example.org")).collect();
    let invited = [("addresses", &*people.join("\n")), ("role_id", "1")];
    let answer = ada.post("/admin/invitations").wants_json().form(&invited).send().await;
    assert_eq!(answer.json()["invited"].as_array().unwrap().len(), 120);
    for (list, rows, key, expected) in [
        ("/admin/accounts", "accounts", "email", 121),
        ("/admin/accounts?q=guest", "accounts", "email", 120),
        ("/admin/invitations", "accounts", "email", 120),
    ] {
        let (mut path, mut seen) = (list.to_owned(), Vec::new());
        loop {
            let found = values(&ada, &path).await;
            let part = found[rows].as_array().unwrap();
            assert!(part.len() <= 50, "{path}");
            seen.extend(part.iter().map(|row| row[key].as_str().unwrap().to_owned()));
            let next = found["next"].as_str().unwrap();
            if next.is_empty() {
                break;
            }
            path = format!("{}{next}", list.split('?').next().unwrap());
        }
        let unique: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!((seen.len(), unique.len()), (expected, expected), "{list}");
    }
}

async fn an_account_is_shown_with_its_log_mail_and_openings(engine: Engine) {
    let app = TestApp::with(engine, "[fields.city]\nlabel = { en = \"City\" }").await;
    let ada = administrator(&app, "ada").await;
    let eve = app.signed_up("eve").await;
    let changed = eve.post("/user/modify/username").wants_json().form(&[("username", "snake")]).send().await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    app.mailed("eve@example.org", 1).await;
    let id = number_of(&app, "eve").await;
    // The row of a sent message is written after the mail server has it.
    until(Duration::from_secs(10), || async { app.count("SELECT COUNT(*) FROM mail_log").await > 0 }).await;
    let shown = values(&ada, &format!("/admin/accounts/{id}")).await;
    assert_eq!(shown["account"]["username"], "snake");
    assert_eq!(shown["mails"][0]["state"], "sent", "{shown}");
    assert_eq!(shown["mails"][0]["recipient"], "eve@example.org");
    let kinds: Vec<&str> =
        shown["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["username_changed", "signed_in", "created"]);
    let opened = shown["openings"].as_array().unwrap();
    assert!(opened.iter().any(|opening| opening["kind"] == "session"), "{shown}");
    let html = page(&ada, &format!("/admin/accounts/{id}")).await;
    assert!(html.contains("snake") && html.contains("Mail of the last 30 days"), "{html}");
    // Nothing that opens the account is on the page.
    for secret in ["argon2", "password_hash"] {
        assert!(!html.contains(secret) && !shown.to_string().contains(secret));
    }
    app.pass(Duration::from_secs(31 * 86_400));
    for path in ["/admin/accounts/0", "/admin/accounts/x", "/admin/accounts/99999999999999999999"] {
        assert_ne!(ada.get(path).send().await.status, 500);
    }
}

async fn what_became_of_mail_is_shown_when_it_was_not_sent(engine: Engine) {
    let app = TestApp::with(engine, "rate_limits = 'on'\nmail.hourly = 3").await;
    let ada = administrator(&app, "ada").await;
    app.signed_up("eve").await;
    let id = number_of(&app, "eve").await;
    let states = async || {
        let shown = values(&ada, &format!("/admin/accounts/{id}")).await;
        let mails = shown["mails"].as_array().unwrap().clone();
        mails.iter().map(|mail| mail["state"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for _ in 0..6 {
        let path = format!("/admin/accounts/{id}/reset-link");
        assert_eq!(ada.post(&path).wants_json().send().await.status, 200);
        app.quiet().await;
    }
    until(Duration::from_secs(10), || async { states().await.iter().any(|state| state == "held_back") })
        .await;
    // What was set aside is known after its link is void.
    app.sql(&format!(
        "INSERT INTO outbox (kind, account_id, recipient, created_at, due_at, failed_at, failure, attempts) \
         VALUES ('recovery', {id}, 'eve@example.org', 1, 1, {}, '550 no such user', 3)",
        app.now()
    ))
    .await;
    let path = format!("/admin/accounts/{id}/end-sessions");
    assert_eq!(ada.post(&path).wants_json().send().await.status, 200);
    assert!(states().await.contains(&"withdrawn".to_owned()), "{:?}", states().await);
    assert!(page(&ada, &format!("/admin/accounts/{id}")).await.contains("550 no such user"));
    // A notice has no link that could be void. It stays in the outbox, and is listed once.
    app.sql(&format!(
        "INSERT INTO outbox (kind, account_id, recipient, created_at, due_at, failed_at, failure, attempts) \
         VALUES ('username_changed', {id}, 'eve@example.org', 1, 1, {}, '550 no such user', 3)",
        app.now()
    ))
    .await;
    assert_eq!(ada.post(&path).wants_json().send().await.status, 200);
    let notices = "FROM mail_log WHERE kind = 'username_changed'";
    assert_eq!(app.count(&format!("SELECT COUNT(*) {notices}")).await, 0);
    assert_eq!(states().await.iter().filter(|state| *state == "failed").count(), 1);
}
