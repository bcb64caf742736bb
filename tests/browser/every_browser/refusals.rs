//! A refusal is a page, also where it is answered before an upload has been read.

use reqwest::header::ACCEPT;
use serde_json::json;

use super::{SESSION, Walk, Way, in_every_browser, said};
use crate::support::pictures::{Album, LARGEST, jpeg_of};
use crate::support::{Brand, EMAIL, PASSWORD, USERNAME, eventually, sentence};

in_every_browser!(walk);

async fn walk(brand: Brand, script: bool) {
    let Some(walk) = Walk::begin(brand, script, Way::Ip, "").await else { return };
    walk.browser.sign_up(EMAIL, USERNAME, PASSWORD).await;
    let album = Album::new();
    for size in [LARGEST + 1, 24 << 20] {
        too_large(&walk, &album.keep("too-large.jpg", &jpeg_of(size, 3))).await;
    }
    upload_after_the_session(&walk, &album.keep("large.jpg", &jpeg_of(LARGEST - LARGEST / 20, 5))).await;
    form_after_the_session(&walk).await;
}

async fn too_large(walk: &Walk, picture: &std::path::Path) {
    let browser = &walk.browser;
    browser.go("/user/profil").await;
    browser.choose(picture).await;
    if walk.taste.script {
        assert_eq!(browser.field("file").await.errors, said("picture-too-large-here"));
        // As a browser does whose script came too late.
        walk.stage.server.hops();
        let before = browser.document().await;
        browser.js("HTMLFormElement.prototype.submit.call(document.getElementById('f-file').form)").await;
        browser.another_page(before).await;
        assert_eq!(walk.stage.server.hops(), ["POST /user/modify/pp 413"]);
    } else {
        walk.send("/user/modify/pp", &["POST /user/modify/pp 413"]).await;
    }
    assert_eq!(browser.path().await, "/user/modify/pp");
    let field = browser.field("file").await;
    assert!(field.invalid && field.dangling.is_empty(), "{field:?}");
    assert_eq!(field.errors, sentence("en", "error-picture-too-large", &[("max_mib", "10")]));
}

/// Ends every other session of the person, from a program.
async fn end_sessions(walk: &Walk) {
    let client = reqwest::Client::builder().cookie_store(true).build().unwrap();
    let credentials = json!({ "email": EMAIL, "password": PASSWORD });
    for (path, body) in [("/user/login", credentials), ("/user/devices/end-others", json!({}))] {
        let request = client.post(format!("{}{path}", walk.stage.server.origin));
        let answer = request.header(ACCEPT, "application/json").json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
}

async fn upload_after_the_session(walk: &Walk, picture: &std::path::Path) {
    walk.browser.go("/user/profil").await;
    walk.browser.choose(picture).await;
    end_sessions(walk).await;
    walk.send("/user/modify/pp", &["POST /user/modify/pp 401"]).await;
    signs_in_again(walk, "/user/profil").await;
    assert!(walk.browser.picture().await.contains("/letter/"), "nothing was half done");
}

async fn form_after_the_session(walk: &Walk) {
    walk.browser.go("/user/devices").await;
    walk.browser.fill("code", "GHT10Q").await;
    end_sessions(walk).await;
    walk.send("/user/devices/pair", &["POST /user/devices/pair 401"]).await;
    signs_in_again(walk, "/user/devices").await;
}

/// Checks the page that says that somebody is no longer signed in, and signs in there. That leads to `next`.
async fn signs_in_again(walk: &Walk, next: &str) {
    let browser = &walk.browser;
    assert_eq!(browser.read("#alert").await, said("alert-session-ended-sign-in-again"));
    // The server does not know who was signed in, so the address is empty, and typed first.
    assert_eq!(browser.value("email").await, "");
    eventually("the focus at the address", async || browser.field("email").await.focused).await;
    browser.fill("email", EMAIL).await;
    browser.fill("password", "not the password").await;
    walk.send("/user/login", &["POST /user/login 401"]).await;
    assert_eq!(browser.value("email").await, EMAIL);
    eventually("the focus at the password", async || browser.field("password").await.focused).await;
    browser.fill("password", PASSWORD).await;
    let page = format!("GET {next} 200");
    let elsewhere = ["POST /user/login 303", &page];
    let to_profile = ["POST /user/login 308", "POST /user/profil 303", &page];
    let hops: &[&str] = if next == "/user/profil" { &to_profile } else { &elsewhere };
    walk.send("/user/login", hops).await;
    assert!(walk.cookies().await.contains_key(SESSION));
    walk.reload().await;
}
