//! A new user's way through all pages, on both engines, with and without scripts.

use crate::support::pictures::Album;
use crate::support::{Browser, CITY, EMAIL, Engine, PASSWORD, Stage, Taste, USERNAME, eventually, sentence};

const NEW_PASSWORD: &str = "another lamp, another door";

#[tokio::test(flavor = "multi_thread")]
async fn a_person_walks_through_every_page_on_sqlite() {
    walk(Engine::Sqlite, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_walks_through_every_page_on_postgresql() {
    walk(Engine::Postgres, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_walks_through_every_page_without_scripts() {
    walk(Engine::Sqlite, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_walks_through_every_page_without_scripts_on_postgresql() {
    walk(Engine::Postgres, false).await;
}

async fn walk(engine: Engine, script: bool) {
    let Some(stage) = Stage::open(engine).await else { return };
    let taste = Taste { script, ..Taste::default() };
    let browser = stage.browser(taste).await;
    arrive(&browser, script).await;
    change_picture(&browser).await;
    change_password(&browser).await;
    change_username(&browser).await;
    change_profile(&browser).await;
    end_sessions(&stage, &browser, taste).await;
    leave_and_return(&browser).await;
    let complaints = browser.complaints().await;
    assert!(complaints.is_empty(), "{complaints:#?}");
}

async fn notice(browser: &Browser, key: &str) {
    assert_eq!(browser.read(".notice").await, sentence("en", key, &[]));
}

/// Checks that the notice stands in the panel `id`, has the focus and is seen.
async fn is_said_in(browser: &Browser, id: &str) {
    let said = format!("#{id} .notice:focus");
    eventually("the focus at the notice", async || browser.shows(&said).await).await;
    let seen = format!(
        "const box = document.querySelector('{said}').getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight"
    );
    eventually("the notice in sight", async || browser.js(&seen).await == true).await;
}

/// Checks that a reload sends a `GET` without asking.
async fn reload_is_a_plain_get(browser: &Browser) {
    let path = browser.path().await;
    browser.hops().await;
    let before = browser.document().await;
    browser.driver.refresh().await.unwrap();
    browser.another_page(before).await;
    assert_eq!(browser.hops().await, [format!("GET {path} 200")]);
    assert!(!browser.shows(".notice").await, "a message is shown once");
}

async fn arrive(browser: &Browser, script: bool) {
    browser.go("/").await;
    assert_eq!(browser.path().await, "/user/login");
    assert_eq!(browser.shows("[data-reveal]").await, script);
    browser.press(".aside a[href='/user/create']").await;
    browser.fill("email", EMAIL).await;
    browser.fill("username", USERNAME).await;
    browser.fill("password", PASSWORD).await;
    browser.fill("city", CITY).await;
    browser.hops().await;
    let entries = browser.js("return history.length").await.as_i64().unwrap();
    browser.send("/user/create").await;
    assert_eq!(
        browser.hops().await,
        ["POST /user/create 308", "POST /user/login 308", "POST /user/profil 303", "GET /user/profil 200"]
    );
    assert_eq!(browser.js("return history.length").await, entries + 1, "one entry for the whole chain");
    notice(browser, "notice-welcome").await;
    assert!(browser.read("#email").await.contains(EMAIL));
    assert_eq!(browser.value("city").await, CITY);
    reload_is_a_plain_get(browser).await;

    browser.hops().await;
    let profile = browser.document().await;
    browser.driver.back().await.unwrap();
    browser.another_page(profile).await;
    let form = browser.document().await;
    browser.driver.forward().await.unwrap();
    browser.another_page(form).await;
    assert_eq!(browser.path().await, "/user/profil");
    let hops = browser.hops().await;
    assert!(hops.iter().all(|hop| hop.starts_with("GET ")), "{hops:?}");
}

async fn change_picture(browser: &Browser) {
    let album = Album::new();
    let letter = browser.picture().await;
    assert!(letter.contains("/letter/"), "{letter}");
    browser.choose(&album.two_halves()).await;
    browser.send("/user/modify/pp").await;
    assert_eq!(browser.hops().await, ["POST /user/modify/pp 303", "GET /user/profil 200"]);
    notice(browser, "notice-picture-changed").await;
    is_said_in(browser, "picture").await;
    let uploaded = browser.picture().await;
    assert_ne!(uploaded, letter);
    let picture = browser.served_picture().await;
    assert_eq!(picture.width(), picture.height());
    reload_is_a_plain_get(browser).await;
    assert_eq!(browser.picture().await, uploaded);

    browser.send("/user/modify/pp/remove").await;
    notice(browser, "notice-picture-removed").await;
    assert_eq!(browser.picture().await, letter);
    assert!(!browser.shows("form[action='/user/modify/pp/remove']").await);
}

async fn change_password(browser: &Browser) {
    browser.press(".pages a[href='/user/security']").await;
    browser.hops().await;
    browser.fill("apassword", PASSWORD).await;
    browser.fill("npassword", NEW_PASSWORD).await;
    browser.send("/user/modify/password").await;
    assert_eq!(browser.hops().await, ["POST /user/modify/password 303", "GET /user/security 200"]);
    notice(browser, "notice-password-changed").await;
    is_said_in(browser, "password").await;
    for password in ["apassword", "npassword"] {
        assert_eq!(browser.value(password).await, "");
    }
    reload_is_a_plain_get(browser).await;
}

async fn change_username(browser: &Browser) {
    browser.press(".pages a[href='/user/profil']").await;
    browser.hops().await;
    browser.fill("username", "countess").await;
    browser.send("/user/modify/username").await;
    assert_eq!(browser.hops().await, ["POST /user/modify/username 303", "GET /user/profil 200"]);
    notice(browser, "notice-username-changed").await;
    is_said_in(browser, "username").await;
    assert_eq!(browser.value("username").await, "countess");
    reload_is_a_plain_get(browser).await;
}

async fn change_profile(browser: &Browser) {
    let typed = [
        ("name", "Ada King"),
        ("firstname", "Ada"),
        ("lastname", "<b>Lovelace & co</b>"),
        ("city", "Ľubľana"),
        ("site", "https://ada.example.org/?a=1&b=2"),
        ("shoes", "38.5"),
    ];
    for (name, text) in typed {
        browser.fill(name, text).await;
    }
    browser.pick_date("born", "1815-12-10").await;
    browser.find("#f-news").await.click().await.unwrap();
    browser.find("#f-locale option[value='fr']").await.click().await.unwrap();
    browser.send("/user/modify/profile").await;
    assert_eq!(browser.path().await, "/user/profil");
    assert_eq!(browser.text_of("return document.documentElement.lang").await, "fr");
    assert_eq!(browser.read(".notice").await, sentence("fr", "notice-profile-changed", &[]));
    assert!(browser.read(".heading").await.contains("Ada King"));
    reload_is_a_plain_get(browser).await;
    for (name, text) in typed {
        // The page is French now, and writes numbers so.
        let shown = if name == "shoes" { "38,5" } else { text };
        assert_eq!(browser.value(name).await, shown, "{name}");
    }
    assert_eq!(browser.value("born").await, "1815-12-10");
    assert!(browser.find("#f-news").await.is_selected().await.unwrap());

    browser.find("#f-news").await.click().await.unwrap();
    browser.find("#f-locale option[value='']").await.click().await.unwrap();
    browser.send("/user/modify/profile").await;
    notice(browser, "notice-profile-changed").await;
    assert_eq!(browser.text_of("return document.documentElement.lang").await, "en");
    assert!(!browser.find("#f-news").await.is_selected().await.unwrap());
}

async fn end_sessions(stage: &Stage, browser: &Browser, taste: Taste) {
    let others = [stage.browser(taste).await, stage.browser(taste).await];
    for other in &others {
        other.sign_in(EMAIL, NEW_PASSWORD).await;
    }
    browser.go("/user/profil").await;
    browser.press("a[href='/user/devices']").await;
    // The change of password forgot this browser, whose session went on; the others are signed in and known.
    assert_eq!(browser.js("return document.querySelectorAll('.session').length").await, 5);
    assert!(browser.read(".session").await.contains(&sentence("en", "session-current", &[])));

    // Known browsers come last.
    browser.press(".session:nth-child(2) button").await;
    notice(browser, "notice-opening-ended").await;
    assert_eq!(browser.js("return document.querySelectorAll('.session').length").await, 4);
    let mut left = Vec::new();
    for other in &others {
        other.go("/user/profil").await;
        if other.path().await == "/user/profil" {
            left.push(other);
        } else {
            assert_eq!(other.path().await, "/user/login?next=/user/profil");
        }
    }
    let [left] = left[..] else { panic!("one of two was ended, {} are left", left.len()) };

    browser.send("/user/devices/end-others").await;
    notice(browser, "notice-openings-ended").await;
    assert_eq!(browser.js("return document.querySelectorAll('.session').length").await, 1);
    browser.go("/user/profil").await;
    left.go("/user/profil").await;
    assert_eq!(left.path().await, "/user/login?next=/user/profil");
    left.fill("email", EMAIL).await;
    left.fill("password", NEW_PASSWORD).await;
    left.send("/user/login").await;
    assert_eq!(left.path().await, "/user/profil");
}

async fn leave_and_return(browser: &Browser) {
    browser.go("/user/profil").await;
    browser.sign_out().await;
    notice(browser, "notice-signed-out").await;
    let sign_in = browser.document().await;
    browser.driver.back().await.unwrap();
    browser.another_page(sign_in).await;
    eventually("the sign-in page", async || browser.path().await.starts_with("/user/login")).await;
    assert!(!browser.text_of("return document.body.innerText").await.contains(EMAIL));

    browser.try_sign_in(EMAIL, PASSWORD).await;
    assert_eq!(browser.status().await, 401, "the old password is over");
    browser.hops().await;
    browser.sign_in(&EMAIL.to_uppercase(), NEW_PASSWORD).await;
    assert_eq!(
        browser.hops().await[1..],
        ["POST /user/login 308", "POST /user/profil 303", "GET /user/profil 200"]
    );
    for username in ["Countess", USERNAME] {
        // A former username signs in while it is reserved.
        browser.sign_out().await;
        browser.sign_in(username, NEW_PASSWORD).await;
    }
    for form in ["/user/login", "/user/create", "/"] {
        browser.go(form).await;
        assert_eq!(browser.path().await, "/user/profil", "{form} of somebody who is signed in");
    }
}
