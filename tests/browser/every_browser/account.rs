//! A person signs up, changes picture and password, ends another session, leaves and comes back.

use super::{KNOWN, SESSION, Walk, Way, in_every_browser, said};
use crate::support::pictures::{Album, LARGEST, jpeg_of};
use crate::support::{Brand, CITY, EMAIL, PASSWORD, USERNAME};

const NEW_PASSWORD: &str = "another lamp, another door";

in_every_browser!(walk);

async fn walk(brand: Brand, script: bool) {
    let Some(walk) = Walk::begin(brand, script, Way::Ip, "").await else { return };
    sign_up(&walk).await;
    change_picture(&walk).await;
    change_password(&walk).await;
    end_another_session(&walk).await;
    sign_out(&walk).await;
    sign_in(&walk).await;
}

async fn sign_up(walk: &Walk) {
    let browser = &walk.browser;
    browser.go("/user/create").await;
    assert_eq!(walk.session(&[]).await, None);
    assert_eq!(browser.shows("[data-reveal]").await, walk.taste.script, "whether scripts run");
    // Firefox and WebKit save the field before the password as the name if no other says that it is.
    let names =
        "return [...document.querySelectorAll('main [autocomplete=username]')].map((f) => f.id).join()";
    assert_eq!(browser.text_of(names).await, "f-email");
    for (name, text) in [("email", EMAIL), ("username", USERNAME), ("password", PASSWORD), ("city", CITY)] {
        browser.fill(name, text).await;
    }
    let hops =
        ["POST /user/create 308", "POST /user/login 308", "POST /user/profil 303", "GET /user/profil 200"];
    assert_eq!(walk.send("/user/create", &hops).await, said("notice-welcome"));
    let session = walk.session(&[SESSION, KNOWN]).await;
    walk.reload().await;
    assert_eq!(walk.session(&[SESSION, KNOWN]).await, session);
    // The link is looked for until it is there, and then nothing else comes.
    walk.stage.server.mailed_link(EMAIL, "/user/verify").await;
    assert_eq!(walk.stage.server.mails(EMAIL).len(), 1, "one account, one message");
}

async fn change_picture(walk: &Walk) {
    let browser = &walk.browser;
    let album = Album::new();
    let letter = browser.picture().await;
    browser.choose(&album.keep("large.jpg", &jpeg_of(LARGEST - LARGEST / 20, 7))).await;
    // As a form of the published theme API, which has the browser send the picture twice.
    browser.js("document.querySelector('.upload [name=form-page]').remove()").await;
    let hops = ["POST /user/modify/pp 308", "POST /user/profil 303", "GET /user/profil 200"];
    assert_eq!(walk.send("/user/modify/pp", &hops).await, said("notice-picture-changed"));
    let picture = browser.picture().await;
    assert_ne!(picture, letter);
    walk.reload().await;
    assert_eq!(browser.picture().await, picture);
    let drawn = "return document.querySelector('main .avatar').naturalWidth > 0";
    assert_eq!(browser.js(drawn).await, true);
}

async fn change_password(walk: &Walk) {
    let browser = &walk.browser;
    let session = walk.session(&[SESSION, KNOWN]).await;
    browser.press("a[href='/user/security']").await;
    browser.fill("apassword", PASSWORD).await;
    browser.fill("npassword", NEW_PASSWORD).await;
    let hops = ["POST /user/modify/password 303", "GET /user/security 200"];
    assert_eq!(walk.send("/user/modify/password", &hops).await, said("notice-password-changed"));
    // What knew the old password ends, and the session goes on under another token.
    let next = walk.session(&[SESSION, KNOWN]).await;
    assert!(next.is_some() && next != session);
    walk.reload().await;
}

async fn end_another_session(walk: &Walk) {
    let other = walk.stage.browser(walk.taste).await;
    other.sign_in(EMAIL, NEW_PASSWORD).await;
    walk.browser.press("a[href='/user/devices']").await;
    let rows = "return document.querySelectorAll('.session').length";
    let before = walk.browser.js(rows).await.as_i64().unwrap();
    let hops = ["POST /user/devices/end-others 303", "GET /user/devices 200"];
    assert_eq!(walk.send("/user/devices/end-others", &hops).await, said("notice-openings-ended"));
    assert!(walk.browser.js(rows).await.as_i64().unwrap() < before);
    walk.reload().await;
    other.go("/user/profil").await;
    assert_eq!(other.path().await, "/user/login?next=/user/profil");
}

async fn sign_out(walk: &Walk) {
    let browser = &walk.browser;
    browser.press("a[href='/user/profil']").await;
    let hops = ["POST /user/logout 303", "GET /user/login 200"];
    assert_eq!(walk.send("/user/logout", &hops).await, said("notice-signed-out"));
    assert_eq!(walk.session(&[KNOWN]).await, None);
    walk.reload().await;
    walk.back_shows_nobody().await;
}

async fn sign_in(walk: &Walk) {
    walk.browser.go("/user/login").await;
    walk.browser.fill("email", EMAIL).await;
    walk.browser.fill("password", NEW_PASSWORD).await;
    let hops = ["POST /user/login 308", "POST /user/profil 303", "GET /user/profil 200"];
    walk.send("/user/login", &hops).await;
    assert!(walk.session(&[SESSION, KNOWN]).await.is_some());
    walk.reload().await;
}
