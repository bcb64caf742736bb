//! Screenshots of the pages, for people to look at.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use image::{Rgb, RgbImage};
use serde_json::json;

use crate::support::pictures::Album;
use crate::support::{Browser, EMAIL, Engine, PASSWORD, Stage, Taste, device};
use crate::themes::settings;

const PHONE: (&str, u32, u32) = ("phone", 390, 844);
const DESK: (&str, u32, u32) = ("desktop", 1280, 900);

/// User agents of the person's other sessions.
const DEVICES: [&str; 2] = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
];

/// A portrait: a sun over hills.
fn portrait(album: &Album) -> PathBuf {
    let picture = RgbImage::from_fn(640, 640, |x, y| {
        let (x, y) = (f64::from(x) / 640.0, f64::from(y) / 640.0);
        let hill = |height: f64, bend: f64, at: f64| y > height + bend * (x - at) * (x - at);
        if hill(0.72, 0.6, 0.2) {
            Rgb([22, 74, 72])
        } else if hill(0.6, 0.5, 0.8) {
            Rgb([44, 116, 106])
        } else if (x - 0.5).hypot(y - 0.5) < 0.17 {
            Rgb([250, 232, 190])
        } else {
            let shade = |from: f64, to: f64| (from + (to - from) * y / 0.7).clamp(0.0, 255.0) as u8;
            Rgb([shade(236.0, 244.0), shade(120.0, 190.0), shade(86.0, 120.0)])
        }
    });
    let path = album.folder().join("portrait.png");
    picture.save(&path).unwrap();
    path
}

async fn draw(browser: &Browser, name: &str, whole: bool) {
    browser.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": true })).await;
    let height = browser.js("return document.documentElement.scrollHeight").await;
    let width = browser.js("return innerWidth").await;
    let mut how = json!({ "format": "png" });
    if whole {
        how["captureBeyondViewport"] = true.into();
        how["clip"] = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 });
    }
    let drawn = browser.devtools("Page.captureScreenshot", how).await;
    let png = base64::engine::general_purpose::STANDARD.decode(drawn["data"].as_str().unwrap()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screens");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.png")), png).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "draws pictures for people, run by `make screenshots`"]
async fn the_pages_are_drawn() {
    let stage = Stage::open(Engine::Sqlite).await.unwrap();
    let album = Album::new();
    let first = stage.member(Taste::default()).await;
    for (name, text) in [("name", "Ada Lovelace"), ("firstname", "Ada"), ("lastname", "Lovelace")] {
        first.fill(name, text).await;
    }
    first.send("/user/modify/profile").await;
    first.choose(&portrait(&album)).await;
    draw(&first, "profile-crop-desktop", true).await;
    first.send("/user/modify/pp").await;
    first.go("/user/devices").await;
    for name in ["magic-mirror-desktop", "Mirror in the hall"] {
        let (code, _) = device(&stage.server.origin, name).await;
        first.fill("code", &code).await;
        first.send("/user/devices/pair").await;
        first.send("/user/devices/pair").await;
    }
    let mut others = Vec::new();
    for agent in DEVICES {
        let other = stage.browser(Taste::default()).await;
        other.devtools("Emulation.setUserAgentOverride", json!({ "userAgent": agent })).await;
        other.sign_in(EMAIL, PASSWORD).await;
        others.push(other);
    }
    // The browser of the screenshots takes this session over, so that the account has three.
    let session = first.driver.get_all_cookies().await.unwrap();
    for (screen, width, height) in [PHONE, DESK] {
        for dark in [false, true] {
            let browser = stage.browser(Taste { width, height, dark, ..Taste::default() }).await;
            let name = |page: &str| format!("{page}-{screen}{}", if dark { "-dark" } else { "" });
            for (page, path) in
                [("sign-in", "/user/login"), ("sign-up", "/user/create"), ("error", "/nowhere")]
            {
                browser.go(path).await;
                draw(&browser, &name(page), false).await;
            }
            browser.go("/user/create").await;
            browser.trust_forms().await;
            browser.fill("email", "no address").await;
            browser.fill("password", "password").await;
            browser.send("/user/create").await;
            draw(&browser, &name("sign-up-refused"), true).await;
            for cookie in &session {
                browser.driver.add_cookie(cookie.clone()).await.unwrap();
            }
            browser.go("/user/profil").await;
            draw(&browser, &name("profile"), false).await;
            draw(&browser, &name("profile-whole"), true).await;
            browser.go("/user/security").await;
            draw(&browser, &name("security"), false).await;
            browser.go("/user/devices").await;
            draw(&browser, &name("devices"), true).await;
            browser.fill("code", "ght10q").await;
            browser.send("/user/devices/pair").await;
            draw(&browser, &name("devices-refused"), true).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "draws pictures for people, run by `make screenshots`"]
async fn the_administration_is_drawn() {
    let stage = Stage::for_tour().await.unwrap();
    let first = stage.member(Taste::default()).await;
    for (name, text) in [("name", "Ada Lovelace"), ("firstname", "Ada"), ("lastname", "Lovelace")] {
        first.fill(name, text).await;
    }
    first.send("/user/modify/profile").await;
    stage.server.operate(&["account", "set-role", EMAIL, "administrator"]);
    stage.server.operate(&["invite", "grace@example.org", "eve@example.org", "mallory@example.org"]);
    stage.server.operate(&["account", "disable", "mallory@example.org", "--reason", "spam"]);
    stage.server.operate(&["key", "create", "shop", "--scope", "accounts:read"]);
    let session = first.driver.get_all_cookies().await.unwrap();
    for ((screen, width, height), dark) in [(PHONE, false), (DESK, false), (PHONE, true)] {
        let browser = stage.browser(Taste { width, height, dark, ..Taste::default() }).await;
        let name = |page: &str| format!("admin-{page}-{screen}{}", if dark { "-dark" } else { "" });
        browser.go("/user/login").await;
        for cookie in &session {
            browser.driver.add_cookie(cookie.clone()).await.unwrap();
        }
        // The status names a folder of the machine that draws.
        for page in ["accounts", "invitations", "mail", "keys", "audit"] {
            browser.go(&format!("/admin/{page}")).await;
            draw(&browser, &name(page), true).await;
        }
        browser.go("/admin/accounts?q=mallory").await;
        browser.press(".sessions a").await;
        draw(&browser, &name("account"), true).await;
        let account = browser.path().await;
        browser.go(&format!("{account}/set-role")).await;
        draw(&browser, &name("set-role"), true).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "draws pictures for people, run by `make screenshots`"]
async fn the_themes_are_drawn() {
    for theme in ["builtin", "paper", "terminal"] {
        let stage = Stage::with(Engine::Sqlite, &settings(theme)).await.unwrap();
        let browser = stage.browser(Taste { width: 1000, height: 800, ..Taste::default() }).await;
        browser.go("/user/create").await;
        draw(&browser, &format!("theme-{theme}-sign-up"), false).await;
        browser.sign_up(EMAIL, "ada", PASSWORD).await;
        browser.go("/user/profil").await;
        draw(&browser, &format!("theme-{theme}-profile"), false).await;
    }
}
