//! Chromium, where it is there.

use std::path::Path;
use std::process::{Command, Stdio};

/// Names of the executables that are tried.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// The first that can be started.
pub fn find() -> Option<&'static str> {
    let there = |name: &&&str| {
        let found = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        found.is_ok_and(|status| status.success())
    };
    NAMES.iter().find(there).copied()
}

/// A command for a page of the disk, without a window. `profile` is an empty folder.
pub fn command(browser: &str, profile: &Path) -> Command {
    let mut command = Command::new(browser);
    command
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"])
        .arg("--allow-file-access-from-files")
        .arg(format!("--user-data-dir={}", profile.display()))
        .stderr(Stdio::null());
    command
}
