//! A server, browsers on it, and the actions of a person.

mod admin_tour;
mod brands;
mod browser;
mod factors_tour;
#[path = "../support/mail.rs"]
#[expect(dead_code, reason = "some of it is for the tests of the pages")]
mod mail;
#[path = "../support/openid_provider.rs"]
pub mod openid_provider;
mod person;
pub mod pictures;
mod process;
mod server;
#[path = "../support/smtp.rs"]
#[expect(dead_code, reason = "some of it is for the tests of the pages")]
pub mod smtp;
mod taste;
mod tls;
#[path = "../support/totp.rs"]
mod totp;
mod tour;

use std::io::Write as _;
use std::time::{Duration, Instant};

pub use admin_tour::whole_administration;
use brands::Opener;
pub use brands::{Brand, HOST};
pub use browser::Browser;
pub use person::{CITY, EMAIL, PASSWORD, USERNAME};
pub use server::{Engine, TestServer};
pub use taste::Taste;
pub use tls::{TlsPort, TlsProxy};
pub use tour::tour;

/// Longest wait of any test for one event.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A running server, and browsers of one brand that open it.
pub struct Stage {
    pub server: TestServer,
    opener: Opener,
}

impl Stage {
    /// Starts both, with Chromium. `None`, after a message, when this machine cannot run the test and it may
    /// be left out.
    pub async fn open(engine: Engine) -> Option<Self> {
        Self::with(engine, "").await
    }

    /// As [`open`](Self::open), with these settings (TOML) over the others.
    pub async fn with(engine: Engine, settings: &str) -> Option<Self> {
        Self::of(Brand::Chromium, engine, settings).await
    }

    /// As [`with`](Self::with), with browsers of this brand.
    pub async fn of(brand: Brand, engine: Engine, settings: &str) -> Option<Self> {
        let opener = or_leave_out(brand.waiver(), Opener::start(brand))?;
        let server = TestServer::open(engine, settings).await;
        let server = or_leave_out("VESTIBULE_TEST_WITHOUT_POSTGRES", server)?;
        Some(Self { server, opener })
    }

    /// As [`open`](Self::open), with optional verification of addresses, and with administrators who need no
    /// second factor, for the tour.
    pub async fn for_tour() -> Option<Self> {
        Self::with(Engine::Sqlite, "registration.verify = 'optional'\nadmin.second_factor = false").await
    }

    /// A browser without cookies.
    pub async fn browser(&self, taste: Taste) -> Browser {
        Browser::open(&self.opener, &self.server.origin, taste).await
    }

    /// A browser in which a person has just registered.
    pub async fn member(&self, taste: Taste) -> Browser {
        let browser = self.browser(taste).await;
        browser.sign_up(EMAIL, USERNAME, PASSWORD).await;
        browser
    }
}

/// Unwraps a precondition of a test. Without it the test fails, unless the variable `waiver` is 1.
fn or_leave_out<T>(waiver: &str, made: Result<T, String>) -> Option<T> {
    match made {
        Ok(made) => Some(made),
        Err(why) => {
            let waived = std::env::var_os(waiver).is_some_and(|set| set == "1");
            assert!(waived, "{why} ({waiver}=1 leaves such tests out)");
            say(&format!("left out: {why}"));
            None
        }
    }
}

/// Prints a line to standard error directly, because the test runner hides what passing tests print.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Starts a pairing; returns its code and token.
pub async fn device(origin: &str, name: &str) -> (String, String) {
    let form = [("name", name)];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let asked = reqwest::Client::new().post(format!("{origin}/auth/device"));
    let asked = asked.header("content-type", "application/x-www-form-urlencoded").body(body);
    let answer: serde_json::Value = asked.send().await.unwrap().json().await.unwrap();
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    (text("code"), text("device_token"))
}

/// Polls until `holds` is true.
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds().await {
        assert!(Instant::now() < end, "it never happened: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The sentence of `key` in `locales/LANGUAGE.ftl`, if it is one line without a selector.
pub fn sentence(language: &str, key: &str, values: &[(&str, &str)]) -> String {
    let path = format!("{}/locales/{language}.ftl", env!("CARGO_MANIFEST_DIR"));
    let catalog = std::fs::read_to_string(path).unwrap();
    let line = catalog.lines().find_map(|line| line.strip_prefix(&format!("{key} = ")));
    let line = line.unwrap_or_else(|| panic!("{key} is no one-line sentence of {language}"));
    values.iter().fold(line.to_owned(), |text, (name, value)| text.replace(&format!("{{ ${name} }}"), value))
}
