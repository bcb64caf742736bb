//! `vestibule mail …`: the real program beside a running server.

use std::io::Write as _;
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use store::Engine;

use crate::engines::{Scratch, both_engines};
use crate::support::smtp::{Habits, MailServer};
use crate::support::{TestApp, until};

both_engines![
    the_list_says_what_waits_and_what_was_set_aside,
    what_was_set_aside_is_sent_after_a_retry,
    a_retried_message_is_tried_for_two_days_again,
    what_is_being_sent_is_left_alone,
    what_cannot_be_is_said,
];

const PATIENCE: Duration = Duration::from_secs(20);
const DAY: Duration = Duration::from_secs(86_400);

/// Runs `vestibule mail` over this database.
fn mail(scratch: &Scratch, arguments: &[&str]) -> Output {
    mail_with(scratch, &[], arguments)
}

fn mail_with(scratch: &Scratch, settings: &[(&str, &str)], arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vestibule"))
        .arg("mail")
        .args(arguments)
        .current_dir(scratch.folder())
        .env_clear()
        .env("VESTIBULE_DATABASE_URL", &scratch.url)
        .envs(settings.iter().copied())
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

/// The cells of each line. Two or more spaces separate them.
fn cells(table: &str) -> Vec<Vec<&str>> {
    let parts = |line| str::split(line, "  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    table.lines().map(parts).collect()
}

/// Writes a row to the outbox without the server. `more` contains values of further columns.
async fn write(app: &TestApp, recipient: &str, more: &[(&str, String)]) {
    let columns: String = more.iter().map(|(name, _)| format!(", {name}")).collect();
    let values: String = more.iter().map(|(_, value)| format!(", {value}")).collect();
    app.sql(&format!(
        "INSERT INTO outbox (kind, account_id, recipient, created_at{columns}) \
         SELECT 'recovery', id, '{recipient}', {}{values} FROM accounts",
        app.now()
    ))
    .await;
}

async fn the_list_says_what_waits_and_what_was_set_aside(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let heads = ["ID", "KIND", "RECIPIENT", "WRITTEN", "ATTEMPTS", "STATE", "FAILURE"];
    assert_eq!(cells(&printed(mail(app.scratch(), &["list"]))), [heads]);
    // The command uses the real clock, for which the tests' time is long past. A message due in a hundred
    // years waits for both.
    let later = app.now() + 100 * 365 * 86_400_000;
    let due = ("due_at", later.to_string());
    write(&app, "waits@example.org", &[due.clone(), ("attempts", "3".into()), ("failure", "'busy'".into())])
        .await;
    write(&app, "leased@example.org", &[due.clone(), ("leased_until", later.to_string())]).await;
    let gone = ("failed_at", (app.now() + 90_000).to_string());
    let failure = ("failure", "'550 nobody is called so'".to_owned());
    write(&app, "failed@example.org", &[due.clone(), gone.clone(), failure]).await;
    write(&app, "e\r\n\u{1b}[2Jvil@example.org", &[due.clone(), gone]).await;
    app.sql(&format!(
        "INSERT INTO outbox (kind, recipient, created_at, due_at) VALUES ('blank', '', 0, {later})"
    ))
    .await;
    let table = printed(mail(app.scratch(), &["list"]));
    let made = "2026-01-01 00:00 UTC";
    let aside = "set aside 2026-01-01 00:01 UTC";
    assert_eq!(
        cells(&table)[1..],
        [
            &["1", "recovery", "waits@example.org", made, "3", "due 2125-12-08 00:00 UTC", "busy"][..],
            &["2", "recovery", "leased@example.org", made, "0", "being sent"],
            &["3", "recovery", "failed@example.org", made, "0", aside, "550 nobody is called so"],
            &["4", "recovery", "e   [2Jvil@example.org", made, "0", aside],
        ]
        .map(|row| row.iter().flat_map(|cell| cell.split("  ")).map(str::trim).collect::<Vec<_>>())
    );
    let failed = printed(mail(app.scratch(), &["list", "--failed"]));
    let ids: Vec<&str> = cells(&failed)[1..].iter().map(|row| row[0]).collect();
    assert_eq!(ids, ["3", "4"]);
}

async fn what_was_set_aside_is_sent_after_a_retry(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let due = ("due_at", (app.now() + 3_600_000).to_string());
    let gone = ("failed_at", app.now().to_string());
    for to in ["one@example.org", "two@example.org"] {
        write(&app, to, &[due.clone(), gone.clone()]).await;
    }
    write(&app, "waits@example.org", &[due]).await;
    // Moves the tests' clock to the present, which is the command's time.
    app.pass(until_present(&app));
    assert_eq!(printed(mail(app.scratch(), &["retry", "2"])), "");
    app.mailed("two@example.org", 1).await;
    assert!(app.mails("one@example.org").is_empty());
    let output = mail(app.scratch(), &["retry", "--all"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("due now: "), "{output:?}");
    for to in ["one@example.org", "waits@example.org"] {
        app.mailed(to, 1).await;
    }
    until(PATIENCE, || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
    assert_eq!(cells(&printed(mail(app.scratch(), &["list"]))).len(), 1);
}

/// Time from the tests' clock to a minute after the present.
fn until_present(app: &TestApp) -> Duration {
    let present = std::time::UNIX_EPOCH.elapsed().unwrap() + Duration::from_secs(60);
    present - Duration::from_millis(u64::try_from(app.now()).unwrap())
}

async fn a_retried_message_is_tried_for_two_days_again(engine: Engine) {
    let Some(server) = MailServer::up() else { return };
    let app = TestApp::with(engine, &server.settings()).await;
    app.signed_up("ada").await;
    app.pass(until_present(&app));
    let long_ago = app.now() - 30 * 86_400_000;
    app.sql(&format!(
        "INSERT INTO outbox (kind, account_id, recipient, created_at, due_at, failed_at) \
         SELECT 'recovery', id, 'busy@example.org', {long_ago}, {long_ago}, {long_ago} FROM accounts"
    ))
    .await;
    printed(mail(app.scratch(), &["retry", "1"]));
    until(PATIENCE, || async { app.count("SELECT COUNT(*) FROM outbox WHERE failure <> ''").await == 1 })
        .await;
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox WHERE failed_at IS NULL").await, 1);
    app.pass(DAY);
    until(PATIENCE, || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
    assert_eq!(server.count("busy@example.org"), 1);
}

async fn what_is_being_sent_is_left_alone(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    let later = (app.now() + 100 * 365 * 86_400_000).to_string();
    write(&app, "leased@example.org", &[("due_at", later.clone()), ("leased_until", later)]).await;
    let said = complaint(mail(app.scratch(), &["retry", "1"]));
    assert!(said.contains("no message 1"), "{said}");
    printed(mail(app.scratch(), &["retry", "--all"]));
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox WHERE leased_until = due_at").await, 1);
}

async fn what_cannot_be_is_said(engine: Engine) {
    let scratch = Scratch::migrated(engine).await;
    for (arguments, named) in [
        (&["test"][..], "ADDRESS"),
        (&["test", "nobody"], "ada@example.org"),
        (&["test", "a@example.org\r\nBcc: b@example.org"], "ada@example.org"),
        (&["test", "ada@example.org", "--locale", "tlh"], "tlh"),
        (&["list", "--nonsense"], "--nonsense"),
        (&["retry"], "--all"),
        (&["retry", "one"], "one"),
        (&["retry", "1", "--all"], "--all"),
        (&["retry", "7"], "no message 7"),
        (&["nonsense"], "nonsense"),
    ] {
        let said = complaint(mail(&scratch, arguments));
        assert!(said.contains(named), "{arguments:?}: {said}");
    }
    let wrong =
        mail_with(&scratch, &[("VESTIBULE_SMTP_URL", "smtp://x?tls=maybe")], &["test", "a@b.example"]);
    assert!(complaint(wrong).contains("`smtp.url`"));
}

#[tokio::test]
async fn a_test_message_arrives_and_the_servers_answer_is_said() {
    let Some(server) =
        MailServer::with(Habits { tls: "smtps", login: Some("house:secret"), ..Habits::default() })
    else {
        return;
    };
    let scratch = Scratch::new(Engine::Sqlite).await;
    let url = server.address("smtps://house:secret@localhost:PORT");
    let certificate = server.certificate().display().to_string();
    let settings = [
        ("VESTIBULE_SMTP_URL", url.as_str()),
        ("VESTIBULE_SMTP__CA_FILE", &certificate),
        ("VESTIBULE_PUBLIC_URL", "https://accounts.example.org"),
        // The command does not use the database.
        ("VESTIBULE_DATABASE_URL", "postgres://nobody@127.0.0.1:1/nowhere"),
    ];
    for (locale, subject) in [("en", "Test email"), ("fr", "essai"), ("ru", "Пробное")] {
        let said = printed(mail_with(&scratch, &settings, &["test", "ada@example.org", "--locale", locale]));
        assert!(said.contains("taken the message: 250 taken"), "{said}");
        let mail = server.received().pop().unwrap();
        assert!(mail.header("Subject").contains(subject), "{}", mail.header("Subject"));
        assert_eq!((mail.recipient.as_str(), mail.header("To")), ("ada@example.org", "ada@example.org"));
        assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
        assert_eq!(mail.link("https://"), "https://accounts.example.org/");
    }
    let said = complaint(mail_with(&scratch, &settings, &["test", "refused@example.org"]));
    assert!(said.contains("for good") && said.contains("nobody is called so"), "{said}");
    let said = complaint(mail_with(&scratch, &settings, &["test", "busy@example.org"]));
    assert!(said.contains("now") && said.contains("come back later"), "{said}");
    let wrong = server.address("smtps://house:wrong-one@localhost:PORT");
    let settings = [&settings[1..], &[("VESTIBULE_SMTP_URL", wrong.as_str())]].concat();
    let said = complaint(mail_with(&scratch, &settings, &["test", "ada@example.org"]));
    assert!(said.contains("no mail can be sent") && !said.contains("wrong-one"), "{said}");
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn a_test_message_without_a_mail_server_is_refused() {
    let scratch = Scratch::new(Engine::Sqlite).await;
    let said = complaint(mail(&scratch, &["test", "ada@example.org"]));
    assert!(said.contains("`smtp.url`") && said.contains("VESTIBULE_SMTP_URL"), "{said}");
    assert_eq!(std::fs::read_dir(scratch.folder()).unwrap().count(), 0, "something was made");
}

/// A server that answers every connection with this, then says no more.
fn mute_server(greeting: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept() {
            let _ = stream.write_all(greeting);
            held.push(stream);
        }
    });
    port
}

#[tokio::test]
async fn a_test_message_that_goes_nowhere_names_the_server_and_takes_half_a_minute_at_most() {
    let scratch = Scratch::new(Engine::Sqlite).await;
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let refused = format!("127.0.0.1:{closed}");
    let plain = format!("127.0.0.1:{}", mute_server(b"220 hello\r\n"));
    let silent = format!("127.0.0.1:{}", mute_server(b""));
    for (url, place, said) in [
        (format!("smtp://{refused}"), refused.as_str(), "Connection refused"),
        ("smtp://nowhere.invalid".to_owned(), "nowhere.invalid:587", "lookup"),
        (format!("smtps://{plain}"), &plain, "does not speak TLS from the start on this port"),
        (format!("smtp://{silent}"), &silent, "does not greet"),
    ] {
        let begun = Instant::now();
        let settings = [("VESTIBULE_SMTP_URL", url.as_str())];
        let complaint = complaint(mail_with(&scratch, &settings, &["test", "ada@example.org"]));
        assert!(complaint.contains(&format!("{place}: ")) && complaint.contains(said), "{url}: {complaint}");
        assert!(begun.elapsed() < Duration::from_secs(40), "{url}: {:?}", begun.elapsed());
    }
}
