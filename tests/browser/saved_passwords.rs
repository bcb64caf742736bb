//! What Firefox offers to save: a password with the address as the name, by which the person can sign in.

use serde_json::json;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{RequestData, SessionId};

use crate::support::{Brand, Browser, EMAIL, Engine, PASSWORD, Stage, Taste, USERNAME, eventually};

const NEW_PASSWORD: &str = "another lamp, another door";

/// Where scripts of the driver run: `content`, the page, or `chrome`, the window around it.
#[derive(Debug)]
struct Context(&'static str);

impl FormatRequestData for Context {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(http::Method::POST, format!("session/{session}/moz/context"))
            .add_body(json!({ "value": self.0 }))
    }
}

/// Name and password in the panel that asks whether they shall be saved. The panel goes when they are these.
const OFFER: &str = r"
const window = Services.wm.getMostRecentWindow('navigator:browser');
const panel = window.PopupNotifications.getNotification('password', window.gBrowser.selectedBrowser);
if (!panel) return null;
const offer = ['username', 'password'].map((field) => window.document.getElementById(`password-notification-${field}`).value);
if (offer.join() === [...arguments].join()) panel.remove();
return offer;";

async fn is_offered(browser: &Browser, name: &str, password: &str) {
    browser.driver.cmd(Context("chrome")).await.unwrap();
    eventually("Firefox offers to save name and password", async || {
        let wanted = vec![name.into(), password.into()];
        *browser.driver.execute(OFFER, wanted).await.unwrap().json() == json!([name, password])
    })
    .await;
    browser.driver.cmd(Context("content")).await.unwrap();
}

async fn walk(script: bool) {
    let Some(stage) = Stage::of(Brand::Firefox, Engine::Sqlite, "").await else { return };
    let browser = stage.browser(Taste { script, ..Taste::default() }).await;
    browser.sign_up(EMAIL, USERNAME, PASSWORD).await;
    is_offered(&browser, EMAIL, PASSWORD).await;
    browser.fill("email", "countess@example.org").await;
    browser.fill("email-apassword", PASSWORD).await;
    browser.send("/user/modify/email").await;
    // Until the new address is proven, the old one is the name.
    is_offered(&browser, EMAIL, PASSWORD).await;
    browser.press("a[href='/user/security']").await;
    browser.fill("apassword", PASSWORD).await;
    browser.fill("npassword", NEW_PASSWORD).await;
    browser.send("/user/modify/password").await;
    is_offered(&browser, EMAIL, NEW_PASSWORD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn firefox_saves_a_password_with_the_address() {
    walk(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn firefox_saves_a_password_with_the_address_without_script() {
    walk(false).await;
}
