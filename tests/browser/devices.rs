//! Pairing a device without a keyboard: the person types its code.

use crate::support::{Engine, Stage, Taste, device, eventually, sentence};

async fn pairs_and_removes(engine: Engine, taste: Taste) {
    let Some(stage) = Stage::open(engine).await else { return };
    let browser = stage.member(taste).await;
    let said = |key| sentence(taste.language, key, &[]);
    browser.press("a[href='/user/devices']").await;
    assert_eq!(browser.path().await, "/user/devices");
    assert!(browser.read("#openings").await.contains(&said("session-current")));
    let rows = browser.js("return document.querySelectorAll('.session').length").await;

    browser.fill("code", "ght2qa").await;
    browser.send("/user/devices/pair").await;
    assert_eq!(browser.status().await, 404);
    let field = browser.field("code").await;
    assert!(field.invalid && field.dangling.is_empty());
    assert_eq!(field.errors, said("error-code-unknown"));
    eventually("the focus at the code", async || browser.field("code").await.focused).await;
    assert_eq!(browser.value("code").await, "ght2qa", "what was typed is kept");

    let (code, token) = device(&stage.server.origin, "magic-mirror-desktop").await;
    browser.fill("code", &format!(" {} ", code.to_lowercase())).await;
    browser.send("/user/devices/pair").await;
    assert_eq!(browser.status().await, 200);
    assert_eq!(browser.read("#pair h2").await, said("pair-confirm-heading"));
    assert_eq!(browser.read("#pair b").await, "magic-mirror-desktop");
    browser.hops().await;
    browser.send("/user/devices/pair").await;
    assert_eq!(browser.hops().await, ["POST /user/devices/pair 303", "GET /user/devices 200"]);
    assert_eq!(browser.read(".notice").await, said("notice-device-paired"));
    // After this browser's session, and before what is known of it.
    assert_eq!(browser.read(".session:nth-child(2) b").await, "magic-mirror-desktop");
    let http = reqwest::Client::new();
    let asked = http.get(format!("{}/auth/device", stage.server.origin)).bearer_auth(token);
    assert_eq!(asked.send().await.unwrap().status(), 200);

    browser.press(".session:nth-child(2) button").await;
    assert_eq!(browser.read(".notice").await, said("notice-opening-ended"));
    assert_eq!(browser.js("return document.querySelectorAll('.session').length").await, rows);
    let complaints = browser.complaints().await;
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_pairs_a_device_and_removes_it() {
    pairs_and_removes(Engine::Sqlite, Taste::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_pairs_a_device_and_removes_it_without_scripts_on_a_small_phone() {
    let taste = Taste { script: false, width: 320, height: 568, language: "fr", ..Taste::default() };
    pairs_and_removes(Engine::Postgres, taste).await;
}
