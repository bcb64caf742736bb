//! Recovery, with the mail read from a real mail server's mailbox, and again from the page that shows mail
//! without a mail server.

use crate::support::smtp::MailServer;
use crate::support::{Browser, EMAIL, Engine, PASSWORD, Stage, Taste, USERNAME, eventually, sentence};

const NEW_PASSWORD: &str = "another lamp, another door";

/// Requests a recovery link on the pages.
async fn forget(browser: &Browser, identifier: &str) {
    browser.go("/user/login").await;
    browser.press("a[href='/user/forgot']").await;
    browser.fill("email", identifier).await;
    browser.send("/user/forgot").await;
    let sent = "/user/forgot?requested=yes".to_owned();
    assert_eq!((browser.path().await, browser.status().await), (sent, 200));
}

/// Opens the link and chooses `NEW_PASSWORD`.
async fn choose(browser: &Browser, language: &str, title: &str) {
    assert_eq!(browser.status().await, 200);
    assert_eq!(browser.read("h1").await, sentence(language, title, &[]));
    assert!(browser.read("main").await.contains(EMAIL));
    browser.fill("npassword", NEW_PASSWORD).await;
    browser.hops().await;
    browser.send("/user/reset").await;
    assert_eq!(browser.hops().await, ["POST /user/reset 303", "GET /user/login 200"]);
    assert_eq!(browser.read(".notice").await, sentence(language, "notice-password-reset", &[]));
}

async fn recover(engine: Engine, taste: Taste, identifier: &str) {
    let Some(server) = MailServer::up() else { return };
    let Some(stage) = Stage::with(engine, &server.settings()).await else { return };
    let before = stage.member(taste).await;
    let browser = stage.browser(taste).await;
    browser.try_sign_in(EMAIL, "not this one").await;
    assert_eq!(browser.status().await, 401);
    forget(&browser, identifier).await;
    let said = browser.read("[role=status]").await;
    let typed = sentence(taste.language, "check-email-recovery", &[]);
    assert!(said.contains(&typed) && said.contains(identifier), "{said}");
    eventually("mail", async || server.count(EMAIL) == 1).await;
    let mail = server.received().remove(0);
    assert_eq!(
        mail.header("Subject"),
        sentence(taste.language, "mail-recovery-subject", &[("site", "Vestibule")])
    );
    let link = mail.link(&format!("{}/user/reset?token=", stage.server.origin));
    browser.driver.goto(link).await.unwrap();
    choose(&browser, taste.language, "reset-title").await;
    browser.sign_in(EMAIL, NEW_PASSWORD).await;
    // The new password has ended the other sessions.
    before.go("/user/profil").await;
    assert!(before.path().await.starts_with("/user/login"));
    before.try_sign_in(USERNAME, PASSWORD).await;
    assert_eq!(before.status().await, 401);
    before.sign_in(USERNAME, NEW_PASSWORD).await;
    // A used link offers the form that requests another one.
    before.driver.goto(link).await.unwrap();
    assert_eq!(before.status().await, 410);
    assert_eq!(before.read("#alert").await, sentence(taste.language, "alert-ticket-spent", &[]));
    let complaints = browser.complaints().await;
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_forgot_the_password_gets_in_by_mail() {
    recover(Engine::Sqlite, Taste::default(), EMAIL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_forgot_the_password_gets_in_by_mail_without_scripts_on_a_small_phone() {
    let taste = Taste { script: false, width: 320, height: 568, language: "fr", ..Taste::default() };
    recover(Engine::Postgres, taste, USERNAME).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_developer_reads_the_mail_on_a_page_and_follows_its_link() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let taste = Taste { language: "ru", width: 320, height: 568, ..Taste::default() };
    let browser = stage.member(taste).await;
    browser.sign_out().await;
    forget(&browser, EMAIL).await;
    eventually("mail on the page", async || {
        browser.go("/dev/mail").await;
        browser.shows(".session a").await
    })
    .await;
    assert_eq!(browser.read("h1").await, sentence("ru", "dev-mail-title", &[]));
    browser.press(".session a").await;
    assert_eq!(browser.read("h1").await, sentence("ru", "mail-recovery-subject", &[("site", "Vestibule")]));
    let wide = browser.js("return document.documentElement.scrollWidth").await;
    assert!(wide.as_i64().unwrap() <= 320, "{wide}");
    // The page shows the message itself, which cannot run anything.
    let frame = browser.find("iframe.letter").await;
    frame.clone().enter_frame().await.unwrap();
    let shown = browser.read("body").await;
    assert!(shown.contains(&sentence("ru", "mail-recovery-button", &[])), "{shown}");
    browser.driver.enter_default_frame().await.unwrap();
    let complaints = browser.complaints().await;
    assert!(complaints.is_empty(), "{complaints:#?}");
    browser.press("p.letter a").await;
    choose(&browser, "ru", "reset-title").await;
    browser.sign_in(EMAIL, NEW_PASSWORD).await;
}
