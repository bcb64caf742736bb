//! Settings that do no harm on a developer's machine and are unsafe where strangers get at the server.

use std::net::IpAddr;

use rocket::figment::Figment;
use url::{Host, Url};

use super::{Config, Settings};

impl Settings {
    /// The refusal of a `public_url` over which everybody on the way can read passwords.
    pub(super) fn plain_problem(&self, public_url: &Url) -> Option<String> {
        let plain = self.public_url.is_some() && public_url.scheme() == "http" && !is_here(public_url);
        (plain && !self.http.allow_plain.0).then(|| {
            "setting `public_url` begins with http://: everybody on the way could read passwords. It should begin with \
             https://, with a reverse proxy that speaks TLS; `http.allow_plain = \"on\"` allows it for a network in which \
             you trust everybody"
                .to_owned()
        })
    }
}

impl Config {
    /// A sentence for each setting that is unsafe where strangers get at the server; none for a server that
    /// only this machine gets at. `mail_page` says whether `/dev/mail` is mounted.
    pub fn exposures(&self, mail_page: bool) -> Vec<String> {
        let settings = &self.settings;
        let public = settings.public_url.as_ref().map(|_| &self.public_url);
        if listens_here(&self.figment) && public.is_none_or(is_here) {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut warn = |name: &str, why: &str| found.push(format!("UNSAFE: setting `{name}`: {why}"));
        if mail_page {
            warn(
                "mail.page",
                "everybody who gets at this server reads all mail, and its links open every account",
            );
        }
        if !settings.rate_limits.0 {
            warn("rate_limits", "is `off`: everybody may guess passwords without end");
        }
        match &settings.smtp.url {
            None => warn("smtp.url", "is not set: mail becomes files, and nobody outside gets any"),
            Some(url) if self.tells_the_mail_password(url.reveal()) => {
                warn(
                    "smtp.url",
                    "does not ask for TLS: everybody on the way reads the mail server's password",
                );
            }
            Some(_) => {}
        }
        if !listens_here(&self.figment)
            && self.client_header().is_some()
            && settings.trusted_proxies.is_empty()
        {
            warn(
                "ip_header",
                "is believed whoever sends it: name your proxies in `trusted_proxies`, or let nobody else get at this port",
            );
        }
        match public {
            None => {
                let why =
                    format!("is not set: links in mail lead to the listener's address, {}", self.public_url);
                warn("public_url", &why);
            }
            Some(url) if url.scheme() == "http" && !is_here(url) => {
                warn("http.allow_plain", "is `on`: everybody on the way reads passwords and cookies");
            }
            Some(_) => {}
        }
        found
    }
}

impl Config {
    /// Whether the mail server is elsewhere and gets a password over a connection that may be plain.
    fn tells_the_mail_password(&self, url: &str) -> bool {
        let Ok(url) = Url::parse(url) else { return false };
        let password = url.password().is_some() || self.settings.smtp.password.is_some();
        let may_be_plain = url.query_pairs().any(|(name, value)| name == "tls" && value != "required");
        password && may_be_plain && url.scheme() == "smtp" && !is_here(&url)
    }
}

pub(super) fn listens_here(figment: &Figment) -> bool {
    figment.extract_inner("address").is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Whether a URL leads to this machine for everybody who opens it.
fn is_here(url: &Url) -> bool {
    match url.host() {
        // RFC 6761, section 6.3. Outside of the web's schemes an address is a name, too.
        Some(Host::Domain(name)) => {
            name == "localhost"
                || name.ends_with(".localhost")
                || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use rocket::figment::providers::{Format as _, Serialized, Toml};

    use super::*;
    use crate::config::ConfigError;

    fn config(settings: &str) -> Result<Config, ConfigError> {
        let defaults =
            Figment::from(rocket::Config::default()).merge(Serialized::default("ip_header", false));
        Config::from_figment(defaults.merge(Toml::string(settings)).select("default"))
    }

    #[test]
    fn a_public_url_over_which_passwords_can_be_read_is_refused() {
        for host in ["accounts.example.org", "192.168.1.7:8000", "localhost.example.org", "[2001:db8::1]"] {
            let said = config(&format!("public_url = 'http://{host}'")).unwrap_err().to_string();
            assert!(said.contains("`public_url`") && said.contains("`http.allow_plain"), "{said}");
            config(&format!("public_url = 'http://{host}'\nhttp.allow_plain = 'on'")).unwrap();
            config(&format!("public_url = 'https://{host}'")).unwrap();
        }
        for host in
            ["localhost", "LOCALHOST:8000", "site.localhost", "127.0.0.1:8000", "127.8.8.8", "[::1]:8000"]
        {
            config(&format!("public_url = 'http://{host}'")).unwrap();
        }
    }

    /// The names of the settings that are warned of.
    fn warned(settings: &str, mail_page: bool) -> Vec<String> {
        let found = config(settings).unwrap().exposures(mail_page);
        let name = |said: &String| said.split('`').nth(1).unwrap_or_default().to_owned();
        found.iter().map(name).collect()
    }

    #[test]
    fn what_is_unsafe_in_public_is_named_there_alone() {
        let reckless = "rate_limits = 'off'";
        let safe = "smtp.url = 'smtp://localhost'";
        for here in ["", "public_url = 'http://localhost:8000'"] {
            assert_eq!(warned(&format!("{here}\n{reckless}"), true), Vec::<String>::new());
        }
        for (there, besides) in [
            ("address = '0.0.0.0'", &["public_url"][..]),
            ("public_url = 'https://accounts.example.org'", &[]),
            ("public_url = 'http://accounts.example.org'\nhttp.allow_plain = 'on'", &["http.allow_plain"]),
            ("address = '192.0.2.1'\npublic_url = 'http://localhost:8000'", &[]),
        ] {
            let all = [&["mail.page", "rate_limits", "smtp.url"], besides].concat();
            assert_eq!(warned(&format!("{there}\n{reckless}"), true), all, "{there}");
            assert_eq!(warned(&format!("{there}\n{safe}"), false), besides, "{there}");
        }
    }

    #[test]
    fn a_mail_password_that_goes_in_the_plain_is_named() {
        let public = "public_url = 'https://accounts.example.org'\nsmtp.url = ";
        for (url, named) in [
            ("smtp://u:p@mail.example.org?tls=none", true),
            ("smtp://u:p@192.0.2.1?tls=opportunistic", true),
            ("smtp://u:p@mail.example.org", false),
            ("smtp://u:p@mail.example.org?tls=required", false),
            ("smtps://u:p@mail.example.org", false),
            ("smtp://mail.example.org?tls=none", false),
            ("smtp://u:p@localhost?tls=none", false),
            ("smtp://u:p@127.0.0.1?tls=none", false),
        ] {
            assert_eq!(
                warned(&format!("{public}'{url}'"), false),
                ["smtp.url"][..usize::from(named)],
                "{url}"
            );
        }
        let apart = "smtp.username = 'u'\nsmtp.password = 'p'";
        assert_eq!(warned(&format!("{public}'smtp://192.0.2.1?tls=none'\n{apart}"), false), ["smtp.url"]);
    }

    #[test]
    fn a_header_that_anybody_may_send_is_named() {
        let public = "public_url = 'https://accounts.example.org'\nsmtp.url = 'smtp://localhost'";
        let header = "ip_header = 'X-Real-IP'";
        let named = |settings: &str| warned(&format!("{public}\n{settings}"), false);
        assert_eq!(named(&format!("{header}\naddress = '0.0.0.0'")), ["ip_header"]);
        assert_eq!(named(&format!("{header}\naddress = '0.0.0.0'\ntrusted_proxies = ['10.0.0.7']")), [""; 0]);
        assert_eq!(named(header), [""; 0]);
        assert_eq!(named("address = '0.0.0.0'"), [""; 0]);
    }
}
