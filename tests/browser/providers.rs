//! Signing in with others in real browsers: to the pages of a provider, which is another site, and back.

use crate::accessibility::{checker, violations};
use crate::support::openid_provider::{CLIENT, OpenIdProvider, SECRET, is_there};
use crate::support::{Brand, Browser, Engine, Stage, Taste, eventually, sentence};

/// Waits until the browser shows this path of the site.
async fn arrives(browser: &Browser, origin: &str, path: &str) {
    let script = "return document.readyState === 'complete' ? location.origin + location.pathname : ''";
    let there = format!("{origin}{path}");
    eventually(&there, async || {
        browser.driver.execute(script, Vec::new()).await.is_ok_and(|at| at.json() == there.as_str())
    })
    .await;
}

/// Waits for one of the provider's own pages.
async fn asks(browser: &Browser, provider: &OpenIdProvider, what: &str) {
    let script = format!(
        "return document.readyState === 'complete' && location.origin === '{}' && !!document.querySelector('{what}')",
        provider.issuer
    );
    eventually(what, async || {
        browser.driver.execute(&script, Vec::new()).await.is_ok_and(|shown| shown.json() == true)
    })
    .await;
}

async fn checked(browser: &Browser, brand: Brand, script: bool) {
    let wide = browser.js("return document.documentElement.scrollWidth > window.innerWidth").await;
    assert_eq!(wide, false, "{}", browser.path().await);
    if let Some(checker) = checker().filter(|_| brand == Brand::Chromium && script) {
        let found = violations(browser, &checker).await;
        assert!(found.is_empty(), "{found:#?}");
    }
}

async fn walk(brand: Brand, script: bool) {
    if !is_there() {
        return;
    }
    let mut provider = OpenIdProvider::start();
    let settings = format!(
        "[providers.real]\nissuer = '{}'\nclient_id = '{CLIENT}'\nclient_secret = '{SECRET}'\nlabel = 'A provider'",
        provider.issuer
    );
    let Some(stage) = Stage::of(brand, Engine::Sqlite, &settings).await else { return };
    let origin = stage.server.origin.clone();
    provider.serves(&format!("{origin}/user/providers/real/callback"), "ES256");
    let browser = stage.browser(Taste { script, width: 320, ..Taste::default() }).await;
    browser.go("/user/login?next=/user/devices").await;
    checked(&browser, brand, script).await;
    assert!(browser.read("button[name=provider]").await.contains("A provider"));
    browser.press("button[name=provider]").await;
    asks(&browser, &provider, "input[name=login]").await;
    browser.find("input[name=login]").await.send_keys("ada").await.unwrap();
    browser.find("input[name=password]").await.send_keys("any").await.unwrap();
    browser.press("button[type=submit]").await;
    asks(&browser, &provider, "input[value=consent]").await;
    browser.find("button[type=submit]").await.click().await.unwrap();
    // Nobody is known by that account yet.
    arrives(&browser, &origin, "/user/identity").await;
    assert_eq!(browser.read("h1").await, sentence("en", "identity-new-title", &[]));
    checked(&browser, brand, script).await;
    assert_eq!(browser.value("email").await, "ada@provider.example");
    assert_eq!(browser.value("name").await, "Žofie ada");
    browser.fill("city", "London").await;
    browser.send("/user/identity").await;
    arrives(&browser, &origin, "/user/devices").await;
    browser.go("/user/security").await;
    checked(&browser, brand, script).await;
    assert!(browser.read("#providers").await.contains("ada@provider.example"));

    // The second time nobody is asked anything.
    browser.sign_out().await;
    browser.go("/user/create").await;
    checked(&browser, brand, script).await;
    browser.press("button[name=provider]").await;
    arrives(&browser, &origin, "/user/profil").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_comes_from_a_provider_in_chromium() {
    walk(Brand::Chromium, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_comes_from_a_provider_in_chromium_without_script() {
    walk(Brand::Chromium, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_comes_from_a_provider_in_firefox() {
    walk(Brand::Firefox, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_comes_from_a_provider_in_webkit() {
    walk(Brand::WebKit, true).await;
}
