//! Folders of themes, and a server with a theme.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use look::Facts;
use look::theme::{Checked, check};
use rocket::figment::Figment;
use rocket::figment::providers::{Format as _, Serialized, Toml};
use rocket::local::asynchronous::Client;
use vestibule::plugin::Config;
use vestibule::plugin::{ClockAndRandom, prepare};

pub const MANIFEST: &str = "name = \"Test\"\nversion = \"1\"\nauthor = \"Ada\"\ncontract = 2\n";

/// A theme's folder. Dropping it deletes the folder.
pub struct Theme(tempfile::TempDir);

impl Theme {
    /// A theme with a `theme.toml` and no other file.
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap()).with("theme.toml", MANIFEST)
    }

    /// Adds a file.
    pub fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().join("theme")
    }

    pub fn check(&self) -> Checked {
        checked(&self.path())
    }
}

pub fn checked(folder: &Path) -> Checked {
    check(folder, &[], "en", Facts::default(), &BTreeMap::new())
}

/// A server with these settings (TOML), and its data folder.
pub async fn served(settings: &str) -> (Client, tempfile::TempDir) {
    let data = tempfile::tempdir().unwrap();
    (served_from(data.path(), settings).await, data)
}

/// A server with these settings over an existing data folder.
pub async fn served_from(data: &Path, settings: &str) -> Client {
    let figment = Figment::from(rocket::Config::default())
        .merge(Serialized::default("log_level", "off"))
        .merge(Serialized::default("data_dir", data))
        .merge(Serialized::default("password.threads", 1))
        .merge(Toml::string(settings))
        .select("default");
    let config = Config::from_figment(figment).unwrap();
    prepare(&config).await.unwrap();
    let rocket = vestibule::plugin::rocket(&config, ClockAndRandom::default()).unwrap();
    Client::untracked(rocket).await.unwrap()
}

pub async fn page(client: &Client, address: &str) -> String {
    let answer = client.get(address.to_owned()).dispatch().await;
    assert_eq!(answer.status().code, 200, "{address}");
    answer.into_string().await.unwrap()
}

/// Runs `vestibule theme` with these arguments.
/// `vestibule theme …`. A check opens no browser; see [`checked_in_chromium`].
pub fn vestibule(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
    command.arg("theme").args(arguments);
    if arguments.first() == Some(&"check") {
        command.arg("--no-browser");
    }
    command.output().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "these settings are the tests' own")]
fn leaves_out_chromium() -> bool {
    std::env::var("VESTIBULE_TEST_WITHOUT_BROWSER").is_ok_and(|said| said == "1")
}

/// `vestibule theme check --strict`, with what Chromium shows. `None` where the tests do without Chromium.
pub fn checked_in_chromium(folder: &Path) -> Option<Output> {
    if leaves_out_chromium() {
        eprintln!("skipped: VESTIBULE_TEST_WITHOUT_BROWSER=1");
        return None;
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
    let output = command.args(["theme", "check", "--strict"]).arg(folder).output().unwrap();
    assert_eq!(text(&output.stderr), "", "Chromium has to be there");
    Some(output)
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub fn name(path: &Path) -> &str {
    path.to_str().unwrap()
}
