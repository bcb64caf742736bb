//! The settings that this process has, with secrets masked.

use rocket::figment::Figment;
use rocket::figment::value::{Dict, Value};
use url::Url;

use super::describe::{Declared, DescribeSetting as _};
use super::{Config, Settings, our_part, table};

/// What stands in the place of a secret.
const MASKED: &str = "[redacted]";

/// The section of the plug-ins.
const PLUGINS: &str = "plugins";

/// A setting and the value that it has.
#[derive(Clone, Debug, PartialEq)]
pub struct SettingInForce {
    /// The full name, such as `password.min_length`.
    pub name: String,
    pub value: serde_json::Value,
    /// Whether the settings' file or a variable says so; `false` for a default, which is in words.
    pub set: bool,
}

impl Config {
    /// Every setting with its value, in the order of `docs/operating.md`. Secrets are masked.
    pub fn in_force(&self) -> Vec<SettingInForce> {
        let mut secrets = Vec::new();
        self.settings.secrets(&Declared::ALL, &mut secrets);
        let mut set = Vec::new();
        // What was loaded can be read again.
        for (name, value) in our_part(&self.figment).unwrap_or_default() {
            flatten(name, value, &mut set);
        }
        if let Ok(value) = self.figment.find_value(PLUGINS) {
            flatten(PLUGINS.to_owned(), value, &mut set);
        }
        let defaults = Figment::from(rocket::Config::default()).merge(("ip_header", false));
        let mut unset = Vec::new();
        for name in table::listed_of_rocket() {
            let Ok(value) = self.figment.find_value(name) else { continue };
            let default = defaults.find_value(name).is_ok_and(|default| default == value);
            if default { &mut unset } else { &mut set }.push((name.to_owned(), value));
        }
        let mut shown: Vec<SettingInForce> = Vec::new();
        for (name, default) in table::defaults() {
            match name.strip_suffix(".NAME") {
                Some(section) => {
                    let below = |known: &&(String, Value)| {
                        known.0.strip_prefix(section).is_some_and(|rest| rest.starts_with('.'))
                    };
                    let found = set.iter().filter(below);
                    shown.extend(found.map(|(name, value)| in_words(name, value, &secrets)));
                }
                None => {
                    let of = |known: &[(String, Value)], set| {
                        let found = known.iter().find(|(known, _)| *known == name);
                        found.map(|(name, value)| SettingInForce { set, ..in_words(name, value, &secrets) })
                    };
                    let default = SettingInForce { name: name.clone(), value: default.into(), set: false };
                    shown.push(of(&set, true).or_else(|| of(&unset, false)).unwrap_or(default));
                }
            }
        }
        shown
    }
}

fn in_words(name: &str, value: &Value, secrets: &[String]) -> SettingInForce {
    // Settings of plug-ins have no types here, so any text or number among them may be a secret.
    let plain = matches!(value, Value::Bool(..));
    let secret = secrets.iter().any(|secret| secret == name) || (name.starts_with(PLUGINS) && !plain);
    let value = match value.as_str() {
        Some(url) if ["database_url", "smtp.url"].contains(&name) => without_password(url).into(),
        _ if secret => MASKED.into(),
        Some(url) if name.starts_with("webhooks.") && name.ends_with(".url") => host_alone(url).into(),
        _ => serde_json::to_value(value).unwrap_or(serde_json::Value::Null),
    };
    SettingInForce { name: name.to_owned(), value, set: true }
}

/// An address without the password in it. One that may have a password elsewhere is masked whole.
fn without_password(url: &str) -> String {
    match Url::parse(url) {
        Ok(parsed) if url.starts_with("sqlite:") || parsed.query().is_none() => match parsed.password() {
            Some(_) => {
                let (scheme, user) = (parsed.scheme(), parsed.username());
                let rest = url.rsplit_once('@').map_or("", |(_, rest)| rest);
                format!("{scheme}://{user}:{MASKED}@{rest}")
            }
            None => url.to_owned(),
        },
        _ => MASKED.to_owned(),
    }
}

/// An address without what follows its host: services that take messages have a secret there.
fn host_alone(url: &str) -> String {
    match Url::parse(url) {
        Ok(url) if url.path() == "/" && url.query().is_none() => url.into(),
        Ok(url) => format!("{}/{MASKED}", url.origin().ascii_serialization()),
        Err(_) => MASKED.to_owned(),
    }
}

/// Adds the values of a section by their full names.
fn flatten(name: String, value: Value, into: &mut Vec<(String, Value)>) {
    match value {
        Value::Dict(_, values) => {
            let values: Dict = values;
            for (key, value) in values {
                flatten(format!("{name}.{key}"), value, into);
            }
        }
        value => into.push((name, value)),
    }
}

impl Settings {
    /// Whether a setting of this full name is a secret.
    #[cfg(test)]
    fn is_secret(&self, name: &str) -> bool {
        let mut names = Vec::new();
        self.secrets(&Declared::ALL, &mut names);
        names.iter().any(|secret| secret == name)
    }
}

#[cfg(test)]
mod tests {
    use rocket::figment::providers::{Format as _, Toml};

    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password_or_not_at_all() {
        for (url, shown) in [
            ("sqlite:/var/x.sqlite?mode=rwc", "sqlite:/var/x.sqlite?mode=rwc"),
            ("postgres://db.example:5433/accounts", "postgres://db.example:5433/accounts"),
            ("postgres://ada:hu@sh@db/accounts", "postgres://ada:[redacted]@db/accounts"),
            ("smtp://ada%40x:hush@mail.example", "smtp://ada%40x:[redacted]@mail.example"),
            ("postgres://db/accounts?password=hush", MASKED),
            ("hush", MASKED),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }

    #[test]
    fn every_setting_has_a_value_and_no_secret_is_shown() {
        let text = r#"
            public_url = "https://accounts.example.org"
            database_url = "postgres://ada:hush@db/accounts"
            [smtp]
            url = "smtps://mail.example.org"
            username = "ada"
            password = "hush"
            [password]
            min_length = 12
            [providers.example]
            issuer = "https://id.example.com"
            client_id = "vestibule"
            client_secret = "hush"
            [webhooks.shop]
            url = "https://shop.example.org/hush?key=hush"
            secret = "whsec_aHVzaGh1c2hodXNoaHVzaGh1c2hodXNo"
            events = ["*"]
            [plugins.points]
            dsn = "postgres://ada:hush@db/points"
            headers = ["Authorization: hush"]
            limit = 3
            quick = true
        "#;
        let config =
            Config::from_figment(Figment::from(rocket::Config::default()).merge(Toml::string(text))).unwrap();
        let shown = config.in_force();
        let of = |name: &str| {
            let found = shown.iter().find(|setting| setting.name == name);
            found.map(|setting| (setting.value.clone(), setting.set))
        };
        assert_eq!(of("public_url"), Some(("https://accounts.example.org".into(), true)));
        assert_eq!(of("password.min_length"), Some((12.into(), true)));
        for default in ["password.passes", "port"] {
            assert_eq!(of(default).map(|(_, set)| set), Some(false), "{default}");
        }
        for (name, url) in [
            ("database_url", "postgres://ada:[redacted]@db/accounts"),
            ("smtp.url", "smtps://mail.example.org"),
        ] {
            assert_eq!(of(name), Some((url.into(), true)));
        }
        for secret in ["smtp.password", "providers.example.client_secret", "webhooks.shop.secret"] {
            assert_eq!(of(secret), Some((MASKED.into(), true)), "{secret}");
        }
        let host = "https://shop.example.org/[redacted]";
        assert_eq!(of("webhooks.shop.url"), Some((host.into(), true)));
        assert_eq!(of("plugins.points.limit"), Some((MASKED.into(), true)));
        assert_eq!(of("plugins.points.quick"), Some((true.into(), true)));
        assert!(config.settings.is_secret("database_url"));
        let printed = format!("{shown:?}");
        assert!(!printed.contains("hush") && !printed.contains("aHVz"), "{printed}");
    }
}
