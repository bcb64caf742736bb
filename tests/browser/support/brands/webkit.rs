//! Debian's WebKitGTK. Its driver has one session, so each browser has a driver of its own.

use std::net::{TcpListener, TcpStream};
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;
use thirtyfour::{Capabilities, WebDriver};

use super::{HOST, Opened, opened};
use crate::support::eventually;
use crate::support::process::{Process, installed};
use crate::support::taste::Taste;

const DRIVER: &str = "WebKitWebDriver";

/// The library by which a program reads another file than `/etc/hosts`.
const HOSTS_LIBRARY: &str = "libnss_wrapper.so";

/// WebKitGTK has no headless mode: this screen is memory.
pub struct Screen {
    display: String,
    _process: Process,
}

impl Screen {
    /// Starts it with a number that is free.
    pub fn start() -> Result<Self, String> {
        installed(&[DRIVER, "Xvfb"])?;
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]);
        let number = |line: &str| line.trim().parse::<u32>().ok();
        let (process, number) = Process::start_and_read(&mut command, number)?;
        Ok(Self { display: format!(":{number}"), _process: process })
    }

    pub async fn open(&self, taste: Taste) -> Opened {
        assert!(!taste.dark && !taste.forced_colours, "WebKitGTK has no such setting here");
        assert_eq!(
            taste.language, "en",
            "WebKitGTK takes other languages from locales that are not installed"
        );
        let profile = tempfile::tempdir().unwrap();
        let (process, port) = self.driver(&profile).await;
        let mut wanted = Capabilities::new();
        let script = format!("--enable-javascript={}", if taste.script { "TRUE" } else { "FALSE" });
        wanted.set("browserName", "MiniBrowser").unwrap();
        // The proxy with TLS has a certificate that nobody signed.
        wanted.set("acceptInsecureCerts", true).unwrap();
        wanted.set("webkitgtk:browserOptions", json!({ "args": ["--automation", script] })).unwrap();
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted).await.unwrap();
        opened(driver, Some(process), profile)
    }

    /// Starts the driver with these files as its home; returns its port.
    async fn driver(&self, home: &TempDir) -> (Process, u16) {
        let settings = home.path().join("gtk-3.0");
        std::fs::create_dir(&settings).unwrap();
        // Smooth scrolling would move a button away from the click.
        std::fs::write(settings.join("settings.ini"), "[Settings]\ngtk-enable-animations=0\n").unwrap();
        let hosts = home.path().join("hosts");
        std::fs::write(&hosts, format!("127.0.0.1 localhost {HOST}\n")).unwrap();
        // The driver cannot let the system choose a port, and ends if the port was taken meanwhile.
        loop {
            let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let mut command = Command::new(DRIVER);
            command.arg(format!("--port={free}")).env("DISPLAY", &self.display);
            command.env("LC_ALL", "C.UTF-8").env_remove("LANGUAGE");
            command.env("LD_PRELOAD", HOSTS_LIBRARY).env("NSS_WRAPPER_HOSTS", &hosts);
            for folder in ["HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"] {
                command.env(folder, home.path());
            }
            let mut process = Process::start(&mut command).unwrap();
            let mut listens = false;
            eventually("the driver of WebKitGTK listens or has ended", async || {
                listens = TcpStream::connect(("127.0.0.1", free)).is_ok();
                listens || process.has_ended()
            })
            .await;
            if listens {
                return (process, free);
            }
        }
    }
}
