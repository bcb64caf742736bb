//! The operator's command line beside a running server: no SQL is needed, and the audit log says who did it.

mod deletions;
mod mistaken;

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use store::Engine;

use crate::engines::{Scratch, both_engines};
use crate::parity::server::Door::Pages;
use crate::parity::server::TestServer;
use crate::support::{PASSWORD, TestApp, mail, until};

both_engines![
    the_first_administrator_is_made_here_with_a_password_that_is_no_argument,
    people_are_invited_from_a_file_or_none_of_them,
    accounts_are_found_by_the_beginning_of_what_they_are_called,
    who_an_account_is_can_be_changed_and_its_owner_is_told,
    the_audit_log_says_who_did_what_to_whom,
    programs_get_json_from_every_command,
];

const ADA: &str = "ada@example.org";
const BOB: &str = "bob@example.org";
const PATIENCE: Duration = Duration::from_secs(10);
const DAY: Duration = Duration::from_secs(86_400);

/// Runs `vestibule` over this database, with `input` on its standard input.
fn vestibule(scratch: &Scratch, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_vestibule"))
        .args(arguments)
        .current_dir(scratch.folder())
        .env_clear()
        .env("VESTIBULE_DATABASE_URL", &scratch.url)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// What it said after success, on standard error.
#[track_caller]
fn done(app: &TestApp, arguments: &[&str]) -> String {
    let output = vestibule(app.scratch(), arguments, "");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    said
}

/// What it printed for a program.
#[track_caller]
fn json_of(app: &TestApp, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--json"]].concat();
    let output = vestibule(app.scratch(), &arguments, "");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    let printed = String::from_utf8(output.stdout).unwrap();
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {printed}"))
}

/// Why it did not do what it was told, on one line.
#[track_caller]
fn refused(app: &TestApp, arguments: &[&str], input: &str) -> String {
    let output = vestibule(app.scratch(), arguments, input);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with("Database: ")).collect();
    assert_eq!(lines.len(), 1, "{arguments:?}: {said}");
    lines[0].to_owned()
}

async fn the_first_administrator_is_made_here_with_a_password_that_is_no_argument(engine: Engine) {
    let app = TestApp::new(engine).await;
    let create = ["account", "create", ADA, "--role", "administrator", "--username", "ada", "--password"];
    for (typed, why) in [
        ("\n", "standard input has no password"),
        ("short\n", "password too short (8)"),
        ("password1\n", "password common"),
        ("ada@example.org\n", "password personal"),
    ] {
        let said = refused(&app, &create, typed);
        assert!(said.contains(why), "{typed:?}: {said}");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 0);
    let output = vestibule(app.scratch(), &create, &format!("{PASSWORD}\r\nnothing else is read\n"));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("has the role administrator") && !said.contains(PASSWORD), "{said}");
    assert!(app.signed_in("ada").await.is_signed_in().await);
    assert_eq!(app.count("SELECT role_id FROM accounts").await, 3);
    // A password alone makes nobody else's account.
    assert!(refused(&app, &create, PASSWORD).contains("another account has this address"));
    let again = ["account", "create", BOB, "--username", "adа", "--password"];
    let look_alike = vestibule(app.scratch(), &again, PASSWORD);
    assert!(!look_alike.status.success(), "a username that looks like another");
    assert!(refused(&app, &["account", "create", BOB, "--role", "king"], "").contains("there are member"));
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
}

async fn people_are_invited_from_a_file_or_none_of_them(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("bob").await;
    let file = app.scratch().folder().join("people.csv");
    let path = file.to_str().unwrap();
    std::fs::write(&file, "email,first,last\nada@example.org,Ada,Lovelace\nnobody\n").unwrap();
    let said = refused(&app, &["invite", "--csv", path], "");
    assert!(said.contains("line 3") && said.contains("nobody is invited"), "{said}");
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);

    let rows =
        "\u{FEFF}E-Mail,first,last\r\nada@example.org,\"Ada, Countess\",Lovelace\r\n\r\nBOB@example.org\r\n";
    std::fs::write(&file, rows).unwrap();
    let said = done(&app, &["invite", "--csv", path, "--role", "editor", "eve@example.org"]);
    assert!(said.contains("Invited: 2.") && said.contains("accounts already: BOB@example.org"), "{said}");
    let sql = "SELECT COUNT(*) FROM accounts WHERE firstname = 'Ada, Countess' AND lastname = 'Lovelace' \
               AND role_id = 2 AND password_hash IS NULL AND verified_at IS NULL";
    assert_eq!(app.count(sql).await, 1);
    // The command reads the machine's clock.
    app.pass(DAY * 365 * 40);
    for invited in [ADA, "eve@example.org"] {
        let invitation = app.mailed(invited, 1).await;
        assert!(mail::read(&invitation[0]).contains("/user/reset?token="), "{invited}");
    }
    assert!(refused(&app, &["invite", "--csv", "missing.csv"], "").contains("missing.csv"));
}

async fn accounts_are_found_by_the_beginning_of_what_they_are_called(engine: Engine) {
    let app = TestApp::new(engine).await;
    for (address, username, first, last) in [
        ("ada@example.org", "countess", "Ada", "Lovelace"),
        ("grace@example.org", "adamant", "Grace", "Hopper"),
        ("x_1%y@example.org", "zed", "Élodie", "Adams"),
        ("linus@example.org", "linus", "ada", "O'Neil"),
    ] {
        let names = ["--username", username, "--firstname", first, "--lastname", last];
        done(&app, &[&["account", "create", address][..], &names].concat());
    }
    let found = |beginning: &str, limit: &str| -> Vec<String> {
        let listed = json_of(&app, &["account", "list", beginning, "--limit", limit]);
        let all = listed.as_array().unwrap().iter();
        all.map(|account| account["username"].as_str().unwrap().to_owned()).collect()
    };
    // By address, then username, then name, then last name; each once.
    assert_eq!(found("ada", "50"), ["countess", "adamant", "linus", "zed"]);
    assert_eq!(found("ADA", "2"), ["countess", "adamant"]);
    assert_eq!(found("ÉLO", "50"), ["zed"]);
    assert_eq!(found("o'n", "50"), ["linus"]);
    for nobody in ["%", "_", "x_1_", "x%", "a'--", "\"", "\\", &"a".repeat(10_000)] {
        assert!(found(nobody, "50").is_empty(), "{nobody}");
    }
    assert_eq!(found("x_1%", "50"), ["zed"]);
    // The newest first.
    assert_eq!(found("", "50"), ["linus", "zed", "adamant", "countess"]);
    let said = done(&app, &["account", "list", "--limit", "1"]);
    assert!(said.contains("These are the first 1"), "{said}");

    for whom in [ADA, "1", "COUNTESS"] {
        let shown = json_of(&app, &["account", "show", whom]);
        assert_eq!((&shown["id"], &shown["lastname"]), (&json!(1), &json!("Lovelace")), "{whom}");
        assert_eq!(shown["password_at"], Value::Null);
        assert_eq!(shown["role_name"], "member");
    }
    let output = vestibule(app.scratch(), &["account", "show", "countess"], "");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("address             ada@example.org\n"), "{printed}");
}

async fn who_an_account_is_can_be_changed_and_its_owner_is_told(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    let app = &server.app;
    let ada = app.signed_up("ada").await;
    app.signed_up("bob").await;
    done(app, &["account", "set-role", "ada", "editor", "--reason", "she writes"]);
    assert_eq!(ada.account().await["role"], 2);
    done(app, &["account", "rename", ADA, "countess"]);
    // The former name is the owner's for a while.
    assert!(app.signed_in("ada").await.is_signed_in().await);
    assert!(app.signed_in("countess").await.is_signed_in().await);
    done(app, &["account", "set-address", "countess", "lovelace@example.org"]);
    assert!(server.signs_in(Pages, "lovelace@example.org", PASSWORD).await);
    let proven = "SELECT COUNT(*) FROM accounts WHERE verified_at IS NOT NULL AND username = 'countess'";
    assert_eq!(app.count(proven).await, 0);
    done(app, &["account", "verify", "countess"]);
    assert_eq!(app.count(proven).await, 1);
    done(app, &["account", "reset-link", "countess"]);
    app.pass(DAY * 365 * 40);
    let link = app.mailed("lovelace@example.org", 1).await;
    assert!(mail::read(&link[0]).contains("/user/reset?token="));
    // The former address is told of both changes; by the second it was still the account's.
    until(PATIENCE, async || app.mails(ADA).len() >= 2).await;

    for (arguments, why) in [
        (&["rename", "countess", "bob"][..], "another account has this username"),
        (&["set-address", "countess", BOB], "another account has this address"),
        (&["set-role", "countess", "king"], "there is no role `king`"),
        (&["verify", "nobody"], "there is no account with the username nobody"),
        (&["show", "4711"], "there is no account 4711"),
        (&["restore", "nobody@example.org"], "there is no account with the address nobody@example.org"),
    ] {
        let said = refused(app, &[&["account"], arguments].concat(), "");
        assert!(said.contains(why), "{arguments:?}: {said}");
    }
    done(app, &["account", "disable", "countess"]);
    assert!(refused(app, &["account", "reset-link", "countess"], "").contains("enable it first"));
    for (arguments, said) in [
        (&["enable", "countess"][..], "is unlocked"),
        (&["enable", "countess"], "was not locked"),
        (&["verify", "countess"], "was proven already"),
        (&["rename", "countess", "countess"], "was called already"),
        (&["set-role", "countess", "2"], "had already"),
        (&["restore", "countess"], "was not deleted"),
    ] {
        let told = done(app, &[&["account"], arguments].concat());
        assert!(told.contains(said), "{arguments:?}: {told}");
    }
}

/// What it printed for a program, a value on each line.
#[track_caller]
fn json_of_lines(app: &TestApp, arguments: &[&str]) -> Vec<Value> {
    let arguments = [arguments, &["--json"]].concat();
    let output = vestibule(app.scratch(), &arguments, "");
    assert_eq!(output.status.code(), Some(0), "{:?}", output.stderr);
    let printed = String::from_utf8(output.stdout).unwrap();
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn the_audit_log_says_who_did_what_to_whom(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    let app = &server.app;
    app.signed_up("ada").await;
    let new = [("email", BOB), ("password", PASSWORD), ("firstname", "Bob"), ("lastname", "B")];
    server.trusted("create").form(&new).send().await;
    done(app, &["account", "disable", "ada", "--reason", "spam\u{1b}[2J from\nhere\u{202e}"]);
    done(app, &["key", "create", "shop", "--scope", "accounts:read"]);
    done(app, &["key", "revoke", "shop"]);
    done(app, &["client", "create", "Blog", "--redirect", "https://blog.example.org/cb"]);
    done(app, &["client", "rotate-secret", "Blog"]);
    done(app, &["client", "revoke", "Blog"]);
    let brief = |arguments: &[&str]| -> Vec<String> {
        let events = json_of_lines(app, &[&["audit"], arguments].concat());
        let word = |event: &Value| {
            let [actor, name, kind, target] =
                ["actor", "actor_name", "kind", "target"].map(|key| event[key].as_str().unwrap().to_owned());
            format!("{actor} {name} {kind} {} {target}", event["account_id"])
        };
        events.iter().map(word).collect()
    };
    let of_operator = brief(&["--actor", "operator"]);
    let house = ["key_made", "key_revoked", "client_made", "client_secret_rotated", "client_revoked"];
    for kind in house {
        let target = if kind.starts_with("key") { "shop" } else { "Blog" };
        assert!(of_operator.contains(&format!("operator  {kind} null {target}")), "{of_operator:?}");
    }
    assert!(of_operator.contains(&"operator  locked 1 ".to_owned()), "{of_operator:?}");
    let created = brief(&["--kind", "created"]);
    assert_eq!(created.len(), 2, "{created:?}");
    assert!(created[0].starts_with("owner  created 1 ") && created[1].starts_with("key "), "{created:?}");
    let key = created[1].split(' ').nth(1).unwrap();
    assert_eq!(brief(&["--actor", &format!("key:{key}")]).len(), brief(&["--actor", "key"]).len());
    assert!(brief(&["--actor", "key:nobody"]).is_empty());
    // Her own doing, and what was done to her.
    assert!(brief(&["--actor", "ada"]).iter().all(|event| event.starts_with("owner ")));
    assert!(brief(&["--account", "ada"]).contains(&"operator  locked 1 ".to_owned()));
    assert!(brief(&["--since", "1h", "--kind", "locked"]).len() == 1);
    assert!(brief(&["--since", "2999-01-01"]).is_empty());
    // A reason is what somebody typed: it stays on its line.
    let output = vestibule(app.scratch(), &["audit", "--kind", "locked"], "");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.lines().count() == 1 && !printed.contains('\u{1b}'), "{printed:?}");
    assert!(printed.contains("operator  locked  account 1  reason \"spam [2J from here"), "{printed}");
    // Its owner reads that it was locked, and not why.
    app.sql("UPDATE accounts SET locked_at = NULL").await;
    let log = app.signed_in("ada").await.get("/user/security/log").wants_json().send().await.text();
    assert!(log.contains("\"locked\"") && !log.contains("spam"), "{log}");
    // Whoever has read enough ends it.
    for _ in 0..3 {
        app.sql("INSERT INTO audit_events (at, kind, actor) SELECT at, kind, actor FROM audit_events").await;
    }
    let mut reader = Command::new(env!("CARGO_BIN_EXE_vestibule"))
        .arg("audit")
        .current_dir(app.scratch().folder())
        .env_clear()
        .env("VESTIBULE_DATABASE_URL", &app.scratch().url)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(reader.stdout.take());
    let output = reader.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && !said.contains("vestibule:") && !said.contains("panic"), "{said}");
}

async fn programs_get_json_from_every_command(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    for arguments in [
        &["account", "list"][..],
        &["account", "show", "ada"],
        &["account", "set-role", "ada", "editor"],
        &["account", "rename", "ada", "countess"],
        &["account", "set-address", "countess", "lovelace@example.org"],
        &["account", "verify", "countess"],
        &["account", "disable", "countess"],
        &["account", "enable", "countess"],
        &["account", "reset-link", "countess"],
        &["account", "end-sessions", "countess"],
        &["account", "remove-factors", "countess"],
        &["account", "delete", "countess"],
        &["account", "restore", "countess"],
        &["account", "create", BOB],
        &["invite", "eve@example.org"],
        &["key", "create", "shop"],
        &["key", "list"],
        &["key", "revoke", "shop"],
        &["client", "create", "Blog", "--redirect", "https://blog.example.org/cb"],
        &["client", "list"],
        &["client", "rotate-secret", "Blog"],
        &["client", "revoke", "Blog"],
        &["mail", "list"],
        &["mail", "retry", "--all"],
        &["config", "check"],
        &["config", "show"],
    ] {
        let value = json_of(&app, arguments);
        assert!(value.is_object() || value.is_array(), "{arguments:?}: {value}");
    }
}
