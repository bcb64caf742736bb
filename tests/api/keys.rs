//! `vestibule key …`: the real program beside a running server.

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use domain::Scope;
use store::Engine;

use crate::engines::{Scratch, both_engines};
use crate::support::{Ask, TestApp};

both_engines![
    a_key_is_printed_once_alone_and_opens_the_running_server,
    a_revoked_key_is_dead_for_the_running_server,
    the_list_says_everything_but_the_secret,
    a_key_gives_the_roles_that_were_listed_and_no_others,
    a_key_lasts_as_long_as_was_said,
    what_cannot_be_is_said_and_writes_nothing,
    a_command_makes_no_database_and_says_which_it_uses,
];

/// Runs `vestibule key` over this database.
fn key(scratch: &Scratch, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vestibule"))
        .arg("key")
        .args(arguments)
        .current_dir(scratch.folder())
        .env_clear()
        .env("VESTIBULE_DATABASE_URL", &scratch.url)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Its standard output, after success.
#[track_caller]
fn printed(output: Output) -> String {
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Its standard error, after a refusal.
#[track_caller]
fn complaint(output: Output) -> String {
    assert!(matches!(output.status.code(), Some(1 | 2)), "{:?}", output.status);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
    String::from_utf8(output.stderr).unwrap()
}

#[track_caller]
fn created(scratch: &Scratch, arguments: &[&str]) -> String {
    let out = printed(key(scratch, &[&["create"], arguments].concat()));
    let secret = out.strip_suffix('\n').unwrap();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    assert!(secret.len() == 43 && secret.bytes().all(plain), "{out:?}");
    secret.to_owned()
}

fn call(app: &TestApp, secret: &str, name: &str, fields: &[(&str, &str)]) -> Ask {
    let ask = app.visitor().post(&format!("/admin/api_account/{name}")).form(fields);
    ask.header("authorization", &format!("Bearer {secret}"))
}

const ADA: [(&str, &str); 1] = [("email", "ada@example.org")];

async fn a_key_is_printed_once_alone_and_opens_the_running_server(engine: Engine) {
    let app = TestApp::new(engine).await;
    let made = key(app.scratch(), &["create", "shop"]);
    let said = String::from_utf8(made.stderr.clone()).unwrap();
    let out = printed(made);
    let secret = out.trim_end();
    assert!(said.contains("shop") && said.contains("accounts:read") && !said.contains(secret), "{said}");
    assert_eq!(call(&app, secret, "exist", &ADA).send().await.status, 200);
    assert_eq!(call(&app, secret, "create", &ADA).send().await.status, 200);

    let reader = created(app.scratch(), &["reader", "--scope", "accounts:read", "--scope", "accounts:read"]);
    assert_eq!(call(&app, &reader, "exist", &ADA).send().await.status, 200);
    let eve = [("email", "eve@example.org")];
    assert_eq!(call(&app, &reader, "create", &eve).send().await.status, 400);
    let high = created(app.scratch(), &["--role", "administrator", "high"]);
    let admin = [("email", "eve@example.org"), ("role_id", "3")];
    assert_eq!(call(&app, secret, "create", &admin).send().await.status, 400);
    assert_eq!(call(&app, &high, "create", &admin).send().await.status, 200);
    // A list, not a ladder: the lower roles are not on it.
    let bob = [("email", "bob@example.org")];
    assert_eq!(call(&app, &high, "create", &bob).send().await.status, 400);
    // A name is free again only after its key is revoked.
    let again = complaint(key(app.scratch(), &["create", "shop"]));
    assert!(again.contains("`shop`"), "{again}");
    printed(key(app.scratch(), &["revoke", "shop"]));
    assert_ne!(created(app.scratch(), &["shop"]), secret);
}

async fn a_revoked_key_is_dead_for_the_running_server(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (shop, blog) = (created(app.scratch(), &["shop"]), created(app.scratch(), &["blog"]));
    for secret in [&shop, &blog] {
        assert_eq!(call(&app, secret, "exist", &ADA).send().await.status, 200);
    }
    assert_eq!(printed(key(app.scratch(), &["revoke", "shop"])), "");
    assert_eq!(call(&app, &shop, "exist", &ADA).send().await.status, 400);
    assert_eq!(call(&app, &blog, "exist", &ADA).send().await.status, 200);
    for name in ["shop", "nobody"] {
        let said = complaint(key(app.scratch(), &["revoke", name]));
        assert!(said.contains(&format!("`{name}`")), "{said}");
    }
    let said = complaint(key(app.scratch(), &["revoke", &blog]));
    assert!(said.contains("no key of this name") && !said.contains(&blog), "{said}");
}

/// The cells of the line that begins with `name`. Two or more spaces separate them.
#[track_caller]
fn columns<'t>(table: &'t str, name: &str) -> Vec<&'t str> {
    let line = table.lines().find(|line| line.split(' ').next() == Some(name));
    let line = line.unwrap_or_else(|| panic!("no {name} in {table}"));
    line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()
}

async fn the_list_says_everything_but_the_secret(engine: Engine) {
    let app = TestApp::new(engine).await;
    let empty = printed(key(app.scratch(), &["list"]));
    assert_eq!(empty.lines().count(), 1);
    let heads = ["NAME", "SCOPES", "ROLES", "CREATED", "EXPIRES", "LAST USED", "STATE"];
    assert_eq!(columns(&empty, "NAME"), heads);
    // Created by the tests' clock, so the times are known.
    let shop = app.key("shop").await;
    let hour = Some(Duration::from_secs(3_600));
    let old = app.key_with("an-old-key_with.a-long-name", &[Scope::AccountsRead], 1, hour).await;
    let gone = app.key_with("gone", &[Scope::PasswordReset], 3, None).await;
    app.pass(Duration::from_secs(90));
    app.revoke_key("gone").await;
    app.sql("UPDATE api_keys SET used_at = 1767225720000 WHERE name = 'shop'").await;
    let table = printed(key(app.scratch(), &["list"]));
    let made = "2026-01-01 00:00 UTC";
    let all = "accounts:read,accounts:write,password:reset";
    assert_eq!(
        columns(&table, "shop"),
        ["shop", all, "member,editor", made, "never", "2026-01-01 00:02 UTC", "live"]
    );
    let name = "an-old-key_with.a-long-name";
    let ended = "2026-01-01 01:00 UTC";
    assert_eq!(columns(&table, name), [name, "accounts:read", "member", made, ended, "never", "expired"]);
    let revoked = "revoked 2026-01-01 00:01 UTC";
    assert_eq!(
        columns(&table, "gone"),
        ["gone", "password:reset", "member,editor,administrator", made, "never", "never", revoked]
    );
    for secret in [shop, old, gone] {
        assert!(!table.contains(&secret));
    }
    // Every column begins at the same position.
    let starts: Vec<usize> = table.lines().map(|line| line.find("2026-").unwrap_or(0)).skip(1).collect();
    assert!(starts.iter().all(|start| *start == starts[0] && *start > 0), "{table}");
}

async fn a_key_gives_the_roles_that_were_listed_and_no_others(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.sql("INSERT INTO roles (id, name) VALUES (7, 'auditor'), (-5, 'guest')").await;
    let given_by = async |name: &str, listed: &[&str]| {
        let secret = created(app.scratch(), &[&[name], listed].concat());
        let mut given = Vec::new();
        for role in ["-5", "1", "2", "3", "7"] {
            let email = format!("{name}{role}@example.org");
            let fields = [("email", email.as_str()), ("role_id", role)];
            let answer = call(&app, &secret, "create", &fields).send().await;
            match answer.status {
                200 => given.push(role),
                _ => assert_eq!(answer.json()["message"], "This role can't be given with this key"),
            }
        }
        given
    };
    // Neither administrators nor roles of the site's own, unless they are listed.
    assert_eq!(given_by("plain", &[]).await, ["1", "2"]);
    assert_eq!(given_by("few", &["--role", "auditor", "--role", "2", "--role", "editor"]).await, ["2", "7"]);
    let table = printed(key(app.scratch(), &["list"]));
    assert_eq!((columns(&table, "plain")[2], columns(&table, "few")[2]), ("member,editor", "editor,auditor"));
}

async fn a_key_lasts_as_long_as_was_said(engine: Engine) {
    let app = TestApp::new(engine).await;
    for (lasts, seconds) in
        [("30m", 1_800), ("12h", 43_200), ("90d", 7_776_000), ("2w", 1_209_600), ("3650d", 315_360_000)]
    {
        created(app.scratch(), &[lasts, "--expires", lasts]);
        let query = format!("SELECT expires_at - created_at FROM api_keys WHERE name = '{lasts}'");
        assert_eq!(app.count(&query).await, seconds * 1_000);
        let table = printed(key(app.scratch(), &["list"]));
        assert_eq!(columns(&table, lasts)[6], "live");
    }
    created(app.scratch(), &["for-ever"]);
    assert_eq!(app.count("SELECT COUNT(*) FROM api_keys WHERE expires_at IS NULL").await, 1);
}

async fn what_cannot_be_is_said_and_writes_nothing(engine: Engine) {
    let scratch = Scratch::migrated(engine).await;
    let files = || std::fs::read_dir(scratch.folder()).unwrap().count();
    let before = files();
    let long = "x".repeat(61);
    for (arguments, named) in [
        (&["create"][..], "NAME"),
        (&["create", "a:b"], "a:b"),
        (&["create", ""], "letters, digits"),
        (&["create", "two words"], "two words"),
        (&["create", &long], "60"),
        (&["create", "shop", "--scope", "accounts"], "accounts:read, accounts:write, password:reset"),
        (&["create", "shop", "--scope"], "--scope"),
        (&["create", "shop", "--expires", "0d"], "--expires"),
        (&["create", "shop", "--expires", "soon"], "90d"),
        (&["create", "shop", "--expires", "-1d"], "-1"),
        (&["create", "shop", "--expires", "999999999999999999999d"], "--expires"),
        (&["create", "shop", "--role"], "--role"),
        (&["create", "shop", "--max-role", "2"], "--max-role"),
        (&["create", "shop", "--nonsense"], "--nonsense"),
        (&["create", "shop", "blog"], "blog"),
        (&["revoke"], "NAME"),
        (&["nonsense"], "nonsense"),
    ] {
        let said = complaint(key(&scratch, arguments));
        assert!(said.contains(named), "{arguments:?}: {said}");
    }
    for lasts in ["", "d", "90", "+1d", "1.5d", "1 d", "1D", "1y", "é", "3651d"] {
        let said = complaint(key(&scratch, &["create", "shop", &format!("--expires={lasts}")]));
        assert!(said.contains("--expires"), "{lasts}: {said}");
    }
    assert_eq!(files(), before, "something was made in {}", scratch.folder().display());
    for role in ["9", "0", "-1", "high", "Member", ""] {
        let role = format!("--role={role}");
        let said = complaint(key(&scratch, &["create", "shop", "--role", "member", &role]));
        let known = "member, editor, administrator";
        assert!(said.contains("--role: there is no role") && said.contains(known), "{said}");
    }
    assert_eq!(printed(key(&scratch, &["list"])).lines().count(), 1, "no key was made");
    let wrong = Command::new(env!("CARGO_BIN_EXE_vestibule"))
        .args(["key", "list"])
        .current_dir(scratch.folder())
        .env_clear()
        .env("VESTIBULE_DATABASE_URL", "mysql://x")
        .output();
    assert!(complaint(wrong.unwrap()).contains("`database_url`"));
}

async fn a_command_makes_no_database_and_says_which_it_uses(engine: Engine) {
    let scratch = Scratch::new(engine).await;
    let elsewhere = tempfile::tempdir().unwrap();
    for arguments in [
        &["key", "list"][..],
        &["key", "create", "shop"],
        &["key", "revoke", "shop"],
        &["mail", "list"],
        &["mail", "retry", "--all"],
        &["account", "lock", "ada@example.org"],
    ] {
        let run = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
            command.args(arguments).current_dir(elsewhere.path()).env_clear();
            command
        };
        let said = complaint(run().env("VESTIBULE_DATABASE_URL", &scratch.url).output().unwrap());
        match engine {
            Engine::Sqlite => {
                assert!(said.contains("`database_url`") && said.contains("there is no database"), "{said}")
            }
            Engine::Postgres => assert!(said.contains("no server has used this database yet"), "{said}"),
        }
        let said = complaint(run().output().unwrap());
        let place = elsewhere.path().join("data/vestibule.sqlite").display().to_string();
        assert!(said.contains(&place) && said.contains("there is no database"), "{said}");
    }
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0, "something was made");
    assert!(engine == Engine::Postgres || std::fs::read_dir(scratch.folder()).unwrap().count() == 0);

    let scratch = Scratch::migrated(engine).await;
    let listed = Command::new(env!("CARGO_BIN_EXE_vestibule"))
        .args(["key", "list"])
        .current_dir(elsewhere.path())
        .env_clear()
        .env("VESTIBULE_DATABASE_URL", &scratch.url)
        .output()
        .unwrap();
    let said = String::from_utf8(listed.stderr.clone()).unwrap();
    let database = match engine {
        Engine::Sqlite => scratch.folder().join("test.sqlite").display().to_string(),
        Engine::Postgres => ":".to_owned(),
    };
    assert!(said.starts_with("Database: ") && said.contains(&database), "{said}");
    assert_eq!(printed(listed).lines().count(), 1);
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0, "something was made");
}
