//! What people see before they are signed in: how far down a form begins on a phone, the choice of a
//! language, the wait after too many tries.

use crate::support::{EMAIL, Engine, Stage, Taste, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_the_first_field_is_in_the_upper_half_above_the_keyboard() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    for language in ["en", "fr", "ru"] {
        let browser = stage.browser(Taste { language, width: 390, height: 844, ..Taste::default() }).await;
        for (path, field) in [("/user/login", "#f-email"), ("/user/create", "#f-email")] {
            browser.go(path).await;
            let top = format!("return document.querySelector('{field}').getBoundingClientRect().top");
            let top = browser.js(&top).await.as_f64().unwrap();
            assert!(top < 380.0, "{path} in {language} begins at {top}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_below_the_page_changes_its_language_for_good() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.browser(Taste { language: "en", script: false, ..Taste::default() }).await;
    browser.go("/user/login?next=/user/devices").await;
    browser.press("a[hreflang=ru]").await;
    assert_eq!(browser.path().await, "/user/login?next=/user/devices&lang=ru");
    assert_eq!(browser.text_of("return document.documentElement.lang").await, "ru");
    assert_eq!(browser.read(".foot [aria-current]").await, "Русский");
    browser.go("/user/create").await;
    assert_eq!(browser.text_of("return document.documentElement.lang").await, "ru");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_too_many_tries_the_button_counts_down_and_works_again() {
    let settings = "rate_limits = 'on'";
    let Some(stage) = Stage::with(Engine::Sqlite, settings).await else { return };
    let browser = stage.browser(Taste::default()).await;
    for _ in 0..20 {
        browser.try_sign_in(EMAIL, "not the password").await;
        if browser.status().await == 429 {
            break;
        }
    }
    assert_eq!(browser.status().await, 429);
    let button = "form[action='/user/login'] .button";
    let label = browser.read(button).await;
    assert!(label.starts_with("Sign in (0:"), "{label}");
    let disabled = format!("return document.querySelector(\"{button}\").getAttribute('aria-disabled')");
    assert_eq!(browser.js(&disabled).await, "true");
    // Nothing is read out each second.
    let live = format!("return document.querySelector(\"{button}\").closest('[aria-live]')");
    assert!(browser.js(&live).await.is_null());
    eventually("the end of the wait", async || browser.read(button).await == "Sign in").await;
    assert!(browser.js(&disabled).await.is_null());
    assert!(!browser.shows("#alert").await);
}
