//! Mailed links, walked over plain http on a host name: no secure context, so the browser sends no
//! `Sec-Fetch-Site`, and `Origin` alone says where a form comes from.

use super::{KNOWN, SESSION, Walk, Way, in_every_browser, said};
use crate::support::{Brand, EMAIL, HOST, PASSWORD, USERNAME};

const NEW_PASSWORD: &str = "another lamp, another door";
const NEW_EMAIL: &str = "countess@example.org";

in_every_browser!(walk);

async fn walk(brand: Brand, script: bool) {
    walk_with(brand, script, "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chromium_with_a_public_address() {
    // `public_url` has to name a port that nobody listens on yet.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let public = format!("public_url = 'http://{HOST}:{port}'\nhttp.allow_plain = true\nport = {port}");
    walk_with(Brand::Chromium, false, &public).await;
}

async fn walk_with(brand: Brand, script: bool, settings: &str) {
    let Some(walk) = Walk::begin(brand, script, Way::Name, settings).await else { return };
    walk.browser.sign_up(EMAIL, USERNAME, PASSWORD).await;
    assert_eq!(walk.browser.js("return isSecureContext").await, false, "a secure context hides the fault");
    prove_the_address(&walk).await;
    change_the_address(&walk).await;
    recover(&walk).await;
}

/// Opens the newest link to `path` that was mailed to `recipient`.
async fn open(walk: &Walk, recipient: &str, path: &str) {
    let link = walk.stage.server.mailed_link(recipient, path).await;
    walk.stage.server.hops();
    walk.browser.go(&link).await;
    assert_eq!(walk.stage.server.hops(), [format!("GET {link} 200")]);
}

async fn prove_the_address(walk: &Walk) {
    open(walk, EMAIL, "/user/verify").await;
    let hops = ["POST /user/verify 303", "GET /user/profil 200"];
    assert_eq!(walk.send("/user/verify", &hops).await, said("notice-verified"));
    walk.reload().await;
}

async fn change_the_address(walk: &Walk) {
    let browser = &walk.browser;
    let named = "const [name] = document.querySelectorAll(\"form[action='/user/modify/email'] [autocomplete=username]\"); \
                 return name.value + ' ' + name.checkVisibility()";
    assert_eq!(browser.text_of(named).await, format!("{EMAIL} true"), "whose password is asked for");
    browser.fill("email", NEW_EMAIL).await;
    browser.fill("email-apassword", PASSWORD).await;
    let hops = ["POST /user/modify/email 303", "GET /user/profil 200"];
    assert_eq!(walk.send("/user/modify/email", &hops).await, said("notice-address-requested"));
    walk.reload().await;
    open(walk, NEW_EMAIL, "/user/email").await;
    assert_eq!(walk.stage.server.mails(NEW_EMAIL).len(), 1, "a message was sent again");
    let hops = ["POST /user/email 303", "GET /user/profil 200"];
    assert_eq!(walk.send("/user/email", &hops).await, said("notice-address-changed"));
    walk.reload().await;
    walk.send("/user/logout", &["POST /user/logout 303", "GET /user/login 200"]).await;
}

async fn recover(walk: &Walk) {
    let browser = &walk.browser;
    browser.press("a[href='/user/forgot']").await;
    browser.fill("email", USERNAME).await;
    let before = walk.stage.server.mails(NEW_EMAIL).len();
    walk.send("/user/forgot", &["POST /user/forgot 303", "GET /user/forgot?requested=yes 200"]).await;
    walk.reload().await;
    assert!(browser.read("[role=status]").await.contains(&said("check-email-recovery")));
    open(walk, NEW_EMAIL, "/user/reset").await;
    assert_eq!(walk.stage.server.mails(NEW_EMAIL).len(), before + 1, "a message was sent again");
    browser.fill("npassword", NEW_PASSWORD).await;
    let hops = ["POST /user/reset 303", "GET /user/login 200"];
    assert_eq!(walk.send("/user/reset", &hops).await, said("notice-password-reset"));
    walk.reload().await;
    browser.sign_in(NEW_EMAIL, NEW_PASSWORD).await;
    assert!(walk.session(&[SESSION, KNOWN]).await.is_some());
}
