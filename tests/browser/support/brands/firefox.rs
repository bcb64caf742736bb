//! Debian's Firefox ESR, without geckodriver, which Debian 12 does not have.

use std::process::Command;

use thirtyfour::{Capabilities, WebDriver};

use super::marionette::Marionette;
use super::{HOST, Opened, opened};
use crate::support::eventually;
use crate::support::process::{self, Process};
use crate::support::taste::Taste;

const PROGRAM: &str = "firefox-esr";

pub fn installed() -> Result<(), String> {
    process::installed(&[PROGRAM])
}

/// The preferences, in the syntax of `user.js`. Marionette adds those of automated tests.
fn preferences(taste: Taste) -> String {
    // Numbers and booleans are written as they are; texts are quoted.
    let preferences = [
        // The port is chosen by the system.
        ("marionette.port", "0".to_owned()),
        ("intl.accept_languages", format!("{:?}", taste.language)),
        ("javascript.enabled", taste.script.to_string()),
        ("network.dns.localDomains", format!("{HOST:?}")),
        // Smooth scrolling would move a button away from the click.
        ("ui.prefersReducedMotion", "1".to_owned()),
        ("ui.systemUsesDarkTheme", u8::from(taste.dark).to_string()),
        ("layout.css.prefers-color-scheme.content-override", u8::from(!taste.dark).to_string()),
        // Offers to save passwords, which Marionette would turn off.
        ("signon.rememberSignons", "true".to_owned()),
        // Authenticators that a test makes, and none that is plugged in.
        ("security.webauth.webauthn_enable_softtoken", "true".to_owned()),
        ("security.webauth.webauthn_enable_usbtoken", "false".to_owned()),
        // 2: always, 0: never but with a high contrast of the system.
        ("browser.display.document_color_use", if taste.forced_colours { "2" } else { "0" }.to_owned()),
    ];
    let line = |(name, value): &(&str, String)| format!("user_pref({name:?}, {value});\n");
    preferences.iter().map(line).collect()
}

pub async fn open(taste: Taste) -> Opened {
    let profile = tempfile::tempdir().unwrap();
    std::fs::write(profile.path().join("user.js"), preferences(taste)).unwrap();
    let mut command = Command::new(PROGRAM);
    command.args(["--headless", "--no-remote", "--marionette"]);
    // For tests that look at Firefox's own windows.
    command.arg("--remote-allow-system-access");
    command.arg("--profile").arg(profile.path());
    // Root's Firefox refuses a home that is not root's.
    command.env("HOME", profile.path());
    let process = Process::start(&mut command).unwrap();
    let mut port = None;
    eventually("Firefox says its port", async || {
        let said = std::fs::read_to_string(profile.path().join("MarionetteActivePort"));
        port = said.ok().and_then(|said| said.trim().parse().ok());
        port.is_some()
    })
    .await;
    let client = Marionette::connect(port.unwrap()).await.unwrap();
    let mut wanted = Capabilities::new();
    // The proxy with TLS has a certificate that nobody signed.
    wanted.set("acceptInsecureCerts", true).unwrap();
    // The client does not look at the address.
    let driver = WebDriver::builder("http://firefox.test", wanted).client(client).await.unwrap();
    opened(driver, Some(process), profile)
}
