//! All pages without a mouse.

use serde_json::Value;
use thirtyfour::Key;

use crate::support::{Browser, CITY, EMAIL, Engine, PASSWORD, Stage, Taste, USERNAME};

/// The Tab key, in WebDriver's encoding.
const TAB: char = '\u{E004}';

async fn keys(browser: &Browser, keys: impl Into<thirtyfour::TypingData>) {
    let keys: thirtyfour::TypingData = keys.into();
    browser.driver.action_chain().send_keys(keys).perform().await.unwrap();
}

async fn enter(browser: &Browser) {
    let before = browser.document().await;
    keys(browser, Key::Enter).await;
    browser.another_page(before).await;
}

/// The focused element: its position in the document, its name, and whether it and its focus ring are
/// visible.
const FOCUSED: &str = r"
const e = document.activeElement;
if (e === document.body) return null;
const box = e.getBoundingClientRect();
const style = getComputedStyle(e);
return {
  place: [...document.querySelectorAll('*')].indexOf(e),
  name: e.id || e.getAttribute('href') || (e.className.split(' ')[0] + ' ' + (e.form ? e.form.getAttribute('action') : '')).trim(),
  seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.left < innerWidth && box.right > 0,
  ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
};";

/// Presses Tab from the top of the page to its end, and returns the names of the stops.
async fn tab_through(browser: &Browser) -> Vec<String> {
    browser.js("document.activeElement.blur(); scrollTo(0, 0)").await;
    let mut names = Vec::new();
    let mut last = -1;
    loop {
        keys(browser, Key::Tab).await;
        let focused = browser.js(FOCUSED).await;
        let Value::Object(focused) = focused else { break };
        let name = focused["name"].as_str().unwrap().to_owned();
        let place = focused["place"].as_i64().unwrap();
        if place < last {
            break;
        }
        // The parts of one control, such as a date, are several stops.
        if place > last {
            assert_eq!(focused["seen"], true, "{name} has the focus and cannot be seen");
            assert_eq!(focused["ring"], true, "{name} has the focus and does not show it");
            names.push(name);
        }
        last = place;
        assert!(names.len() < 100, "a trap: {names:?}");
    }
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn tab_leads_through_the_pages_in_the_order_they_are_read() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.browser(Taste { height: 700, ..Taste::default() }).await;
    browser.go("/user/login").await;
    assert_eq!(
        tab_through(&browser).await,
        [
            "#main",
            "/",
            "f-email",
            "f-password",
            "reveal /user/login",
            "button /user/login",
            "/user/forgot",
            "/user/create",
            "?lang=fr",
            "?lang=ru"
        ]
    );
    browser.go("/user/create").await;
    assert_eq!(
        tab_through(&browser).await,
        [
            "#main",
            "/",
            "f-email",
            "f-username",
            "f-password",
            "reveal /user/create",
            "f-city",
            "button /user/create",
            "/user/login",
            "?lang=fr",
            "?lang=ru"
        ]
    );
    browser.sign_up(EMAIL, USERNAME, PASSWORD).await;
    assert_eq!(
        tab_through(&browser).await,
        [
            "#main",
            "/",
            "/user/profil",
            "button /user/logout",
            "/user/profil",
            "/user/security",
            "/user/devices",
            "f-file",
            "f-name",
            "f-firstname",
            "f-lastname",
            "f-locale",
            "f-born",
            "f-city",
            "f-news",
            "f-shoes",
            "f-site",
            "button /user/modify/profile",
            "f-username",
            "button /user/modify/username",
            "f-email",
            "f-email-apassword",
            "reveal /user/modify/email",
            "button /user/modify/email",
            "?lang=fr",
            "?lang=ru"
        ]
    );
    browser.go("/user/security").await;
    assert_eq!(
        tab_through(&browser).await,
        [
            "#main",
            "/",
            "/user/profil",
            "button /user/logout",
            "/user/profil",
            "/user/security",
            "/user/devices",
            "f-apassword",
            "reveal /user/modify/password",
            "f-npassword",
            "reveal /user/modify/password",
            "button /user/modify/password",
            "/user/security/totp",
            "/user/security/log",
            "/user/data",
            "/user/delete",
            "?lang=fr",
            "?lang=ru"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_tab_offers_to_skip_to_the_content() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.member(Taste::default()).await;
    for path in ["/user/profil", "/nowhere"] {
        browser.go(path).await;
        let top = "return document.querySelector('.skip').getBoundingClientRect().bottom";
        assert!(browser.js(top).await.as_f64().unwrap() <= 0.0, "it is out of sight at first");
        keys(&browser, Key::Tab).await;
        assert!(browser.js(top).await.as_f64().unwrap() > 0.0);
        assert_eq!(browser.js(FOCUSED).await["ring"], true);
        keys(&browser, Key::Enter).await;
        assert_eq!(browser.text_of("return document.activeElement.id").await, "main");
        keys(&browser, Key::Tab).await;
        let inside = "return document.querySelector('main').contains(document.activeElement)";
        assert_eq!(browser.js(inside).await, true, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_up_out_and_in_with_the_keyboard_alone() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.browser(Taste::default()).await;
    browser.go("/user/create").await;
    keys(&browser, format!("{TAB}{TAB}{TAB}{EMAIL}")).await;
    keys(&browser, format!("{TAB}{USERNAME}{TAB}{PASSWORD}")).await;
    keys(&browser, format!("{TAB}{TAB}{CITY}")).await;
    enter(&browser).await;
    assert_eq!(browser.path().await, "/user/profil");

    keys(&browser, format!("{TAB}{TAB}{TAB}{TAB}")).await;
    enter(&browser).await;
    assert_eq!(browser.path().await, "/user/login");
    keys(&browser, format!("{TAB}{TAB}{TAB}{USERNAME}")).await;
    keys(&browser, format!("{TAB}a wrong one")).await;
    enter(&browser).await;
    assert_eq!(browser.status().await, 401);
    // The password field has the focus already.
    keys(&browser, PASSWORD).await;
    enter(&browser).await;
    assert_eq!(browser.path().await, "/user/profil");
}
