//! `/dev/mail` shows mail in files to a developer, and to nobody else.

use serde_json::json;
use store::Engine;

use crate::engines::both_engines;
use crate::support::{TestApp, html};

both_engines!(
    a_developer_reads_mail_and_follows_its_link,
    a_program_reads_mail,
    mail_is_shown_in_the_readers_language,
    nothing_else_in_the_folder_is_shown,
    the_html_of_a_message_can_do_nothing,
    there_is_no_page_where_there_should_be_none,
);

/// A server on which ada requested `count` links.
async fn asked(engine: Engine, count: usize) -> TestApp {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    for number in 1..=count {
        app.visitor().post("/user/forgot").form(&[("email", "ada")]).send().await;
        app.mailed("ada@example.org", number).await;
        app.pass(std::time::Duration::from_secs(60));
    }
    app
}

async fn a_developer_reads_mail_and_follows_its_link(engine: Engine) {
    let app = TestApp::new(engine).await;
    let page = app.visitor().get("/dev/mail").send().await;
    assert_eq!((page.status, page.is_page()), (200, true));
    assert!(!page.text().contains("href=\"/dev/mail/"), "{}", page.text());
    let app = asked(engine, 2).await;
    let visitor = app.visitor();
    let page = visitor.get("/dev/mail").send().await.text();
    let links: Vec<&str> =
        page.split("<a href=\"/dev/mail/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let [newest, oldest] = links[..] else { panic!("{page}") };
    assert!(newest > oldest, "{page}");
    assert!(page.contains("ada@example.org"), "{page}");
    let page = visitor.get(&format!("/dev/mail/{newest}")).send().await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-src 'self'") && policy.contains("default-src 'none'"), "{policy}");
    let page = page.text();
    assert_eq!(html::headline(&page), Some("Choose a new password for Vestibule"));
    let token = html::between(&page, "href=\"&#x2F;user&#x2F;reset?token=", "\"").unwrap();
    let offer = visitor.get(&format!("/user/reset?token={token}")).send().await;
    assert_eq!(offer.status, 200, "{page}");
    let frame = html::between(&page, "<iframe ", ">").unwrap();
    assert!(frame.contains("sandbox") && !frame.contains("allow-"), "{frame}");
    let source = html::between(frame, "src=\"", "\"").unwrap();
    let shown = visitor.get(source).send().await;
    assert_eq!(shown.status, 200);
    assert!(shown.text().contains(&format!("user&#x2F;reset?token={token}")), "{}", shown.text());
}

async fn a_program_reads_mail(engine: Engine) {
    let app = asked(engine, 1).await;
    let visitor = app.visitor();
    let list = visitor.get("/dev/mail").wants_json().send().await.json();
    let mail = &list["mails"][0];
    assert_eq!((&mail["to"], list["mails"].as_array().unwrap().len()), (&"ada@example.org".into(), 1));
    let mail =
        visitor.get(&format!("/dev/mail/{}", mail["name"].as_str().unwrap())).wants_json().send().await;
    let mail = mail.json();
    assert_eq!(mail["subject"], "Choose a new password for Vestibule");
    assert_eq!(mail["sent_at"], 1_767_225_600_000_i64);
    for (part, link) in [("text", "/user/reset?token="), ("html", "&#x2F;user&#x2F;reset?token=")] {
        assert!(mail[part].as_str().unwrap().contains(link), "{mail}");
    }
    visitor.get("/dev/mail/nothing.eml").wants_json().send().await.problem(404);
}

async fn mail_is_shown_in_the_readers_language(engine: Engine) {
    let app = TestApp::new(engine).await;
    app.signed_up("ada").await;
    app.visitor().post("/user/forgot").header("accept-language", "ru").form(&[("email", "ada")]).send().await;
    app.mailed("ada@example.org", 1).await;
    for (language, title) in [("en", "Mail"), ("fr", "Messages"), ("ru", "Письма")] {
        let page = app.visitor().get("/dev/mail").header("accept-language", language).send().await.text();
        assert_eq!((html::headline(&page), html::language(&page)), (Some(title), Some(language)));
        // The subject was encoded in the message.
        assert!(page.contains(">Новый пароль для Vestibule</a>"), "{page}");
    }
}

async fn nothing_else_in_the_folder_is_shown(engine: Engine) {
    let app = asked(engine, 1).await;
    let folder = app.scratch().folder().join("data/mail");
    for name in ["notes.txt", ".20260101T000000.000Z-00000001-1.eml.part", "folder.eml.d"] {
        std::fs::write(folder.join(name), "To: eve@example.org\r\nSubject: x\r\n\r\nsecret").unwrap();
    }
    std::fs::write(folder.join("empty.eml"), "").unwrap();
    let page = app.visitor().get("/dev/mail").send().await;
    assert_eq!(page.status, 200);
    assert_eq!(page.text().matches("ada@example.org").count(), 1);
    assert!(!page.text().contains("eve@example.org"), "{}", page.text());
    for name in [
        "notes.txt",
        ".20260101T000000.000Z-00000001-1.eml.part",
        "..%2Ftest.sqlite",
        "..%2F..%2Fmail%2Fempty.eml",
        "%2e%2e",
        "a%00.eml",
        "none.eml",
    ] {
        for path in [format!("/dev/mail/{name}"), format!("/dev/mail/{name}/html")] {
            let answer = app.visitor().get(&path).send().await;
            assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        }
    }
}

async fn the_html_of_a_message_can_do_nothing(engine: Engine) {
    let app = TestApp::new(engine).await;
    let folder = app.scratch().folder().join("data/mail");
    let message = json!({
        "to": "\"<b>\" <ada@example.org>",
        "subject": "<script>alert(1)</script>",
        "sent_at": 0,
        "text": "<script>alert(1)</script>",
        "html": "<script>alert(1)</script><img src=\"https://evil.example/x.png\">",
        "links": [],
    });
    std::fs::write(folder.join("evil.eml"), "").unwrap();
    std::fs::write(folder.join("evil.json"), message.to_string()).unwrap();
    for path in ["/dev/mail", "/dev/mail/evil.eml"] {
        let page = app.visitor().get(path).send().await;
        assert_eq!(page.status, 200);
        assert!(!page.text().contains("<script>alert"), "{}", page.text());
    }
    let shown = app.visitor().get("/dev/mail/evil.eml/html").send().await;
    assert_eq!(shown.header("x-frame-options"), Some("SAMEORIGIN"));
    let policy: Vec<&str> =
        shown.header("content-security-policy").unwrap().split(';').map(str::trim).collect();
    for rule in ["default-src 'none'", "sandbox", "frame-ancestors 'self'", "form-action 'none'"] {
        assert!(policy.contains(&rule), "{policy:?}");
    }
    assert!(!policy.iter().any(|rule| rule.starts_with("script-src")), "{policy:?}");
    assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
}

async fn there_is_no_page_where_there_should_be_none(engine: Engine) {
    for settings in [
        "mail.page = 'off'",
        "smtp.url = 'smtp://127.0.0.1:1'",
        "smtp.url = 'smtp://127.0.0.1:1'\nmail.page = 'on'",
        "public_url = 'https://accounts.example.org'",
        "address = '0.0.0.0'",
    ] {
        let app = TestApp::with(engine, settings).await;
        for path in ["/dev/mail", "/dev/mail/x.eml", "/dev/mail/x.eml/html"] {
            assert_eq!(app.visitor().get(path).send().await.status, 404, "{settings}: {path}");
        }
    }
    for settings in ["public_url = 'https://accounts.example.org'\nmail.page = 'on'", ""] {
        let app = TestApp::with(engine, settings).await;
        assert_eq!(app.visitor().get("/dev/mail").send().await.status, 200, "{settings}");
    }
}
