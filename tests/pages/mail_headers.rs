//! With any text in accounts, settings and the outbox, a message is well formed, contains no foreign text,
//! and delays no other message. Python's `email` package parses the messages.

use std::time::Duration;

use store::Engine;

use crate::engines::both_engines;
use crate::support::smtp::{MailServer, Received};
use crate::support::{PASSWORD, TestApp, until};

both_engines!(
    names_of_accounts_reach_no_header,
    names_of_the_site_and_the_sender_stay_on_their_line,
    rows_that_are_no_message_are_set_aside,
);

const PATIENCE: Duration = Duration::from_secs(20);

const HEADERS: [&str; 9] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
];

/// Text that has broken mail elsewhere.
fn hostile() -> Vec<String> {
    let short = [
        "x\r\nBcc: eve@example.org",
        "x\nBcc: eve@example.org\n\nGo away",
        "x\rBcc: eve@example.org",
        "x\0y",
        "\u{202E}gro.elpmaxe@eve\u{202C} \u{2066}\u{2069}\u{061C}",
        "\u{2028}\u{2029}",
        "=?utf-8?Q?=0D=0ABcc:_eve@example.org?=",
        "\"\\\" <eve@example.org>, ,;:()[]",
    ];
    let long = ["x".repeat(1_000), "é".repeat(1_000), "x ".repeat(500), "\u{1F56F}".repeat(250)];
    short.into_iter().map(str::to_owned).chain(long).collect()
}

/// Checks that a message has exactly our headers, each once, without control characters.
#[track_caller]
fn is_whole(mail: &Received, link: &str) {
    let mut names: Vec<&str> = mail.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    let mut wanted = HEADERS;
    wanted.sort_unstable();
    assert_eq!(names, wanted, "{}", mail.content);
    assert!(mail.defects.is_empty(), "{:?}: {}", mail.defects, mail.content);
    for (name, value) in &mail.headers {
        let moves = |c: char| {
            c.is_control() || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{061C}')
        };
        assert!(!value.contains(moves), "{name}: {value:?}");
    }
    let head = mail.content.split("\r\n\r\n").next().unwrap();
    assert!(head.is_ascii() && mail.content.split("\r\n").all(|line| line.len() <= 998), "{head}");
    mail.link(link);
}

async fn names_of_accounts_reach_no_header(engine: Engine) {
    let Some(server) = MailServer::up() else { return };
    let app = TestApp::with(engine, &server.settings()).await;
    let ada = app.signed_up("ada").await;
    for (count, text) in (1..).zip(hostile()) {
        // The form refuses some of this text. The statement below writes it to the database in any case.
        for field in ["name", "firstname", "lastname", "locale"] {
            ada.post("/user/modify/profile").wants_json().form(&[(field, &text)]).send().await;
        }
        let sql = text.replace('\'', "''").replace('\0', "");
        app.sql(&format!("UPDATE accounts SET name = '{sql}', firstname = '{sql}', locale = '{sql}'")).await;
        let ask = app.visitor().post("/user/forgot").header("accept-language", "fr");
        assert_eq!(ask.form(&[("email", "ada")]).send().await.status, 303);
        until(PATIENCE, || async { server.count("ada@example.org") == count }).await;
        is_whole(server.received().last().unwrap(), &app.url("/user/reset?token="));
        app.pass(Duration::from_secs(60));
    }
    // An invalid address cannot be registered.
    for text in hostile() {
        let email = format!("{text}@example.org");
        for email in [&email, &text] {
            let form = [("email", email.as_str()), ("username", "eve"), ("password", PASSWORD)];
            let answer = app.visitor().post("/user/create").wants_json().form(&form).send().await;
            assert!((400..500).contains(&answer.status), "{email}: {}", answer.status);
        }
    }
    until(PATIENCE, || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
}

async fn names_of_the_site_and_the_sender_stay_on_their_line(engine: Engine) {
    for text in hostile() {
        // The start refuses such settings, so they cannot reach a message.
        if text.contains(char::is_control) || text.trim().is_empty() {
            continue;
        }
        let Some(server) = MailServer::up() else { return };
        let sender = format!("\"{}\" <accounts@example.org>", text.replace(['"', '\\'], ""));
        let mut settings = server.settings().replace("smtp.from", "# ");
        settings.push_str(&format!("smtp.from = '''{sender}'''\nsite.name = '''{text}'''\n"));
        let app = TestApp::with(engine, &settings).await;
        app.signed_up("ada").await;
        app.visitor().post("/user/forgot").wants_json().form(&[("email", "ada")]).send().await;
        until(PATIENCE, || async { server.count("ada@example.org") == 1 }).await;
        let mail = server.received().remove(0);
        is_whole(&mail, &app.url("/user/reset?token="));
        assert!(
            mail.header("From").ends_with("<accounts@example.org>") || mail.header("From") == mail.sender
        );
        assert!(
            mail.header("Subject").starts_with("Choose a new password for"),
            "{}",
            mail.header("Subject")
        );
    }
}

async fn rows_that_are_no_message_are_set_aside(engine: Engine) {
    let Some(server) = MailServer::up() else { return };
    let app = TestApp::with(engine, &server.settings()).await;
    app.signed_up("ada").await;
    let mut written = 0;
    for text in hostile() {
        let sql = text.replace('\'', "''").replace('\0', "");
        for to in [sql.clone(), format!("{sql}@example.org"), format!("ada@example.org{sql}")] {
            let now = app.now();
            app.sql(&format!(
                "INSERT INTO outbox (kind, account_id, recipient, locale, created_at, due_at) \
                 SELECT 'invitation', id, '{to}', '{sql}', {now}, {now} FROM accounts"
            ))
            .await;
            written += 1;
        }
    }
    app.visitor().post("/user/forgot").wants_json().form(&[("email", "ada")]).send().await;
    until(PATIENCE, || async { app.count("SELECT COUNT(*) FROM outbox WHERE failed_at IS NULL").await == 0 })
        .await;
    let set_aside = app.count("SELECT COUNT(*) FROM outbox").await;
    let sent = server.received();
    assert_eq!(i64::try_from(sent.len()).unwrap() + set_aside, written + 1, "one was lost");
    for mail in &sent {
        is_whole(mail, &app.url("/user/reset?token="));
        assert!(!mail.recipient.contains("eve"), "{}", mail.recipient);
    }
    assert!(sent.iter().any(|mail| mail.recipient == "ada@example.org"));
}
