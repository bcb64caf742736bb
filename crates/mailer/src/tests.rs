//! Addresses, and messages as they are on the wire. Delivery is tested against a server.

use super::message::{build, file_name, sender};
use super::{KeptMail, KeptMails, Mailer, MailerSettings, OutgoingMail, check_address, check_sender};

fn mail<'a>(to: &'a str, subject: &'a str) -> OutgoingMail<'a> {
    let (written_at, sent_at) = (1_767_225_600_000, 1_767_225_601_234);
    OutgoingMail {
        id: 7,
        attempt: 2,
        written_at,
        sent_at,
        to,
        subject,
        text: "Hello\n",
        html: "<p>Hello</p>",
        language: "en",
    }
}

fn formatted(mail: &OutgoingMail<'_>, from: &str, name: &str) -> String {
    let message = build(mail, &sender(from, name).unwrap(), "accounts.example.org").unwrap();
    String::from_utf8(message.formatted()).unwrap()
}

#[test]
fn only_addresses_of_mail_servers_are_accepted() {
    for good in [
        "smtp://localhost:2525",
        "smtps://user:secret@mail.example.org",
        "smtp://mail.example.org",
        "smtp://mail.example.org?tls=required",
        "smtp://mail.example.org/accounts.example.org?tls=opportunistic",
        "smtp://mail.example.org:25?tls=none",
        "smtp://[::1]:2525",
    ] {
        assert_eq!(check_address(good), Ok(()), "{good}");
    }
    for bad in [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "",
        "smtp://mail.example.org?tls=off",
        "smtps://mail.example.org?tls=none",
        "smtp://mail.example.org?ssl=true",
        "smtp://mail.example.org?tls=none&secret=1",
        "smtps://me@example.org:s@cret#1@mail.example.org",
        "smtps://me:12/secret@mail.example.org",
        "smtps://me:12?secret@mail.example.org",
        "smtps://me:secret/1@mail.example.org",
    ] {
        let error = check_address(bad).unwrap_err();
        assert!(!error.contains("secret") && !error.contains("cret"), "{error}");
    }
}

#[test]
fn mail_comes_from_an_address_that_may_have_a_name() {
    for good in ["no-reply@example.org", "no-reply@localhost", "The Café <cafe@example.org>"] {
        assert_eq!(check_sender(good), Ok(()), "{good}");
    }
    for bad in ["", "nobody", "a@b@c", "A\r\nBcc: x@example.org <a@example.org>", "a@example.org\n"] {
        assert!(check_sender(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn a_message_says_what_it_is() {
    let text = formatted(&mail("ada@example.org", "Your account"), "no-reply@example.org", "The site");
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    for line in [
        "From: \"The site\" <no-reply@example.org>",
        "To: ada@example.org",
        "Subject: Your account",
        "Date: Thu, 01 Jan 2026 00:00:01 +0000",
        "Message-ID: <mail.7.1767225600000@accounts.example.org>",
        "Auto-Submitted: auto-generated",
        "Content-Language: en",
        "MIME-Version: 1.0",
    ] {
        assert!(head.lines().any(|found| found == line), "{line} in {head}");
    }
    assert!(body.contains("text/plain") && body.contains("text/html"), "{body}");
}

#[test]
fn nobody_writes_headers_of_their_own() {
    let (long, word) = ("é".repeat(1_000), "x".repeat(1_000));
    let hostile = [
        "x\r\nBcc: eve@example.org",
        "x\nBcc: y",
        "x\rBcc: y",
        "x\0y",
        "x\u{202E}y",
        "x\u{2028}y",
        &long,
        &word,
    ];
    for words in hostile {
        let text = formatted(&mail("ada@example.org", words), "no-reply@example.org", words);
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.is_ascii(), "{head}");
        assert!(!head.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc")), "{head}");
        assert!(head.lines().all(|line| line.len() <= 300), "{head}");
        assert!(text.contains("Hello"), "{words:?}");
    }
    for to in ["ada@example.org\r\nBcc: eve@example.org", "ada@example.org,eve@example.org", "", "ada"] {
        let from = sender("no-reply@example.org", "").unwrap();
        assert!(build(&mail(to, "x"), &from, "example.org").is_err(), "{to:?}");
    }
}

#[test]
fn nothing_that_was_typed_is_an_encoded_word() {
    let words = "=?utf-8?Q?=0D=0ABcc:_eve@example.org?=";
    let text = formatted(&mail("ada@example.org", words), "no-reply@example.org", "");
    assert!(!text.contains("=?"), "{text}");
}

/// The parts of a message, raw: the head and the body of each.
fn parts(mail: &OutgoingMail<'_>) -> Vec<(String, String)> {
    let text = formatted(mail, "no-reply@example.org", "");
    let boundary = text.split_once("boundary=\"").unwrap().1.split_once('"').unwrap().0;
    let between = format!("--{boundary}");
    let parts = text.split(&between).skip(1).filter(|part| !part.starts_with("--"));
    let parts = parts.map(|part| part.trim_start().split_once("\r\n\r\n").unwrap());
    parts.map(|(head, body)| (head.to_owned(), body.to_owned())).collect()
}

#[test]
fn ascii_goes_as_it_is_up_to_the_longest_line_of_servers() {
    let line = |length: usize| format!("Hello\n{}\nBye\n", "x".repeat(length));
    for length in [0, 74, 75, 76, 77, 200, 998] {
        let (text, html) = (line(length), line(length));
        let mail = OutgoingMail { text: &text, html: &html, ..mail("ada@example.org", "x") };
        for (head, body) in parts(&mail) {
            assert!(head.contains("Content-Transfer-Encoding: 7bit"), "{length}: {head}");
            assert_eq!(body.trim_end().replace("\r\n", "\n"), text.trim_end(), "{length}");
        }
    }
    for text in [&line(999), "a\rb", "a\0b"] {
        let mail = OutgoingMail { text, html: text, ..mail("ada@example.org", "x") };
        for (head, body) in parts(&mail) {
            assert!(!head.contains("7bit"), "{text:?}: {head}");
            assert!(body.lines().all(|line| line.len() <= 76 && !line.contains(['\r', '\0'])), "{body:?}");
        }
    }
}

#[test]
fn files_lie_in_the_order_in_which_they_were_sent() {
    assert_eq!(file_name(&mail("a", "b")), "20260101T000001.234Z-00000007-2");
}

fn into(folder: &std::path::Path) -> MailerSettings {
    MailerSettings {
        url: None,
        credentials: None,
        authority: None,
        folder: folder.to_owned(),
        from: "no-reply@example.org".to_owned(),
        from_name: "The site".to_owned(),
        host: "accounts.example.org".to_owned(),
        connections: 1,
    }
}

#[tokio::test]
async fn mail_that_became_files_is_listed_as_it_was_sent() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = Mailer::new(&into(folder.path())).unwrap();
    let kept = KeptMails::new(folder.path().to_owned());
    assert_eq!(kept.list().await.unwrap(), []);
    let text = "Déjà vu\n\n  https://example.org/reset?token=x\nnot https://example.org/y\n";
    let later = OutgoingMail { text, sent_at: 1_767_225_601_235, ..mail("ada@example.org", "Été\r\n2026") };
    mailer.send(&mail("ada@example.org", "x")).await.unwrap();
    let path = mailer.send(&later).await.unwrap();
    assert!(std::fs::read_to_string(path).unwrap().contains("To: ada@example.org"));
    let listed = kept.list().await.unwrap();
    let expected = KeptMail {
        name: "20260101T000001.235Z-00000007-2.eml".to_owned(),
        to: "ada@example.org".to_owned(),
        subject: "Été 2026".to_owned(),
        sent_at: 1_767_225_601_235,
        text: text.to_owned(),
        html: "<p>Hello</p>".to_owned(),
        links: vec!["https://example.org/reset?token=x".to_owned()],
    };
    assert_eq!((listed.len(), &listed[0]), (2, &expected));
    assert_eq!(kept.find(&expected.name).await.unwrap(), Some(expected));
    assert_eq!(kept.find("20260101T000001.235Z-00000007-3.eml").await.unwrap(), None);
}

#[tokio::test]
async fn files_of_somebody_else_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [("a.eml", "To: x"), ("b.eml", "To: x"), ("b.json", "{}"), ("c.json", "[]")] {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let kept = KeptMails::new(folder.path().to_owned());
    assert_eq!(kept.list().await.unwrap(), []);
    for name in ["a.eml", "b.eml", "c.eml", "b.json"] {
        assert_eq!(kept.find(name).await.unwrap(), None, "{name}");
    }
}
