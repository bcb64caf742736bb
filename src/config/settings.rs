//! The settings as they are written. Doc comments, defaults and bounds become the table of
//! `docs/operating.md`, which `vestibule settings` prints: links in them are relative to `docs/`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

use super::admin::AdminSettings;
use super::deletion::DeletionSettings;
use super::describe::{Declared, DescribeSetting, SettingRow, full_name, settings};
use super::kind::{Bounds, HasKind, SettingKind, kinds};
use super::providers::ProviderEntry;
use super::rates::RateSettings;
use super::registration::RegistrationSettings;
use super::second_factor::SecondFactorSettings;
use super::secret::SecretSetting;
use super::session::SessionSettings;
use super::site::SiteSettings;
pub use super::switch::LogFormat;
use super::switch::Switch;
use super::terms::TermsSettings;
use super::username::UsernameSettings;
use super::webhooks::WebhookEntry;
use domain::{FieldKind, PasswordPolicy, PictureLimits};
use hasher::HashCost;
use listener::ServerSettings;

// A macro's range takes a number or a name.
const LEAST_KIB: u64 = hasher::LEAST_MEMORY_KIB as u64;
const MOST_KIB: u64 = hasher::MOST_MEMORY_KIB as u64;
const FEWEST_PASSES: u64 = hasher::LEAST_PASSES as u64;

settings! {
    /// Vestibule's own settings, with the defaults filled in.
    Settings {
        /// Folder of the database, the pictures and, without a mail server, the mail; made when missing.
        data_dir: PathBuf = "data".into();
        /// The database: `sqlite:FILE`, or `postgres://user:password@host/name` for several instances.
        database_url: Option<SecretSetting> = None, shown "an SQLite file in `data_dir`";
        /// The keys that secrets in the database are encrypted with, in place of the file `secret.key` in
        /// `data_dir`: base64 of 32 bytes each, with commas between, the newest first, see
        /// [second factors](second-factors.md#secrets-at-rest).
        secret_key: Option<SecretSetting> = None, shown "the file `secret.key` in `data_dir`";
        /// The URL that people open, such as `https://accounts.example.org`, or
        /// `https://www.example.org/account` below a path of another site. Links in mail and the cross-origin
        /// check use it. On `https` cookies get the `__Host-` prefix (`__Secure-` below a path) and HSTS is
        /// sent.
        public_url: Option<String> = None, shown "`http://` and the listener's address";
        /// A folder whose files replace the built-in ones, see [themes](themes.md). A file that
        /// fails the theme's check is named in the log, and ours is served in its place.
        theme: Option<PathBuf> = None, shown "the built-in look";
        /// A colour, a text or a switch that the theme lets you change; `vestibule theme check` lists them.
        theme_settings: BTreeMap<String, serde_json::Value> = BTreeMap::new();
        /// The proxies whose `ip_header` is believed, such as `["10.0.0.0/8", "2001:db8::7"]`; whoever else
        /// connects is the client. They are skipped in a header that lists several addresses, which needs
        /// this setting.
        trusted_proxies: Vec<String> = Vec::new(), shown "whoever connects";
        /// `off` lets everybody try without end: for tests and benchmarks.
        rate_limits: Switch = Switch(true);
        /// `[default.rates]`
        rates: RateSettings = RateSettings::default();
        /// Language of pages for readers who have chosen none and whose browser asks for none that exists.
        locale: String = "en".into();
        /// The languages of pages and mail, such as `["fr"]`: readers get no other. `locale` is one of them;
        /// left at its default, it is the first.
        locales: Vec<String> = Vec::new(), shown "all there are";
        /// `[default.site]`
        site: SiteSettings = SiteSettings::default();
        /// `[default.password]`
        password: PasswordSettings = PasswordSettings::default();
        /// `[default.session]`
        session: SessionSettings = SessionSettings::default();
        /// `[default.admin]`
        admin: AdminSettings = AdminSettings::default();
        /// `[default.second_factor]`
        second_factor: SecondFactorSettings = SecondFactorSettings::default();
        /// `[default.amadis]`
        amadis: AmadisSettings = AmadisSettings::default();
        /// `[default.picture]`
        picture: PictureSettings = PictureSettings::default();
        /// `[default.http]`
        http: HttpSettings = HttpSettings::default();
        /// `[default.database]`
        database: DatabaseSettings = DatabaseSettings::default();
        /// `[default.log]`
        log: LogSettings = LogSettings::default();
        /// `[default.metrics]`
        metrics: MetricsSettings = MetricsSettings::default();
        /// `[default.registration]`
        registration: RegistrationSettings = RegistrationSettings::default();
        /// `[default.terms]`
        terms: TermsSettings = TermsSettings::default();
        /// `[default.username]`
        username: UsernameSettings = UsernameSettings::default();
        /// `[default.smtp]`
        smtp: SmtpSettings = SmtpSettings::default();
        /// `[default.mail]`
        mail: MailSettings = MailSettings::default();
        /// `[default.audit]`
        audit: AuditSettings = AuditSettings::default();
        /// `[default.deletion]`
        deletion: DeletionSettings = DeletionSettings::default();
        /// `[default.outbound]`
        outbound: OutboundSettings = OutboundSettings::default();
        /// `[default.cors]`
        cors: CorsSettings = CorsSettings::default();
        /// `[default.api]`
        api: ApiSettings = ApiSettings::default();
        /// A field of your own: `label` (by language, required), `type` (`text`, `email`, `url`, `number`,
        /// `date` or `boolean`), `required`, `max_length` (1 to 4000 characters, 200 by default), `sign_up`
        /// (whether it is asked at sign-up too).
        fields: BTreeMap<String, FieldSettings> = BTreeMap::new();
        /// A provider that people sign in with too: `issuer`, `client_id`, `client_secret`, `label`,
        /// `scopes`, `kind`, see [signing in with others](#signing-in-with-others).
        providers: BTreeMap<String, ProviderEntry> = BTreeMap::new();
        /// Secrets of other products' servers, `NAME = "…"`, or `NAME = "base64:…"` where the secret is
        /// bytes: imported accounts sign in with their help, see [moving
        /// in](moving.md#secrets-of-the-other-server).
        foreign_secrets: BTreeMap<String, SecretSetting> = BTreeMap::new();
        /// A site that is told what happens to accounts: `url`, `secret`, `events`, see
        /// [webhooks](webhooks.md).
        webhooks: BTreeMap<String, WebhookEntry> = BTreeMap::new();
    }
}

settings! {
    /// `[default.password]`
    PasswordSettings {
        /// Fewest characters of a new password.
        min_length: usize = PasswordPolicy::default().min_length, range 8 to 64 "characters";
        /// Memory of one Argon2id hash. A weaker stored hash is renewed when its owner signs in.
        memory_kib: u32 = HashCost::default().memory_kib(), range LEAST_KIB to MOST_KIB "KiB";
        /// Passes of one Argon2id hash.
        passes: u32 = HashCost::default().passes(), range FEWEST_PASSES to 10;
        /// Hashes computed at once.
        threads: Option<usize> = None, shown "the number of cores", range 1 to 1024;
        /// Hashes that wait; more are refused with 503 and `Retry-After` at once.
        queue: Option<usize> = None, shown "100 for each thread", range 1 to 1000000;
    }
}

settings! {
    /// `[default.amadis]`
    AmadisSettings {
        /// `on`: a `user_secret` goes on when the password is changed or reset by a program, as in earlier
        /// versions; only a reset by mail ends it.
        secret_outlives_password: Switch = Switch(false);
    }
}

settings! {
    /// `[default.picture]`
    PictureSettings {
        /// Longest uploaded file.
        max_mib: u64 = PictureLimits::default().max_mib, range 1 to 100 "MiB";
        /// Most pixels of an uploaded picture.
        max_megapixels: u64 = PictureLimits::default().max_megapixels, range 1 to 200 "megapixels";
    }
}

impl PictureSettings {
    /// The limits on an uploaded picture.
    pub fn limits(&self) -> PictureLimits {
        PictureLimits { max_mib: self.max_mib, max_megapixels: self.max_megapixels }
    }
}

settings! {
    /// `[default.http]`
    HttpSettings {
        /// How long the head of a request may take to arrive.
        header_seconds: u64 = ServerSettings::default().header_timeout.as_secs(), range 1 to 300 "seconds";
        /// How long a client may pause within a request's body.
        body_seconds: u64 = ServerSettings::default().body_idle_timeout.as_secs(), range 1 to 300 "seconds";
        /// When an idle connection is closed.
        keep_alive_seconds: u64 = ServerSettings::default().keep_alive.as_secs(), range 1 to 300 "seconds";
        /// What running requests get after SIGTERM.
        shutdown_seconds: u64 = ServerSettings::default().grace.as_secs(), range 0 to 300 "seconds";
        /// Open connections; at the limit one that waits for its client makes room, see
        /// [limits](#limits).
        connections: Option<usize> = None, shown "what the system allows, at most 16,384", range 16 to 1000000;
        /// Open connections of one client, an IPv4 address or an IPv6 network (/64), beside its event
        /// streams. Without effect with `ip_header`.
        connections_each: Option<usize> = None, shown "a quarter of all, but up to 256 if that is at most half", range 4 to 1000000;
        /// Memory for all requests in flight with their small bodies and answers; one client has a quarter at
        /// most. Whatever finds none for two seconds is answered with 503 and `Retry-After`.
        buffers_mib: u64 = ServerSettings::default().buffer_bytes >> 20, range 4 to 65536 "MiB";
        /// How fast a client must read an answer, on average over the time that it keeps the server waiting
        /// beyond 30 seconds; 0: as slowly as it likes.
        answer_rate: u64 = ServerSettings::default().answer_min_rate, range 0 to 1000000 "bytes per second";
        /// Names, such as `["accounts.internal"]`, that requests may call the server by beside the host of
        /// `public_url`. Once that is set, any other is answered with 421, see
        /// [behind a reverse proxy](#behind-a-reverse-proxy).
        hosts: Vec<String> = Vec::new();
        /// Name of the session cookie, and the beginning of the others' names. Browsers send the cookies of
        /// one host to all its ports, so two servers on one host need two names.
        cookie: String = "vestibule".into();
        /// Where browsers must use TLS for a year (HSTS), once `public_url` is `https`: on its `host`, on its
        /// `subdomains` too, or `off` where a proxy sends the header.
        hsts: Hsts = Hsts::Host;
        /// `on`: `public_url` may begin with `http://` and lead to another machine. Everybody on the way can
        /// then read passwords.
        allow_plain: Switch = Switch(false);
    }
}

settings! {
    /// `[default.database]`
    DatabaseSettings {
        /// Connections to the database.
        connections: u32 = 8, range 1 to 1000;
        /// How long a request waits for a connection before it is answered with 503.
        patience_seconds: u64 = 2, range 1 to 60 "seconds";
    }
}

settings! {
    /// `[default.log]`
    LogSettings {
        /// `on`: a line for each request, with method, route, status, bytes, time, door and id, see
        /// [the log](#the-log).
        access: Switch = Switch(false);
        /// `on`: a line for each event of the [audit log](#the-audit-log), with its kind and the number of
        /// the account.
        events: Switch = Switch(false);
        /// `text`: lines for people; `json`: an object on each line, for programs that collect them.
        format: LogFormat = LogFormat::Text;
    }
}

settings! {
    /// `[default.metrics]`
    MetricsSettings {
        /// The address and port at which Prometheus reads `/metrics`, such as `127.0.0.1:9464`, see
        /// [metrics](#metrics). Nobody else should reach it.
        address: Option<SocketAddr> = None, shown "none: there are no metrics";
    }
}

settings! {
    /// `[default.smtp]`
    SmtpSettings {
        /// The mail server, `smtp://…` or `smtps://…`, see [mail](#mail).
        url: Option<SecretSetting> = None, shown "none: mail becomes files in `data_dir`";
        /// Name to sign in to the mail server with, where the URL has none.
        username: Option<String> = None;
        /// Password to sign in to the mail server with.
        password: Option<SecretSetting> = None;
        /// File of certificates (PEM) that are trusted for the mail server, beside the public authorities: an
        /// authority's, or the server's own, see [mail](#mail).
        ca_file: Option<PathBuf> = None;
        /// Whom mail comes from: `accounts@example.org` or `Accounts <accounts@example.org>`.
        from: Option<String> = None, shown "`no-reply@` and the host of `public_url`";
        /// Messages sent at once, each over a connection of its own; fewer where the server allows fewer.
        connections: u32 = 16, range 1 to 100;
    }
}

settings! {
    /// `[default.mail]`
    MailSettings {
        /// Most messages that one mailbox gets in an hour, whatever their kind and whoever caused them. Of
        /// those beyond, links are not sent and notices come in one digest later, see [mail](#mail).
        hourly: u32 = 6, range 3 to 1000 "messages";
        /// `on`: `/dev/mail` shows the mail that became files, to everybody, and its links open accounts;
        /// `off`: never. Never where there is a mail server.
        page: Option<Switch> = None, shown "only for a developer, see [mail](#mail)";
    }
}

settings! {
    /// `[default.audit]`
    AuditSettings {
        /// How long the audit log keeps what happened. The owner of an account reads the last 90 days of it.
        days: u64 = 365, range 90 to 3650 "days";
    }
}

settings! {
    /// `[default.outbound]`
    OutboundSettings {
        /// File of certificates (PEM) that are trusted where the server calls others, beside the public
        /// authorities: clients that it tells of a sign-out, providers and webhooks.
        ca_file: Option<PathBuf> = None;
    }
}

settings! {
    /// `[default.cors]`
    CorsSettings {
        /// Origins such as `["https://app.example.org"]` whose pages may call fastsite, mirror, amadis,
        /// `/oauth/token` and `/oidc` by script; never with cookies, never siberian.
        origins: Vec<String> = Vec::new();
    }
}

settings! {
    /// `[default.api]`
    ApiSettings {
        /// The description of the JSON APIs, `/api/openapi.json` and `/api/docs`; `off`: neither exists.
        docs: Switch = Switch(true);
    }
}

/// A field of the operator: `[default.fields.NAME]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSettings {
    /// Label by language: `{ en = "Phone", fr = "Téléphone" }`.
    pub label: BTreeMap<String, String>,
    /// Type of its values. Default: text.
    #[serde(default, rename = "type")]
    pub kind: FieldKind,
    /// Whether a value is required. Default: `false`.
    #[serde(default)]
    pub required: bool,
    /// Longest value in characters, 1 to 4000. Default: 200.
    #[serde(default = "default_max_length")]
    pub max_length: usize,
    /// Whether the sign-up form has it too. Default: `false`.
    #[serde(default)]
    pub sign_up: bool,
}

kinds! {
    Hsts => SettingKind::Word(&["off", "host", "subdomains"]),
    BTreeMap<String, FieldSettings> => SettingKind::Section,
}

fn default_max_length() -> usize {
    200
}

impl DescribeSetting for FieldSettings {
    fn shown(&self) -> String {
        String::new()
    }

    fn check(&self, declared: &Declared<'_>, problems: &mut Vec<String>) {
        let name = full_name(declared.name, "max_length");
        let bounds = Some(Bounds { least: 1, most: 4_000, unit: "characters" });
        let kind = SettingKind::Number;
        self.max_length.check(&Declared { name: &name, bounds, kind, ..*declared }, problems);
    }
}

/// Where browsers must use TLS (RFC 6797).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hsts {
    /// No header is sent.
    Off,
    /// On the host of `public_url` alone.
    #[default]
    Host,
    /// On every host below it too.
    Subdomains,
}

impl Hsts {
    /// The value of `Strict-Transport-Security`, if the header is sent.
    pub fn header(self) -> Option<&'static str> {
        match self {
            Self::Off => None,
            Self::Host => Some("max-age=31536000"),
            Self::Subdomains => Some("max-age=31536000; includeSubDomains"),
        }
    }
}

impl DescribeSetting for Hsts {
    fn shown(&self) -> String {
        let word = match self {
            Self::Off => "off",
            Self::Host => "host",
            Self::Subdomains => "subdomains",
        };
        format!("`{word}`")
    }
}
