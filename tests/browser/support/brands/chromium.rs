//! Debian's Chromium. One chromedriver opens all browsers of a test.

use std::process::Command;

use serde_json::json;
use thirtyfour::prelude::*;
use thirtyfour::{DesiredCapabilities, LoggingPrefsLogLevel};

use super::{HOST, Opened, opened};
use crate::support::process::{Process, installed};
use crate::support::taste::Taste;

pub struct Chromedriver {
    address: String,
    _process: Process,
}

impl Chromedriver {
    /// Starts it, on a port that the system chooses.
    pub fn start() -> Result<Self, String> {
        installed(&["chromium", "chromedriver"])?;
        let port = |line: &str| {
            let (_, port) = line.split_once("successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        };
        let (process, port) = Process::start_and_read(Command::new("chromedriver").arg("--port=0"), port)?;
        Ok(Self { address: format!("http://127.0.0.1:{port}"), _process: process })
    }

    /// Opens a browser. Size, colours and scripts of pages are set by DevTools, see `Browser::adjust`.
    pub async fn open(&self, taste: Taste) -> Opened {
        let profile = tempfile::tempdir().unwrap();
        let mut wanted = DesiredCapabilities::chrome();
        let folder = format!("--user-data-dir={}", profile.path().display());
        let size = format!("--window-size={},{}", taste.width, taste.height);
        let host = format!("--host-resolver-rules=MAP {HOST} 127.0.0.1");
        for argument in [
            "--headless=new",
            // Containers run these tests as root, and the browser opens this server only.
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-quic",
            // Smooth scrolling would move a button away from the click.
            "--force-prefers-reduced-motion",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &host,
            &folder,
            &size,
        ] {
            wanted.add_arg(argument).unwrap();
        }
        // The proxy with TLS has a certificate that nobody signed.
        wanted.accept_insecure_certs(true).unwrap();
        let preferences = json!({
            "intl.accept_languages": taste.language,
            "credentials_enable_service": false,
            "profile.password_manager_leak_detection": false,
        });
        wanted.add_experimental_option("prefs", preferences).unwrap();
        wanted.set_logging_prefs("browser", LoggingPrefsLogLevel::All).unwrap();
        wanted.set_logging_prefs("performance", LoggingPrefsLogLevel::All).unwrap();
        opened(WebDriver::new(&self.address, wanted).await.unwrap(), None, profile)
    }
}
