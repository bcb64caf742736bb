//! Accounts that an operator deletes and restores, and what becomes of their rows.

use std::time::Duration;

use store::Engine;

use super::{ADA, DAY, PATIENCE, done, json_of, json_of_lines, refused};
use crate::engines::both_engines;
use crate::parity::server::Door::Siberian;
use crate::parity::server::{DOORS, TestServer, succeeded};
use crate::support::{PASSWORD, TestApp, mail, until};

both_engines![
    a_deleted_account_is_there_for_nobody_until_it_is_restored,
    the_rows_of_a_deleted_account_go_when_its_time_is_over,
];

async fn a_deleted_account_is_there_for_nobody_until_it_is_restored(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    let app = &server.app;
    let ada = app.signed_up("ada").await;
    assert!(succeeded(Siberian, &server.trusted("exist").form(&[("email", ADA)]).send().await));
    let said = done(app, &["account", "delete", "ada", "--reason", "asked for it"]);
    assert!(said.contains("restored for 14 days"), "{said}");
    until(Duration::from_secs(2), async || !ada.is_signed_in().await).await;
    // As an account that is not there, at every door.
    for door in DOORS {
        let [gone, never] = [ADA, "never@example.org"].map(|email| server.login(door, email, PASSWORD));
        let (gone, never) = (gone.send().await, never.send().await);
        assert_eq!((gone.status, gone.text()), (never.status, never.text()), "{door:?}");
    }
    let exists = server.trusted("exist").form(&[("email", ADA)]).send().await;
    let never = server.trusted("exist").form(&[("email", "never@example.org")]).send().await;
    assert_eq!((exists.status, exists.text()), (never.status, never.text()));
    app.visitor().post("/user/forgot").form(&[("email", ADA)]).send().await;
    // Its address and its username are not to be had.
    let taken = app.visitor().post("/user/create").wants_json();
    let taken = taken.form(&[("email", ADA), ("username", "ada2"), ("password", PASSWORD)]).send().await;
    taken.refused_fields(422, &["email"]);
    for arguments in [&["delete", "ada"][..], &["disable", "ada"], &["set-role", "ada", "editor"]] {
        let said = refused(app, &[&["account"], arguments].concat(), "");
        assert!(said.contains("`vestibule account restore` brings it back"), "{arguments:?}: {said}");
    }
    assert!(json_of(app, &["account", "show", "ada"])["deleted_at"].is_string());

    done(app, &["account", "restore", ADA]);
    for door in DOORS {
        assert!(server.signs_in(door, ADA, PASSWORD).await, "{door:?}");
    }
    assert!(!ada.is_signed_in().await, "what ended stays ended");
    let kinds = json_of_lines(app, &["audit", "--account", "ada"]);
    let kinds: Vec<&str> = kinds.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"deleted") && kinds.contains(&"restored"), "{kinds:?}");
    let links = app.mails(ADA).iter().filter(|one| mail::read(one).contains("/user/reset?token=")).count();
    assert_eq!(links, 0, "none went out while it was deleted");
}

async fn the_rows_of_a_deleted_account_go_when_its_time_is_over(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    app.signed_up("bob").await;
    done(&app, &["account", "delete", "ada"]);
    let there = "SELECT COUNT(*) FROM accounts WHERE username = 'ada'";
    // The command reads the machine's clock, and the server the test's.
    app.sql(&format!("UPDATE accounts SET deleted_at = {} WHERE username = 'ada'", app.now())).await;
    app.pass(DAY * 13);
    let another = app.another().await;
    another.visitor().get("/health").send().await;
    assert_eq!(app.count(there).await, 1);
    app.pass(DAY * 2);
    // Each server looks at its start, and every hour.
    let another = app.another().await;
    until(PATIENCE, async || another.count(there).await == 0).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
    let erased =
        "SELECT COUNT(*) FROM audit_events WHERE kind = 'erased' AND account_id = 1 AND actor = 'system'";
    assert_eq!(app.count(erased).await, 1);
    // The address is free again, and the username is for a while nobody's.
    for (username, status) in [("ada", 422), ("lovelace", 201)] {
        let form = [("email", ADA), ("username", username), ("password", PASSWORD)];
        let made = app.visitor().post("/user/create").wants_json().form(&form).send().await;
        assert_eq!(made.status, status, "{}", made.text());
    }
}
