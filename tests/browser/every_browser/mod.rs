//! What a person does with an account, in Chromium, Firefox ESR and WebKitGTK, with scripts of pages and
//! without. These tests need nothing of a browser but WebDriver; the server records what it was asked for.

mod account;
mod https;
mod links;
mod looks;
mod proof_of_work;
mod refusals;

use std::collections::BTreeMap;

use thirtyfour::{Cookie, SameSite};

use crate::support::{
    Brand, Browser, EMAIL, Engine, HOST, Stage, Taste, TlsPort, TlsProxy, eventually, sentence,
};

/// The cookie by which a browser is signed in.
const SESSION: &str = "vestibule";
/// The cookie by which a browser is known to have signed in before.
const KNOWN: &str = "vestibule_device";

/// Makes tests of the function, which takes a brand and whether scripts run: one for each browser, with
/// scripts and without.
macro_rules! in_every_browser {
    ($walk:ident) => {
        in_every_browser!($walk, chromium, Chromium, true);
        in_every_browser!($walk, chromium_without_script, Chromium, false);
        in_every_browser!($walk, firefox, Firefox, true);
        in_every_browser!($walk, firefox_without_script, Firefox, false);
        in_every_browser!($walk, webkit, WebKit, true);
        in_every_browser!($walk, webkit_without_script, WebKit, false);
    };
    ($walk:ident, $name:ident, $brand:ident, $script:literal) => {
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            $walk(crate::support::Brand::$brand, $script).await;
        }
    };
}
use in_every_browser;

/// How a browser reaches the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// At its IP, which is a secure context.
    Ip,
    /// By a host name over plain http.
    Name,
    /// By a host name, through a proxy that speaks TLS.
    Tls,
}

/// A person in front of a browser.
struct Walk {
    stage: Stage,
    browser: Browser,
    taste: Taste,
    _proxy: Option<TlsProxy>,
}

impl Walk {
    /// Opens a browser on a server with these settings. `None` where the test is left out.
    async fn begin(brand: Brand, script: bool, way: Way, settings: &str) -> Option<Self> {
        let port = if way == Way::Tls { Some(TlsPort::bind().await) } else { None };
        let mut settings = format!("registration.verify = 'optional'\n{settings}");
        let secure = port.as_ref().map(|port| format!("https://{HOST}:{}", port.number()));
        if let Some(origin) = &secure {
            settings = format!("{settings}\npublic_url = '{origin}'");
        }
        let mut stage = Stage::of(brand, Engine::Sqlite, &settings).await?;
        let listening = stage.server.port();
        if let Some(origin) = secure {
            stage.server.origin = origin;
        } else if way == Way::Name {
            stage.server.origin = format!("http://{HOST}:{listening}");
        }
        let taste = Taste { script, ..Taste::default() };
        let browser = stage.browser(taste).await;
        let proxy = port.map(|port| port.pass_on(HOST, listening));
        Some(Self { stage, browser, taste, _proxy: proxy })
    }

    /// Sends the form with this action by its button. Checks the documents that were answered until the next
    /// page, as `POST /user/login 308`, and returns the notice of that page.
    async fn send(&self, action: &str, hops: &[&str]) -> String {
        self.stage.server.hops();
        self.browser.send(action).await;
        assert_eq!(self.stage.server.hops(), hops, "{}", self.browser.read("#alert").await);
        self.browser.read(".notice").await
    }

    /// Loads the page again, which asks for the page and sends nothing.
    async fn reload(&self) {
        let path = self.browser.path().await;
        self.stage.server.hops();
        let before = self.browser.document().await;
        self.browser.driver.refresh().await.unwrap();
        self.browser.another_page(before).await;
        assert_eq!(self.stage.server.hops(), [format!("GET {path} 200")]);
        assert!(!self.browser.shows(".notice").await, "a message is shown once");
    }

    /// Presses *back* on the page after signing out, and checks that nothing is seen of who was signed in.
    async fn back_shows_nobody(&self) {
        let before = self.browser.document().await;
        self.browser.driver.back().await.unwrap();
        self.browser.another_page(before).await;
        if self.browser.brand == Brand::WebKit
            && !self.taste.script
            && self.browser.origin.starts_with("http:")
        {
            // Over plain http WebKit brings back the page itself, whatever `Cache-Control` says, and without
            // scripts nothing in it can ask whose it is. Its next request does.
            self.browser.driver.refresh().await.unwrap();
        }
        let asked = async || self.browser.path().await == "/user/login?next=/user/profil";
        eventually("the page asks who is there", asked).await;
        assert!(!self.browser.text_of("return document.body.innerText").await.contains(EMAIL));
    }

    /// The values of all cookies by name. Checks what else they are: of this host alone, out of reach of
    /// scripts, not sent with requests of other sites, and with `Secure` over https alone, which browsers
    /// refuse over plain http.
    async fn cookies(&self) -> BTreeMap<String, String> {
        let cookies = self.browser.driver.get_all_cookies().await.unwrap();
        let host = self.browser.text_of("return location.hostname").await;
        let secure = self.browser.origin.starts_with("https:");
        let checked = |cookie: Cookie| {
            assert_eq!(cookie.path.as_deref(), Some("/"), "{}", cookie.name);
            assert_eq!(cookie.domain.as_deref(), Some(host.as_str()), "{}", cookie.name);
            assert_eq!(cookie.http_only, Some(true), "{}", cookie.name);
            assert_eq!(cookie.same_site, Some(SameSite::Lax), "{}", cookie.name);
            assert_eq!(cookie.secure, Some(secure), "{}", cookie.name);
            (cookie.name, cookie.value)
        };
        let cookies = cookies.into_iter().map(checked).collect();
        assert_eq!(self.browser.text_of("return document.cookie").await, "", "a script reads cookies");
        cookies
    }

    /// Checks that the browser has these cookies; returns the value of the session's.
    async fn session(&self, names: &[&str]) -> Option<String> {
        let mut cookies = self.cookies().await;
        assert_eq!(cookies.keys().collect::<Vec<_>>(), names);
        cookies.remove(SESSION)
    }
}

fn said(key: &str) -> String {
    sentence("en", key, &[])
}
