//! A browser with a profile of its own.

use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::prelude::*;
use thirtyfour::{RequestData, SessionId};

use super::brands::{Belongings, Brand, Opened, Opener};
use super::eventually;
use super::taste::Taste;

pub struct Browser {
    pub driver: WebDriver,
    pub brand: Brand,
    pub origin: String,
    /// Whether pages may run scripts.
    pub script: bool,
    _belongings: Belongings,
}

/// The accessibility attributes of a field.
#[derive(Debug, serde::Deserialize)]
pub struct FieldState {
    pub invalid: bool,
    pub described_by: Vec<String>,
    pub dangling: Vec<String>,
    pub errors: String,
    pub focused: bool,
}

impl Browser {
    pub async fn open(opener: &Opener, origin: &str, taste: Taste) -> Self {
        let Opened { driver, belongings } = opener.open(taste).await;
        let brand = opener.brand();
        let (origin, script) = (origin.to_owned(), taste.script);
        let browser = Self { driver, brand, origin, script, _belongings: belongings };
        browser.size(taste.width, taste.height).await;
        if brand == Brand::Chromium {
            browser.adjust(taste).await;
        }
        browser
    }

    /// Sets by DevTools what the other browsers read when they start.
    async fn adjust(&self, taste: Taste) {
        let mut features = Vec::new();
        if taste.dark {
            features.push(json!({ "name": "prefers-color-scheme", "value": "dark" }));
        }
        if taste.forced_colours {
            features.push(json!({ "name": "forced-colors", "value": "active" }));
        }
        if !features.is_empty() {
            self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
        }
        if !taste.script {
            self.scripts(false).await;
        }
    }

    /// Allows or forbids scripts of pages from now on.
    pub async fn scripts(&self, run: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": !run })).await;
    }

    /// Sends a command of the DevTools protocol, which Chromium alone has.
    pub async fn devtools(&self, name: &'static str, parameters: Value) -> Value {
        self.driver.cmd(DevTools { name, parameters }).await.unwrap().value().unwrap()
    }

    /// Gives the browser an authenticator; returns its number.
    pub async fn add_authenticator(&self) -> String {
        self.driver.cmd(AddAuthenticator).await.unwrap().value().unwrap()
    }

    /// How many passkeys an authenticator holds.
    pub async fn passkeys_of(&self, authenticator: &str) -> usize {
        let held = self.driver.cmd(CredentialsOf(authenticator.to_owned())).await.unwrap();
        held.value::<Vec<Value>>().unwrap().len()
    }

    /// Sets the size of the screen. A window cannot be narrower than 500 px, but Chromium's screen can.
    pub async fn size(&self, width: u32, height: u32) {
        if self.brand != Brand::Chromium {
            self.driver.set_window_rect(0, 0, width, height).await.unwrap();
            return;
        }
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", screen).await;
    }

    pub async fn go(&self, path: &str) {
        let address = format!("{}{path}", self.origin);
        self.driver.goto(&address).await.unwrap();
        if self.brand == Brand::WebKit {
            self.arrive(&address).await;
        }
    }

    /// Waits until a page of the server is there. WebKitWebDriver says that a navigation has ended when it
    /// has failed, too, or not begun yet, and then leaves the page of before.
    async fn arrive(&self, address: &str) {
        let script = "return document.readyState === 'complete' ? location.origin : ''";
        let here = async || self.text_of(script).await == self.origin;
        for _ in 0..20 {
            if here().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        eprintln!("WebKit did not open {address} but shows {:?}", self.text_of("return location.href").await);
        self.driver.goto(address).await.unwrap();
        eventually("a page of the server", here).await;
    }

    /// The result of `script` in the page. Works even when scripts of pages are forbidden.
    pub async fn js(&self, script: &str) -> Value {
        self.driver.execute(script, Vec::new()).await.unwrap().json().clone()
    }

    pub async fn text_of(&self, script: &str) -> String {
        self.js(script).await.as_str().unwrap_or_default().to_owned()
    }

    pub async fn find(&self, selector: &str) -> WebElement {
        match self.driver.find(By::Css(selector)).await {
            Ok(element) => element,
            Err(error) => {
                let page =
                    "return [location.href, document.readyState, document.body?.innerText].join(' | ')";
                panic!("no {selector:?} ({error}) in: {}", self.text_of(page).await);
            }
        }
    }

    pub async fn shows(&self, selector: &str) -> bool {
        match self.driver.find(By::Css(selector)).await {
            Ok(element) => element.is_displayed().await.unwrap_or(false),
            Err(_) => false,
        }
    }

    /// The visible text at `selector`, with white space folded; empty if there is no such element.
    pub async fn read(&self, selector: &str) -> String {
        let script = format!(
            "const e = document.querySelector({selector:?}); return e ? e.innerText.replace(/[ \\t\\r\\n]+/g, ' ').trim() : ''"
        );
        self.text_of(&script).await
    }

    pub async fn path(&self) -> String {
        self.text_of("return location.pathname + location.search").await
    }

    /// HTTP status of the page. WebKitGTK does not tell it.
    pub async fn status(&self) -> i64 {
        let status = self.js("return performance.getEntriesByType('navigation')[0].responseStatus").await;
        status.as_i64().unwrap()
    }

    /// Replaces the text in the field `name`.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.find(&format!("#f-{name}")).await;
        self.reach(&field).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Scrolls to the element where the browser does not do it well enough itself: WebKitGTK leaves a field
    /// at the edge of the screen, and says that it cannot be used there.
    async fn reach(&self, element: &WebElement) {
        if self.brand == Brand::WebKit {
            let script = "arguments[0].scrollIntoView({ block: 'center' })";
            self.driver.execute(script, vec![element.to_json().unwrap()]).await.unwrap();
        }
    }

    /// Sets a date, as a date picker does.
    pub async fn pick_date(&self, name: &str, date: &str) {
        self.js(&format!("document.getElementById('f-{name}').value = {date:?}")).await;
    }

    pub async fn value(&self, name: &str) -> String {
        self.text_of(&format!("return document.getElementById('f-{name}').value")).await
    }

    /// Clicks, and waits for the next page.
    pub async fn press(&self, selector: &str) {
        let before = self.document().await;
        let element = self.find(selector).await;
        self.reach(&element).await;
        element.click().await.unwrap();
        self.another_page(before).await;
    }

    /// Submits the form with this action by its button, and waits for the answer.
    pub async fn send(&self, action: &str) {
        self.press(&format!("form[action='{action}'] button:not([type=button])")).await;
    }

    /// Turns the browser's own validation of forms off, as in a browser without it.
    pub async fn trust_forms(&self) {
        self.js("for (const form of document.forms) form.noValidate = true").await;
    }

    /// An identifier of the loaded document.
    pub async fn document(&self) -> Value {
        self.js("return performance.timeOrigin").await
    }

    /// Waits until a document other than `before` has loaded.
    pub async fn another_page(&self, before: Value) {
        let script = "return document.readyState === 'complete' ? performance.timeOrigin : null";
        eventually("another page", async || match self.driver.execute(script, Vec::new()).await {
            Ok(now) => !now.json().is_null() && *now.json() != before,
            Err(_) => false,
        })
        .await;
    }

    pub async fn field(&self, name: &str) -> FieldState {
        let script = format!(
            "const input = document.getElementById('f-{name}');
             const ids = (input.getAttribute('aria-describedby') || '').split(/\\s+/).filter(Boolean);
             const parts = ids.map((id) => document.getElementById(id));
             return {{
               invalid: input.getAttribute('aria-invalid') === 'true',
               described_by: ids,
               dangling: ids.filter((_, i) => !parts[i]),
               errors: parts.filter((part) => part && part.classList.contains('errors'))
                 .map((part) => part.checkVisibility() ? part.innerText.trim() : '').join(' '),
               focused: document.activeElement === input,
             }}"
        );
        serde_json::from_value(self.js(&script).await).unwrap()
    }

    /// The documents requested since the last call, as `POST /user/login 308`: Chromium's own record.
    pub async fn hops(&self) -> Vec<String> {
        let mut hops: Vec<(String, Option<i64>)> = Vec::new();
        let answered = |hops: &mut Vec<(String, Option<i64>)>, response: &Value| {
            if let Some(last) = hops.last_mut() {
                last.1 = response["status"].as_i64();
            }
        };
        for entry in self.driver.get_log("performance").await.unwrap() {
            let event: Value = serde_json::from_str(&entry.message).unwrap();
            let (name, about) = (&event["message"]["method"], &event["message"]["params"]);
            if about["type"] != "Document" {
                continue;
            }
            if name == "Network.requestWillBeSent" {
                if about["redirectResponse"].is_object() {
                    answered(&mut hops, &about["redirectResponse"]);
                }
                let url = about["request"]["url"].as_str().unwrap();
                let path = url.strip_prefix(&self.origin).unwrap_or(url);
                hops.push((format!("{} {path}", about["request"]["method"].as_str().unwrap()), None));
            } else if name == "Network.responseReceived" {
                answered(&mut hops, &about["response"]);
            }
        }
        hops.into_iter().map(|(hop, status)| format!("{hop} {}", status.unwrap_or_default())).collect()
    }

    /// The messages in the console, except the status of the document itself.
    pub async fn complaints(&self) -> Vec<String> {
        let lines = self.driver.get_log("browser").await.unwrap();
        // Paths of pages contain no dot; paths of their files do.
        let status = |line: &str| {
            line.strip_prefix(&self.origin)
                .and_then(|line| line.split_once(" - Failed to load resource: the server responded with"))
                .is_some_and(|(path, _)| !path.contains('.'))
        };
        lines
            .into_iter()
            .filter(|line| matches!(line.level.as_str(), "SEVERE" | "WARNING"))
            .map(|line| line.message)
            .filter(|line| !status(line))
            .collect()
    }
}

/// An authenticator of the browser's own, which recognises whoever is there (W3C Web Authentication, "virtual
/// authenticator").
#[derive(Debug)]
struct AddAuthenticator;

impl FormatRequestData for AddAuthenticator {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(reqwest::Method::POST, format!("session/{session}/webauthn/authenticator")).add_body(
            json!({
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
                "hasUserVerification": true, "isUserConsenting": true, "isUserVerified": true,
            }),
        )
    }
}

/// What an authenticator holds.
#[derive(Debug)]
struct CredentialsOf(String);

impl FormatRequestData for CredentialsOf {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let path = format!("session/{session}/webauthn/authenticator/{}/credentials", self.0);
        RequestData::new(reqwest::Method::GET, path)
    }
}

#[derive(Debug)]
struct DevTools {
    name: &'static str,
    parameters: Value,
}

impl FormatRequestData for DevTools {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(reqwest::Method::POST, format!("session/{session}/goog/cdp/execute"))
            .add_body(json!({ "cmd": self.name, "params": self.parameters }))
    }
}
