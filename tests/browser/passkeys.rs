//! Passkeys in Chromium and Firefox, with authenticators that the browsers have for tests: made, used,
//! refused, removed.

use crate::accessibility::{checker, violations};
use crate::support::{Brand, Browser, EMAIL, Engine, PASSWORD, Stage, Taste, USERNAME, eventually, sentence};

/// A server at `localhost`, where browsers have passkeys without https.
async fn stage(brand: Brand) -> Option<Stage> {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = format!("port = {port}\npublic_url = 'http://localhost:{port}'");
    let mut stage = Stage::of(brand, Engine::Sqlite, &settings).await?;
    stage.server.origin = format!("http://localhost:{port}");
    Some(stage)
}

fn said(key: &str) -> String {
    sentence("en", key, &[])
}

/// Presses the button that the script shows, and waits for the answer to the form that it fills in.
async fn ask(browser: &Browser, action: &str) -> String {
    browser.press(&format!("form[action='{action}'] button:not([hidden])")).await;
    browser.read(".notice, #alert").await
}

async fn sign_out(browser: &Browser) {
    browser.go("/user/profil").await;
    browser.send("/user/logout").await;
}

/// Holds the page against the rules of accessibility, in the browser that can allow scripts to a page later.
async fn obeys(brand: Brand, browser: &Browser, page: &str) {
    let Some(checker) = checker().filter(|_| brand == Brand::Chromium) else { return };
    let found = violations(browser, &checker).await;
    assert!(found.is_empty(), "{page}: {found:#?}");
}

async fn walk(brand: Brand) {
    let Some(stage) = stage(brand).await else { return };
    let browser = stage.browser(Taste::default()).await;
    let authenticator = browser.add_authenticator().await;
    browser.sign_up(EMAIL, USERNAME, PASSWORD).await;

    browser.go("/user/security").await;
    assert!(!browser.shows("[data-off]").await, "it says that JavaScript is missing");
    // The first second factor comes with codes that stand in for it.
    ask(&browser, "/user/security/passkeys").await;
    assert!(browser.shows("#recovery-codes").await, "{}", browser.read("main").await);
    assert_eq!(browser.passkeys_of(&authenticator).await, 1);
    browser.go("/user/security").await;
    assert!(browser.shows("#passkeys .session").await);
    obeys(brand, &browser, "security, with a passkey").await;
    browser.go("/user/prove").await;
    assert!(browser.shows("form[data-passkey] button").await);
    obeys(brand, &browser, "proof, with a passkey").await;

    // As the second step after the password. The sign-in page would offer the passkey by itself, and the
    // authenticator of the test takes the person in front of it for granted.
    let form = format!("email={EMAIL}&password={PASSWORD}");
    let typed = r"
const [body, done] = arguments;
fetch('/user/login', { method: 'POST', body: new URLSearchParams(body), redirect: 'manual' }).then(() => done(true))";
    browser.driver.execute_async(typed, vec![form.into()]).await.unwrap();
    browser.go("/user/login/second").await;
    assert!(browser.shows("#f-code").await, "{}", browser.read("main").await);
    let before = browser.document().await;
    browser.find("form[data-passkey] button").await.click().await.unwrap();
    browser.another_page(before).await;
    assert_eq!(browser.path().await, "/user/profil");
    browser.go("/user/security/log").await;
    assert!(browser.read("main").await.to_lowercase().contains("passkey"));

    // Without an address, and without any password.
    sign_out(&browser).await;
    browser.go("/user/login").await;
    enter(&browser).await;
    assert_eq!(browser.path().await, "/user/profil");

    // The password alone does not do any more.
    let other = stage.browser(Taste::default()).await;
    other.go("/user/login").await;
    other.fill("email", EMAIL).await;
    other.fill("password", PASSWORD).await;
    other.send("/user/login").await;
    assert_eq!(other.path().await, "/user/login/second");
    obeys(brand, &other, "second step, with a passkey").await;

    // A passkey that was removed, and of which the browser is told.
    browser.go("/user/security").await;
    browser.send("/user/security/passkeys/remove").await;
    assert_eq!(browser.read(".notice").await, said("notice-passkey-removed"));
    if brand == Brand::Chromium {
        let forgotten = async || browser.passkeys_of(&authenticator).await == 0;
        eventually("the browser forgets the passkey", forgotten).await;
    }
}

/// Signs in with a passkey: by the button, unless the browser has offered it already and the person in front
/// of it, whom the authenticator takes for granted, has taken it.
async fn enter(browser: &Browser) {
    if browser.path().await.starts_with("/user/login") {
        let clicked =
            "const form = document.querySelector('form[data-passkey]'); if (form) form.requestSubmit()";
        let _ = browser.driver.execute(clicked, Vec::new()).await;
    }
    let inside = async || {
        let at = browser.driver.execute("return location.pathname", Vec::new()).await;
        at.is_ok_and(|at| at.json() == "/user/profil")
    };
    eventually("the passkey signs in", inside).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn passkeys_from_the_first_to_the_last_in_chromium() {
    walk(Brand::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn passkeys_from_the_first_to_the_last_in_firefox() {
    walk(Brand::Firefox).await;
}

/// Nobody presses anything: the browser offers the passkey by itself where the address is typed.
#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_offered_where_the_address_is_typed() {
    let Some(stage) = stage(Brand::Chromium).await else { return };
    let browser = stage.browser(Taste::default()).await;
    browser.add_authenticator().await;
    browser.sign_up(EMAIL, USERNAME, PASSWORD).await;
    browser.go("/user/security").await;
    ask(&browser, "/user/security/passkeys").await;
    assert!(browser.shows("#recovery-codes").await, "{}", browser.read("main").await);
    browser.go("/user/profil").await;
    browser.send("/user/logout").await;
    let inside = async || {
        let at = browser.driver.execute("return location.pathname", Vec::new()).await;
        at.is_ok_and(|at| at.json() == "/user/profil")
    };
    eventually("the offer is taken", inside).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script_there_is_no_trace_of_passkeys_at_sign_in() {
    let Some(stage) = stage(Brand::Chromium).await else { return };
    let browser = stage.browser(Taste { script: false, ..Taste::default() }).await;
    browser.go("/user/login").await;
    assert!(!browser.shows("form[data-passkey]").await);
    assert!(!browser.read("main").await.to_lowercase().contains("passkey"));
    browser.sign_up(EMAIL, USERNAME, PASSWORD).await;
    browser.go("/user/security").await;
    assert!(browser.shows("[data-off]").await);
    assert!(!browser.shows("form[data-passkey] button").await);
}

/// Somebody closes the browser's window, or has no passkey there.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_browser_refuses_is_said_beside_the_button() {
    let Some(stage) = stage(Brand::Chromium).await else { return };
    let browser = stage.browser(Taste::default()).await;
    browser.go("/user/login").await;
    let button = "form[action='/user/login/passkey'] button";
    browser.js("CredentialsContainer.prototype.get = () => Promise.reject(new Error('closed'))").await;
    assert!(browser.shows(button).await && !browser.shows("[data-failed]").await);
    browser.find(button).await.click().await.unwrap();
    eventually("it is said", async || browser.shows("[data-failed]").await).await;
    assert_eq!(browser.read("[data-failed]").await, said("sign-in-passkey-failed"));
    assert_eq!(browser.path().await, "/user/login");
    assert!(browser.shows("form[action='/user/login'] button:not([type=button])").await);
}
