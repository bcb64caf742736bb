//! `vestibule doctor`: what it finds beside a running server, and what it says of what is wrong.

use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use domain::{Clock as _, SystemClock};
use serde_json::Value;
use store::Engine;

use crate::engines::{Scratch, both_engines};
use crate::support::TestApp;
use crate::support::smtp::{Habits, MailServer};

both_engines![
    a_server_that_works_is_found_well,
    each_thing_that_does_not_work_is_named_with_what_to_do,
    nobody_else_learns_how_a_request_arrived,
];

fn doctor(scratch: &Scratch, settings: &[(&str, &str)], json: bool) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vestibule"))
        .args(["doctor"].into_iter().chain(json.then_some("--json")))
        .current_dir(scratch.folder())
        .env_clear()
        .env("VESTIBULE_DATABASE_URL", &scratch.url)
        .envs(settings.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// What it found, as `(about, verdict, said)`, and its exit status.
#[track_caller]
fn found(scratch: &Scratch, settings: &[(&str, &str)]) -> (Vec<(String, String, String)>, i32) {
    let output = doctor(scratch, settings, true);
    let printed = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.is_empty(), "{said}");
    let all: Vec<Value> = serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}: {printed}"));
    let word = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    let all = all.iter().map(|one| (word(one, "about"), word(one, "verdict"), word(one, "said")));
    (all.collect(), output.status.code().unwrap())
}

/// A server whose clock is the machine's, as the doctor's is.
async fn app_of_today(engine: Engine) -> TestApp {
    let app = TestApp::new(engine).await;
    let ahead = SystemClock.now().0 - app.now();
    app.pass(Duration::from_millis(ahead.unsigned_abs()));
    app
}

async fn a_server_that_works_is_found_well(engine: Engine) {
    let app = app_of_today(engine).await;
    let habits = Habits { tls: "smtps", login: Some("house:secret"), ..Habits::default() };
    let Some(server) = MailServer::with(habits) else { return };
    let url = format!("http://127.0.0.1:{}", app.address.port());
    let mail = server.address("smtps://localhost:PORT");
    let certificate = server.certificate();
    let mut settings = [
        ("VESTIBULE_PUBLIC_URL", url.as_str()),
        ("VESTIBULE_SMTP_URL", &mail),
        ("VESTIBULE_SMTP_CA_FILE", certificate.to_str().unwrap()),
        ("VESTIBULE_SMTP_USERNAME", "house"),
        ("VESTIBULE_SMTP_PASSWORD", "secret"),
    ];
    let (all, status) = found(app.scratch(), &settings);
    assert_eq!(status, 0, "{all:?}");
    let about: Vec<&str> = all.iter().map(|(about, ..)| about.as_str()).collect();
    let wanted = [
        "settings", "folders", "disk", "theme", "hashing", "database", "clock", "keys", "outbox", "address",
        "mail",
    ];
    assert_eq!(about, wanted, "{all:?}");
    // The machine of a test may be short of space, or quick or slow at hashing.
    let measured = ["disk", "hashing", "folders"];
    for (about, verdict, said) in all.iter().filter(|(about, ..)| !measured.contains(&about.as_str())) {
        assert_eq!(verdict, "ok", "{about}: {said}");
    }
    let engine = match engine {
        Engine::Sqlite => "SQLite 3",
        Engine::Postgres => "PostgreSQL ",
    };
    assert!(all.iter().any(|(about, _, said)| about == "database" && said.starts_with(engine)), "{all:?}");
    assert!(server.received().is_empty(), "nothing is sent");
    // For people, a line each.
    let output = doctor(app.scratch(), &settings, false);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed.lines().count(), wanted.len(), "{printed}");
    assert!(printed.contains("ok       clock     it is "), "{printed}");
    // The password of the mail server is tried, and told to nobody.
    settings[4].1 = "another";
    let (all, status) = found(app.scratch(), &settings);
    let (_, verdict, said) = all.iter().find(|(about, ..)| about == "mail").unwrap();
    assert_eq!((status, verdict.as_str()), (1, "error"), "{said}");
    assert!(!format!("{all:?}").contains("another"), "{all:?}");
}

async fn each_thing_that_does_not_work_is_named_with_what_to_do(engine: Engine) {
    let app = app_of_today(engine).await;
    let scratch = app.scratch();
    let error = |settings: &[(&str, &str)], about: &str| -> String {
        let (all, status) = found(scratch, settings);
        assert_eq!(status, 1, "{all:?}");
        let wrong = all.iter().find(|(named, verdict, _)| named == about && verdict == "error");
        wrong.unwrap_or_else(|| panic!("{about}: {all:?}")).2.clone()
    };
    assert!(error(&[("VESTIBULE_PASWORD_PASSES", "2")], "settings").to_lowercase().contains("pasword"));
    // Nothing listens there any more.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{closed}");
    assert!(error(&[("VESTIBULE_PUBLIC_URL", &url)], "address").contains("nothing answers"));
    let mail = format!("smtp://127.0.0.1:{closed}");
    assert!(error(&[("VESTIBULE_SMTP_URL", &mail)], "mail").contains("vestibule mail test"));
    let here = format!("http://127.0.0.1:{}", app.address.port());
    let proxied = [("VESTIBULE_PUBLIC_URL", &*here), ("ROCKET_IP_HEADER", "X-Real-IP")];
    assert!(error(&proxied, "address").contains("sends no `x-real-ip`"));
    // A server with another key is another server.
    let other = [("VESTIBULE_PUBLIC_URL", &*here), ("VESTIBULE_SECRET_KEY", OTHER_KEY)];
    assert!(error(&other, "address").contains("answers with 404"));
    // Nor is one believed that has been heard of a minute ago.
    app.pass(Duration::from_secs(70));
    assert!(error(&[("VESTIBULE_PUBLIC_URL", &*here)], "address").contains("answers with 404"));

    app.sql("INSERT INTO audit_events (at, kind, actor) VALUES (9999999999999, 'locked', 'system')").await;
    assert!(error(&[], "clock").contains("set the clock"));
    app.sql(
        "INSERT INTO webhook_deliveries (webhook, message, event, account_id, body, created_at, due_at, failed_at) \
         VALUES ('shop', 'msg_1', 'account.created', 1, '{}', 1, 1, 2)",
    )
    .await;
    app.sql(
        "INSERT INTO outbox (kind, recipient, created_at, due_at, failed_at) \
         VALUES ('invitation', 'ada@example.org', 1, 1, 2)",
    )
    .await;
    let (all, _) = found(scratch, &[]);
    let (_, verdict, said) = all.iter().find(|(about, ..)| about == "outbox").unwrap();
    assert_eq!(verdict, "warning");
    for words in ["1 mail was set aside: `vestibule mail list", "1 message to `webhooks.shop` set aside"] {
        assert!(said.contains(words), "{said}");
    }
    app.sql("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 21").await;
    assert!(error(&[], "database").contains("migration 9999 is of a newer program"));
    app.sql("UPDATE _sqlx_migrations SET version = 21 WHERE version = 9999").await;
    let theme = scratch.folder().join("theme");
    std::fs::create_dir_all(theme.join("templates/pages")).unwrap();
    std::fs::write(theme.join("theme.toml"), "name = \"t\"\nversion = \"1\"\ncontract = 1\n").unwrap();
    std::fs::write(theme.join("templates/pages/login.html"), "{{ nothing }}").unwrap();
    assert!(error(&[("VESTIBULE_THEME", "theme")], "theme").contains("vestibule theme check"));
    // The server made this file, closed to others.
    std::fs::remove_file(scratch.folder().join("data/secret.key")).unwrap();
    let (all, _) = found(scratch, &[]);
    assert!(all.iter().any(|(about, ..)| about == "keys"), "{all:?}");
}

/// Base64 of 32 bytes that no server has.
const OTHER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

async fn nobody_else_learns_how_a_request_arrived(engine: Engine) {
    let app = TestApp::new(engine).await;
    for authorization in ["", "Bearer x", "Bearer AAAA", "Basic YTpi"] {
        let asked = app.visitor().get("/health/seen").wants_json().header("x-real-ip", "192.0.2.1");
        let asked =
            if authorization.is_empty() { asked } else { asked.header("authorization", authorization) };
        let answer = asked.send().await;
        assert_eq!(answer.status, 404, "{authorization}");
        assert!(!answer.text().contains("192.0.2.1"));
    }
}
