//! Settings, from `Rocket.toml`, then from `ROCKET_*`, then from `VESTIBULE_*`. An unknown setting is refused
//! by name.
//!
//! A nested setting's variable has one underscore or two for the dot: `[default.password] min_length` is
//! `VESTIBULE_PASSWORD_MIN_LENGTH` and `VESTIBULE_PASSWORD__MIN_LENGTH`.

mod admin;
mod client_header;
mod deletion;
mod describe;
mod error;
mod exposure;
mod field_names;
mod folders;
pub mod foreign_secrets;
mod in_force;
mod kind;
mod lookup;
mod mail_server;
mod nearest;
mod private;
mod providers;
mod rates;
mod registration;
mod second_factor;
mod secret;
mod sections;
mod session;
mod settings;
mod site;
mod sources;
mod start;
mod switch;
mod table;
mod terms;
mod unknown;
mod username;
mod variable;
mod warnings;
mod webhooks;

use rocket::figment::providers::{Format as _, Serialized, Toml};
use rocket::figment::value::{Dict, Value};
use rocket::figment::{Figment, Profile};
use serde::de::DeserializeOwned;
use url::Url;

use domain::{CustomField, CustomFields};
use secrets::SecretKeys;

pub use error::ConfigError;
pub use in_force::SettingInForce;
pub use settings::{LogFormat, LogSettings, Settings};
pub use start::StartError;
pub use table::markdown;
pub use unknown::{meant, variable_of};

use describe::{Declared, DescribeSetting as _};
use error::in_words;
use field_names::is_field_name;
use kind::SettingKind;
use table::{ROCKETS_OWN, WITHOUT_EFFECT};

/// All settings, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// The merged sources, for Rocket and for plug-ins' own sections.
    pub figment: Figment,
    /// Vestibule's own settings.
    pub settings: Settings,
    /// URL of the site, from `public_url` or from the listener's address.
    pub public_url: Url,
    /// The operator's own profile fields.
    pub fields: CustomFields,
    /// A sentence about each part of the settings' file that this start does not use.
    unused: Vec<String>,
}

impl Config {
    /// Reads the settings of this process: `Rocket.toml` in the working folder, then the environment.
    ///
    /// # Errors
    /// Names every setting that is wrong or unknown.
    pub fn load() -> Result<Self, ConfigError> {
        let file = sources::file()?;
        let figment = Figment::from(rocket::Config::default())
            .merge(Serialized::default("log_level", "off"))
            // Only a proxy that the operator names may set the client's IP address.
            .merge(Serialized::default("ip_header", false))
            .merge(Toml::string(&file.text).nested());
        let figment = sources::environment()?.into_iter().fold(figment, Figment::merge);
        let profile = sources::profile().map_or(rocket::Config::DEFAULT_PROFILE, |name| Profile::new(&name));
        let config = Self::from_figment(figment.select(profile))?;
        Ok(Self { unused: file.unused, ..config })
    }

    /// The settings of a plug-in, `[default.plugins.NAME]`. Their variables are `VESTIBULE_PLUGINS__NAME__…`.
    /// With `#[serde(default, deny_unknown_fields)]` on the type, a missing section has the defaults, and an
    /// unknown setting is refused.
    ///
    /// # Errors
    /// Names the first setting that is wrong or unknown, in full.
    pub fn plugin<T: DeserializeOwned>(&self, name: &str) -> Result<T, ConfigError> {
        let section = format!("plugins.{name}");
        let values = match self.figment.find_value(&section) {
            Ok(Value::Dict(_, values)) => values,
            Ok(_) => return Err(ConfigError(vec![format!("setting `{section}` should be a section")])),
            Err(_) => Dict::new(),
        };
        Figment::from(Serialized::defaults(values)).extract().map_err(|errors| {
            let full = |mut error: rocket::figment::Error| {
                error.path.splice(0..0, ["plugins".to_owned(), name.to_owned()]);
                in_words(&error)
            };
            ConfigError(errors.into_iter().map(full).collect())
        })
    }

    /// Names of the plug-ins with settings.
    pub fn plugin_sections(&self) -> Vec<String> {
        let written: Result<Dict, _> = self.figment.extract_inner("plugins");
        written.map(|sections| sections.into_keys().collect()).unwrap_or_default()
    }

    /// The value of `Strict-Transport-Security`, if it is sent.
    pub fn hsts(&self) -> Option<&'static str> {
        (self.public_url.scheme() == "https").then(|| self.settings.http.hsts.header()).flatten()
    }

    /// Checks settings from another source.
    ///
    /// # Errors
    /// Names every setting that is wrong or unknown.
    pub fn from_figment(figment: Figment) -> Result<Self, ConfigError> {
        let ours = our_part(&figment)?;
        let unknown = unknown::unknown(&ours);
        if !unknown.is_empty() {
            return Err(ConfigError(unknown));
        }
        let ours = Figment::from(Serialized::defaults(ours));
        // Serde would take a list for a section, field by field.
        let sections = lookup::sections().into_iter();
        let wrong =
            sections.filter(|name| ours.find_value(name).is_ok_and(|value| value.as_dict().is_none()));
        let wrong =
            wrong.map(|name| format!("setting `{name}` should be {}", SettingKind::Section.words(None)));
        let wrong: Vec<String> = wrong.collect();
        if !wrong.is_empty() {
            return Err(ConfigError(wrong));
        }
        let settings: Settings = ours.extract().map_err(ConfigError::from)?;
        let rocket: rocket::Config = figment.extract().map_err(ConfigError::from)?;
        let mut problems = settings.problems();
        let defaults = Figment::from(rocket::Config::default());
        for (name, instead) in WITHOUT_EFFECT {
            let said = figment
                .find_value(name)
                .ok()
                .filter(|said| defaults.find_value(name).ok().as_ref() != Some(said));
            if said.is_some() {
                problems.push(format!("setting `{name}` has no effect here; use {instead}"));
            }
        }
        // Rocket starts them all at once, and ends in a panic where the system refuses one.
        if !(1..=WORKERS_MAX).contains(&rocket.workers) {
            problems.push(format!("setting `workers` should be from 1 to {WORKERS_MAX}"));
        }
        if !settings.trusted_proxies.is_empty() && rocket.ip_header.is_none() {
            problems.push(
                "setting `trusted_proxies` should come with `ip_header`, the header that they set".into(),
            );
        }
        let public_url = match &settings.public_url {
            Some(written) => match Url::parse(written) {
                Ok(url) if url.host_str().is_some_and(|host| host.ends_with('.')) => {
                    problems
                        .push("setting `public_url` should name its host without a dot at its end".into());
                    None
                }
                Ok(url) if is_site(&url) && is_written_out(written) => {
                    problems.extend(settings.plain_problem(&url));
                    Some(url)
                }
                _ => {
                    problems.push(
                        "setting `public_url` should be an address such as https://accounts.example.org or \
                         https://www.example.org/account"
                            .into(),
                    );
                    None
                }
            },
            None => {
                Url::parse(&format!("http://{}", std::net::SocketAddr::new(rocket.address, rocket.port))).ok()
            }
        };
        if let Some(public_url) = &public_url {
            problems.extend(settings.session.problems(public_url));
        }
        match public_url {
            Some(public_url) if problems.is_empty() => {
                let fields = settings.custom_fields();
                Ok(Self { figment, settings, public_url, fields, unused: Vec::new() })
            }
            _ => Err(ConfigError(problems)),
        }
    }
}

/// The most threads that answer requests. A machine with more cores than that is better used by several
/// instances.
const WORKERS_MAX: usize = 256;

/// Whether a URL has the slashes before its host. The parser adds those that are missing, where browsers may
/// see a path.
fn has_slashes(url: &str) -> bool {
    url.split_once(':').is_some_and(|(_, rest)| rest.starts_with("//"))
}

/// Whether a URL is written as it is meant. The parser takes steps back out of a path.
fn is_written_out(url: &str) -> bool {
    has_slashes(url) && !url.split('/').any(|step| step == "." || step == "..")
}

/// What an entry of a list of origins should be.
const ORIGIN: &str = "an origin such as https://app.example.org, in full and without a slash at its end";

/// Whether `origin` is written as browsers send it: a scheme, a host and an optional port.
fn is_written_origin(origin: &str) -> bool {
    Url::parse(origin).is_ok_and(|url| {
        // The parser lets hosts have wildcards and what separates the parts of a policy.
        let host = url.host_str().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-_[]:".contains(c);
        is_site(&url)
            && host.chars().all(plain)
            && url.path() == "/"
            && url.origin().ascii_serialization() == origin
    })
}

/// The sentence about an entry of a setting that is a list. `at` counts from 0.
fn wrong_entry(list: &str, at: usize, should: &str) -> String {
    format!("setting `{list}`: entry {} should be {should}", at + 1)
}

/// Whether a URL consists of a scheme, a host, an optional port and a plain path only.
fn is_site(url: &Url) -> bool {
    let path = url.path();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && !path.contains("//")
        && path.chars().all(plain)
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

/// The settings that are not Rocket's.
fn our_part(figment: &Figment) -> Result<Dict, ConfigError> {
    let all: Dict = figment.extract().map_err(ConfigError::from)?;
    Ok(all
        .into_iter()
        .filter(|(name, _)| {
            let name = name.as_str();
            !ROCKETS_OWN.contains(&name) && !WITHOUT_EFFECT.iter().any(|(without, _)| *without == name)
        })
        .collect())
}

impl Settings {
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        self.check(&Declared::ALL, &mut problems);
        for name in self.fields.keys().filter(|name| !is_field_name(name)) {
            problems.push(format!(
                "setting `fields.{name}` should have a name of a-z, 0-9 and _, of 1 to 40 characters, that no form uses already"
            ));
        }
        problems.extend(self.site.problems());
        if self.theme.as_ref().is_some_and(|theme| theme.as_os_str().is_empty()) {
            problems.push("setting `theme` should be the path of a folder, such as `my-theme`".into());
        }
        if self.data_dir.as_os_str().is_empty() {
            problems.push("setting `data_dir` should be the path of a folder, such as `data`".into());
        }
        if let Some(url) = &self.database_url
            && let Err(why) = store::check_url(url.reveal())
        {
            problems.push(format!("setting `database_url`: {why}"));
        }
        if let Some(keys) = &self.secret_key
            && let Err(bad) = SecretKeys::parse(keys.reveal())
        {
            problems.push(format!("setting `secret_key`: {bad}; several have commas between"));
        }
        for (at, origin) in self.cors.origins.iter().enumerate() {
            if !is_written_origin(origin) {
                problems.push(wrong_entry("cors.origins", at, ORIGIN));
            }
        }
        for (at, host) in self.http.hosts.iter().enumerate() {
            let name = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
            if host.is_empty() || !host.chars().all(name) {
                let should = "a name such as accounts.internal, without a scheme or a port";
                problems.push(wrong_entry("http.hosts", at, should));
            }
        }
        for (at, network) in self.trusted_proxies.iter().enumerate() {
            if client_header::network(network).is_none() {
                let should = "an address or a network such as 10.0.0.0/8";
                problems.push(wrong_entry("trusted_proxies", at, should));
            }
        }
        let cookie = &self.http.cookie;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if !(1..=40).contains(&cookie.len()) || !cookie.bytes().all(plain) || cookie.starts_with("__") {
            problems.push(
                "setting `http.cookie` should be a name of A-Z, a-z, 0-9, _ and -, of 1 to 40 characters, that \
                 does not begin with __"
                    .into(),
            );
        }
        problems.extend(self.registration.problems());
        problems.extend(self.terms.problems());
        problems.extend(foreign_secrets::problems(&self.foreign_secrets));
        problems.extend(self.smtp.problems());
        problems.extend(providers::problems(&self.providers));
        problems.extend(webhooks::problems(&self.webhooks));
        if self.rates.hashes_by_address < self.rates.sign_ins_by_address {
            problems.push(
                "setting `rates.hashes_by_address` should not be less than `rates.sign_ins_by_address`: each sign-in is a hash"
                    .into(),
            );
        }
        problems
    }

    fn custom_fields(&self) -> CustomFields {
        let fields = self.fields.iter().map(|(name, field)| CustomField {
            name: name.clone(),
            label: field.label.clone(),
            kind: field.kind,
            required: field.required,
            max_length: field.max_length,
            sign_up: field.sign_up,
        });
        CustomFields::new(fields.collect())
    }

    /// The other providers that people sign in with.
    pub fn other_providers(&self) -> Vec<::providers::ProviderSettings> {
        providers::settings(&self.providers)
    }

    /// The sites that are told what happens.
    pub fn webhook_targets(&self) -> Vec<webhooks::WebhookTarget> {
        webhooks::targets(&self.webhooks)
    }

    /// URL of the database, by default of an SQLite file in the data folder.
    pub fn database_address(&self) -> String {
        match &self.database_url {
            Some(url) => url.reveal().to_owned(),
            None => {
                let file = self.data_dir.join("vestibule.sqlite").display().to_string();
                // A folder's name may contain characters with a meaning in URLs.
                format!("sqlite:{}", file.replace('%', "%25").replace('?', "%3F").replace('#', "%23"))
            }
        }
    }
}
