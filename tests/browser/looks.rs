//! Layout: no horizontal scrolling, no layout shift, no message in the console.

use serde_json::json;

use crate::support::{Browser, Engine, Stage, Taste, tour};

/// The visible elements that overflow the screen.
pub const OUTSIDE: &str = r"
const width = document.documentElement.clientWidth;
const scroll = [document.documentElement, document.body].filter((e) => e.scrollWidth > width).map((e) => `${e.tagName} scrolls to ${e.scrollWidth}`);
const parts = [...document.querySelectorAll('a, button, input, select, label, p, h1, h2, li, img, time')]
  .filter((e) => e.checkVisibility() && !e.closest('.unseen, .skip, .gone, .jump, .crop-stage') && getComputedStyle(e).clipPath === 'none')
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.left < -0.5 || box.right > width + 0.5))
  .map(([e, box]) => `${e.outerHTML.slice(0, 80)} from ${box.left} to ${box.right}`);
const wide = scroll.length ? [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > width + 0.5) : [];
return scroll.concat(parts, wide.map((e) => e.outerHTML.slice(0, 80)));";

/// `themes.rs` tests the narrowest screen and a desktop, in every theme and language. This test covers the
/// widths between.
#[tokio::test(flavor = "multi_thread")]
async fn no_page_scrolls_sideways_between_a_phone_and_a_desk() {
    let (width, height) = (700, 640);
    let Some(stage) = Stage::for_tour().await else { return };
    let browser = stage.browser(Taste { width, height, ..Taste::default() }).await;
    let mut seen = 0;
    tour(&stage.server, &browser, async |page| {
        assert_eq!(browser.js("return innerWidth").await, width);
        assert_eq!(browser.js(OUTSIDE).await, json!([]), "{page}");
        seen += 1;
    })
    .await;
    assert!(seen > 10);
}

/// The cumulative layout shift since the page was opened.
async fn shift(browser: &Browser) -> f64 {
    let script = r"
const done = arguments[0];
let sum = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value })
  .observe({ type: 'layout-shift', buffered: true });
setTimeout(() => requestAnimationFrame(() => done(sum)), 500);";
    browser.driver.execute_async(script, Vec::new()).await.unwrap().json().as_f64().unwrap()
}

async fn stands_still(width: u32) {
    let Some(stage) = Stage::for_tour().await else { return };
    let browser = stage.browser(Taste { width, height: 844, ..Taste::default() }).await;
    tour(&stage.server, &browser, async |page| {
        // What somebody opens moves what stands below it.
        if page == "API, opened" {
            return;
        }
        let moved = shift(&browser).await;
        assert!(moved < 0.01, "{page} at {width} px moved by {moved}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_by_itself_on_a_phone() {
    stands_still(390).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_by_itself_on_a_desk() {
    stands_still(1280).await;
}

/// A slow processor draws pages that have loaded in part. A late scroll bar shifts them by 0.005.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_while_a_page_is_still_being_read() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.member(Taste::default()).await;
    browser.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": 20 })).await;
    for page in ["/user/profil", "/user/devices", "/user/security", "/user/profil", "/api/docs"] {
        browser.go(page).await;
        let moved = shift(&browser).await;
        assert!(moved < 0.004, "{page} moved by {moved}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_comes_from_elsewhere_and_little_comes_at_all() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.member(Taste::default()).await;
    let loaded = browser
        .js("return performance.getEntriesByType('resource').map((e) => [e.name, e.initiatorType, e.decodedBodySize])")
        .await;
    let loaded: Vec<(String, String, u64)> = serde_json::from_value(loaded).unwrap();
    for (address, ..) in &loaded {
        assert!(address.starts_with(&stage.server.origin), "{address}");
    }
    let code: u64 =
        loaded.iter().filter(|(.., kind, _)| kind == "link" || kind == "script").map(|(.., size)| size).sum();
    assert!((1_000..30 * 1024).contains(&code), "{code} bytes of style and script: {loaded:?}");
}

/// A browser that keeps whole pages brings them back with `pageshow`, also those of somebody who has signed
/// out. Chromium keeps no page with `no-store` over plain http, so the event is made here.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_brought_back_asks_whose_it_is() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.member(Taste::default()).await;
    const BACK: &str = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))";
    for page in ["/user/profil", "/user/profil#email", "/user/security", "/user/devices"] {
        browser.go(page).await;
        let cookies = browser.driver.get_all_cookies().await.unwrap();
        browser.driver.delete_all_cookies().await.unwrap();
        let before = browser.document().await;
        browser.js(BACK).await;
        browser.another_page(before).await;
        assert!(browser.path().await.starts_with("/user/login"), "{page}");
        for cookie in cookies {
            browser.driver.add_cookie(cookie).await.unwrap();
        }
    }
    browser.driver.delete_all_cookies().await.unwrap();
    browser.go("/user/create").await;
    browser.fill("email", "typed@example.org").await;
    let before = browser.document().await;
    browser.js(BACK).await;
    assert_eq!(browser.document().await, before);
    assert_eq!(browser.value("email").await, "typed@example.org", "what was typed is lost");
}
