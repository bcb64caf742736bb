//! What an operator could take for something else: numbers, rows of an earlier version, an address that a
//! thief takes back.

use store::Engine;

use super::{ADA, PATIENCE, done, json_of, json_of_lines, refused};
use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, until};

both_engines![
    a_number_that_is_somebodys_username_is_nobody,
    json_says_what_became_of_an_account,
    names_of_an_earlier_version_are_found_after_the_start,
    commands_leave_a_database_of_an_earlier_version_to_the_server,
    a_rescued_account_is_not_given_back_by_a_denial,
];

async fn a_number_that_is_somebodys_username_is_nobody(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    app.signed_up("bob").await;
    app.sql("UPDATE accounts SET username = '1', username_key = '1', username_skeleton = '1' WHERE id = 2")
        .await;
    for command in ["disable", "delete", "show"] {
        let said = refused(&app, &["account", command, "1"], "");
        assert!(said.contains("the number of one account and the username of another"), "{said}");
    }
    assert_eq!(json_of(&app, &["account", "show", "@1"])["id"], 2);
    assert_eq!(json_of(&app, &["account", "show", "2"])["id"], 2);
    assert_eq!(
        app.count("SELECT COUNT(*) FROM accounts WHERE locked_at IS NULL AND deleted_at IS NULL").await,
        2
    );
}

async fn json_says_what_became_of_an_account(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let there = |arguments: &[&str], key: &str| {
        let answer = json_of(&app, &[&["account"], arguments].concat());
        assert_eq!(answer["changed"], true, "{arguments:?}");
        !answer["account"][key].is_null()
    };
    assert!(there(&["disable", "ada"], "locked_at") && !there(&["enable", "ada"], "locked_at"));
    assert!(there(&["delete", "ada"], "deleted_at") && !there(&["restore", "ada"], "deleted_at"));
    app.sql("UPDATE accounts SET verified_at = NULL").await;
    assert!(there(&["verify", "ada"], "verified_at"));
    json_of(&app, &["account", "set-role", "ada", "administrator"]);
    let changed = &json_of_lines(&app, &["audit", "--kind", "role_changed"])[0];
    assert_eq!(changed["detail"], "1 to 3");
}

async fn names_of_an_earlier_version_are_found_after_the_start(engine: Engine) {
    let app = TestApp::new(engine).await;
    done(&app, &["account", "create", ADA, "--firstname", "Élodie", "--lastname", "Özgür"]);
    app.sql("UPDATE accounts SET name_key = NULL, lastname_key = NULL").await;
    let _another = app.another().await;
    until(PATIENCE, async || app.count("SELECT COUNT(*) FROM accounts WHERE name_key IS NULL").await == 0)
        .await;
    for beginning in ["élo", "ÖZG"] {
        assert_eq!(json_of(&app, &["account", "list", beginning])[0]["email"], ADA, "{beginning}");
    }
}

async fn commands_leave_a_database_of_an_earlier_version_to_the_server(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.sql("DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)").await;
    let said = refused(&app, &["account", "list"], "");
    assert!(said.contains("start the server once"), "{said}");
}

async fn a_rescued_account_is_not_given_back_by_a_denial(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("eve").await;
    done(&app, &["account", "set-address", "eve", ADA, "--reason", "taken over"]);
    // Whoever had it is signed out, and what they deny later takes nothing back.
    let eve = app.signed_in("eve").await;
    let log = eve.get("/user/security/log").wants_json().send().await.json();
    let events = log["events"].as_array().unwrap();
    for kind in ["address_changed", "created"] {
        let event = events.iter().find(|event| event["kind"] == kind).unwrap();
        let eve = app.visitor();
        if eve.log_in("eve", PASSWORD).await.status != 200 {
            break;
        }
        let form = [("event", event["id"].to_string())];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        eve.post("/user/security/log/deny").wants_json().form(&form).send().await;
        let kept = format!("SELECT COUNT(*) FROM accounts WHERE email = '{ADA}' AND locked_at IS NULL");
        assert_eq!(app.count(&kept).await, 1, "{kind}");
    }
}
