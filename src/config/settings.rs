//! The settings as they are written: a struct for each section, each field with its default.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;

use domain::{FieldKind, Verification};

/// The settings as written, defaults filled in.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Folder of everything that is kept: database, pictures. Default `data`.
    pub data_dir: PathBuf,
    /// `sqlite:FILE` or `postgres://USER@HOST/NAME`. Default: an SQLite file in the data folder.
    pub database_url: Option<Secret>,
    /// The address people open, such as `https://accounts.example.org`: links in mail, the cross-origin check
    /// and the cookie's name come from it. Default: `http://` and the address of the listener.
    pub public_url: Option<String>,
    /// A theme folder whose files replace the built-in ones. Default: none. One that cannot be used is refused in
    /// the log, and the built-in one serves.
    pub theme: Option<PathBuf>,
    /// Values in place of those of `[settings]` in the theme's `theme.toml`. Default: none.
    pub theme_settings: BTreeMap<String, serde_json::Value>,
    /// `off` lets everybody try without end: for tests and benchmarks. Default `on`.
    pub rate_limits: Switch,
    /// Language of pages for readers whose browser names none that we have. Default `en`.
    pub locale: String,
    /// The site.
    pub site: Site,
    /// Passwords.
    pub password: PasswordSettings,
    /// Sessions.
    pub session: SessionSettings,
    /// Pictures.
    pub picture: PictureSettings,
    /// Connections of clients.
    pub http: HttpSettings,
    /// Connections to the database.
    pub database: DatabaseSettings,
    /// What is written to standard error.
    pub log: LogSettings,
    /// Signing up.
    pub registration: RegistrationSettings,
    /// Mail.
    pub smtp: SmtpSettings,
    /// Mail that becomes files.
    pub mail: MailSettings,
    /// Calls from other sites' pages.
    pub cors: CorsSettings,
    /// The description of the JSON APIs.
    pub api: ApiSettings,
    /// The operator's own fields.
    pub fields: BTreeMap<String, FieldSettings>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: "data".into(),
            database_url: None,
            public_url: None,
            theme: None,
            theme_settings: BTreeMap::new(),
            rate_limits: Switch(true),
            locale: "en".into(),
            site: Site::default(),
            password: PasswordSettings::default(),
            session: SessionSettings::default(),
            picture: PictureSettings::default(),
            http: HttpSettings::default(),
            database: DatabaseSettings::default(),
            log: LogSettings::default(),
            registration: RegistrationSettings::default(),
            smtp: SmtpSettings::default(),
            mail: MailSettings::default(),
            cors: CorsSettings::default(),
            api: ApiSettings::default(),
            fields: BTreeMap::new(),
        }
    }
}

/// `[default.site]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Site {
    /// Name of the site, on every page. Default `Vestibule`.
    pub name: String,
}

impl Default for Site {
    fn default() -> Self {
        Self { name: "Vestibule".into() }
    }
}

/// `[default.password]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordSettings {
    /// Fewest characters of a new password, 8 to 64. Default 8.
    pub min_length: usize,
    /// Memory of one Argon2id hash in KiB, 19456 to 262144. Default 19456 (OWASP).
    pub memory_kib: u32,
    /// Passes of one Argon2id hash, 2 to 10. Default 2 (OWASP).
    pub passes: u32,
    /// Hashes computed at once. Default: the number of cores.
    pub threads: Option<usize>,
    /// Hashes that may wait; more are refused with 503. Default: 100 for each thread.
    pub queue: Option<usize>,
}

impl Default for PasswordSettings {
    fn default() -> Self {
        Self { min_length: 8, memory_kib: 19_456, passes: 2, threads: None, queue: None }
    }
}

/// `[default.session]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionSettings {
    /// A session ends after this many days without a request, 1 to 365. Default 14.
    pub idle_days: u64,
    /// A session ends after this many days in any case, 1 to 365. Default 90.
    pub absolute_days: u64,
    /// Sessions kept in memory. Default 100000 (about 60 MiB when full).
    pub cached: u64,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self { idle_days: 14, absolute_days: 90, cached: 100_000 }
    }
}

/// `[default.picture]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PictureSettings {
    /// Largest upload in MiB, 1 to 100. Default 10.
    pub max_mib: u64,
    /// Largest picture in megapixels, 1 to 200. Default 50.
    pub max_megapixels: u64,
}

impl PictureSettings {
    /// Largest upload in bytes.
    pub fn max_bytes(&self) -> u64 {
        self.max_mib << 20
    }
}

impl Default for PictureSettings {
    fn default() -> Self {
        Self { max_mib: 10, max_megapixels: 50 }
    }
}

/// `[default.http]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpSettings {
    /// Seconds for the head of a request to arrive, 1 to 300. Default 10.
    pub header_seconds: u64,
    /// Seconds without a byte of a request's body, 1 to 300. Default 10.
    pub body_seconds: u64,
    /// Seconds an idle connection is kept, 1 to 300. Default 15.
    pub keep_alive_seconds: u64,
    /// Seconds that running requests get when the server stops, 0 to 300. Default 10.
    pub shutdown_seconds: u64,
    /// Open connections at most. Default: what the system allows, up to 16384.
    pub connections: Option<usize>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            header_seconds: 10,
            body_seconds: 10,
            keep_alive_seconds: 15,
            shutdown_seconds: 10,
            connections: None,
        }
    }
}

/// `[default.database]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseSettings {
    /// Connections to the database at most, 1 to 1000. Default 8.
    pub connections: u32,
    /// Seconds to wait for one before answering 503, 1 to 60. Default 2.
    pub patience_seconds: u64,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self { connections: 8, patience_seconds: 2 }
    }
}

/// `[default.log]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSettings {
    /// Whether each request is written down: method, path without query, status, time. Default `off`.
    pub access: Switch,
}

/// `[default.registration]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RegistrationSettings {
    /// `off`; `optional`: a link is mailed that proves the address; `required`: nobody signs in before. Default `off`.
    pub verify: Verification,
}

/// `[default.smtp]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmtpSettings {
    /// `smtp://…` or `smtps://…`. Default: none, and mail is kept as files in the data folder.
    pub url: Option<Secret>,
    /// Name to sign in to the mail server with, where the address has none. Default: none.
    pub username: Option<String>,
    /// Password to sign in to the mail server with. Default: none.
    pub password: Option<Secret>,
    /// File of a certificate (PEM) that vouches for the mail server, beside the public authorities. Default: none.
    pub ca_file: Option<PathBuf>,
    /// Whom mail comes from, such as `Accounts <no-reply@example.org>`. Default: `no-reply` at the host of
    /// `public_url`.
    pub from: Option<String>,
    /// Messages that are sent at once, and connections to the mail server, 1 to 100. Default 16.
    pub connections: u32,
}

impl Default for SmtpSettings {
    fn default() -> Self {
        Self { url: None, username: None, password: None, ca_file: None, from: None, connections: 16 }
    }
}

/// `[default.mail]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailSettings {
    /// Whether `/dev/mail` shows the mail that became files, to everybody: its links open accounts. Default: only in a
    /// debug build that listens on this machine alone and has no `public_url`. Never where there is a mail server.
    pub page: Option<Switch>,
}

/// `[default.cors]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CorsSettings {
    /// Origins such as `https://app.example.org` whose pages may call the dialects that are spoken with a token; never
    /// with cookies. Default: none.
    pub origins: Vec<String>,
}

/// `[default.api]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApiSettings {
    /// `off`: there is neither `/api/openapi.json` nor `/api/docs`. Default `on`.
    pub docs: Switch,
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self { docs: Switch(true) }
    }
}

/// `[default.fields.NAME]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSettings {
    /// What people read, by language: `{ en = "Phone", fr = "Téléphone" }`.
    pub label: BTreeMap<String, String>,
    /// `text`, `email`, `url`, `number`, `date` or `boolean`. Default `text`.
    #[serde(default, rename = "type")]
    pub kind: FieldKind,
    /// Whether it must be filled in. Default `false`.
    #[serde(default)]
    pub required: bool,
    /// Longest value in characters, 1 to 4000. Default 200.
    #[serde(default = "default_max_length")]
    pub max_length: usize,
    /// Whether it is asked at sign-up too. Default `false`.
    #[serde(default)]
    pub sign_up: bool,
}

fn default_max_length() -> usize {
    200
}

/// A setting that does not print: addresses of servers carry passwords.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The value.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// `on` or `off` (also `true` or `false`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switch(pub bool);

impl<'de> Deserialize<'de> for Switch {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Flag(bool),
            Word(String),
        }
        match Written::deserialize(deserializer) {
            Ok(Written::Flag(flag)) => Ok(Self(flag)),
            Ok(Written::Word(word)) if word == "on" => Ok(Self(true)),
            Ok(Written::Word(word)) if word == "off" => Ok(Self(false)),
            _ => Err(serde::de::Error::custom("should be `on` or `off`")),
        }
    }
}
