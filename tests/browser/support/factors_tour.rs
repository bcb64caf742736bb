//! The part of the tour that second factors have.

use domain::{Clock as _, SystemClock};

use super::{Browser, PASSWORD, TestServer, totp};

/// Sets an authenticator app up, signs in by it, loses it, and keeps it: every page of second factors, in the
/// browser of a member who has the address `member`. Ends on the page of security.
pub async fn factors(server: &TestServer, browser: &Browser, member: &str, look: &mut impl AsyncFnMut(&str)) {
    proof(browser, look).await;
    let recovery_code = set_up(browser, look).await;
    app_password(browser, look).await;
    browser.driver.delete_all_cookies().await.unwrap();
    second_step(browser, member, look).await;
    lost(server, browser, member, look).await;

    browser.go("/user/login/second").await;
    browser.fill("code", &recovery_code).await;
    browser.send("/user/login/second").await;
    assert_eq!(browser.path().await, "/user/profil");
    look("profile, second factors to be taken off").await;
    browser.send("/user/security/recovery/cancel").await;
    assert_eq!(browser.path().await, "/user/security");
    look("security, second factors kept").await;
}

async fn proof(browser: &Browser, look: &mut impl AsyncFnMut(&str)) {
    browser.go("/user/prove").await;
    assert_eq!(browser.status().await, 200);
    look("proof").await;
    browser.fill("password", "not this one").await;
    browser.send("/user/prove").await;
    assert_eq!(browser.status().await, 422);
    look("proof, password refused").await;
    browser.fill("password", PASSWORD).await;
    browser.send("/user/prove").await;
    assert_eq!(browser.path().await, "/user/security");
}

/// Returns a recovery code.
async fn set_up(browser: &Browser, look: &mut impl AsyncFnMut(&str)) -> String {
    browser.go("/user/security/totp").await;
    look("authenticator app").await;
    browser.fill("code", "no code").await;
    browser.send("/user/security/totp").await;
    assert_eq!(browser.status().await, 422);
    look("authenticator app, code refused").await;
    let secret = totp::secret_of(&browser.read("#totp p > code").await);
    browser.fill("code", &totp::shown(&secret, SystemClock.now().0)).await;
    browser.send("/user/security/totp").await;
    assert!(browser.shows("#recovery-codes").await, "{}", browser.read("main").await);
    look("recovery codes").await;
    let code = browser.read("#recovery-codes li code").await;
    browser.go("/user/security").await;
    look("security, with an authenticator app").await;
    code
}

async fn app_password(browser: &Browser, look: &mut impl AsyncFnMut(&str)) {
    browser.trust_forms().await;
    browser.send("/user/security/app-passwords").await;
    assert_eq!(browser.status().await, 422);
    look("security, app password refused").await;
    browser.fill("app-name", &"Badezimmerspiegel".repeat(3)).await;
    browser.send("/user/security/app-passwords").await;
    assert_eq!(browser.status().await, 200);
    look("app password").await;
    browser.go("/user/security").await;
    look("security, with an app password").await;
}

async fn second_step(browser: &Browser, member: &str, look: &mut impl AsyncFnMut(&str)) {
    browser.try_sign_in(member, PASSWORD).await;
    assert_eq!(browser.path().await, "/user/login/second");
    look("second step").await;
    browser.fill("code", "no code").await;
    browser.send("/user/login/second").await;
    assert_eq!(browser.status().await, 422);
    look("second step, code refused").await;
}

async fn lost(server: &TestServer, browser: &Browser, member: &str, look: &mut impl AsyncFnMut(&str)) {
    browser.press("main a[href='/user/login/lost']").await;
    look("second factors, lost").await;
    browser.send("/user/login/lost").await;
    look("second factors, link sent").await;
    browser.go(&server.mailed_link(member, "/user/recover-factors").await).await;
    look("second factors, to be taken off").await;
    browser.send("/user/recover-factors").await;
    look("second factors, asked to be taken off").await;
    browser.go(&server.mailed_link(member, "/user/recover-factors/cancel").await).await;
    look("second factors, to be kept").await;
}
