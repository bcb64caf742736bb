//! Settings that are valid and do nothing, or not what they seem to do.

use domain::Verification;
use url::Url;

use super::exposure::listens_here;
use super::{Config, Settings};

impl Config {
    /// A sentence for each part of the settings that has no effect, or another one than it seems.
    pub fn warnings(&self) -> Vec<String> {
        let mut found = self.unused.clone();
        found.extend(self.settings.without_effect());
        let set = |name: &str| self.figment.find_value(name).is_ok();
        let session = &self.settings.session;
        if session.idle_days > session.absolute_days && set("session.idle_days") {
            found.push(
                "setting `session.idle_days` has no effect: `session.absolute_days` is shorter and ends a session before"
                    .to_owned(),
            );
        }
        if self.settings.http.connections_each.is_some() && self.client_header().is_some() {
            found.push("setting `http.connections_each` has no effect with `ip_header`".to_owned());
        }
        let settings = &self.settings;
        if settings.smtp.url.is_some() && settings.public_url.is_none() && listens_here(&self.figment) {
            found.push(format!(
                "setting `public_url` is not set: links in mail lead to {}, which opens on this machine alone",
                self.public_url
            ));
        }
        for origin in &settings.site.return_to {
            if !self.gets_the_session(origin) {
                found.push(format!(
                    "setting `site.return_to`: {origin} is led back to, but gets no cookie of the session, so it is never told \
                     who is signed in; see `session.domain` and `session.path`"
                ));
            }
        }
        found
    }

    /// Whether browsers send the session's cookie to `origin`.
    fn gets_the_session(&self, origin: &str) -> bool {
        let host =
            Url::parse(origin).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        let session = &self.settings.session;
        let below = |domain: &str| host == domain || host.ends_with(&format!(".{domain}"));
        let reaches = match &session.domain {
            Some(domain) => below(domain),
            None => self.public_url.host_str() == Some(&host),
        };
        let whole_path = session.path.as_deref().unwrap_or(self.public_url.path()).len() <= 1;
        reaches && whole_path
    }
}

impl Settings {
    fn without_effect(&self) -> Vec<String> {
        let smtp = &self.smtp;
        let mut found = Vec::new();
        if smtp.url.is_none() {
            let apart = [
                ("smtp.username", smtp.username.is_some()),
                ("smtp.password", smtp.password.is_some()),
                ("smtp.ca_file", smtp.ca_file.is_some()),
                ("smtp.from", smtp.from.is_some()),
            ];
            for (name, _) in apart.into_iter().filter(|(_, set)| *set) {
                found.push(format!("setting `{name}` sends no mail without `smtp.url`, the mail server"));
            }
            if self.registration.verify == Verification::Required {
                found.push(format!(
                    "setting `registration.verify` is `required` and `smtp.url` is not set: the links without which nobody \
                     signs in become files in {}",
                    self.mail_folder().display()
                ));
            }
        } else if self.mail.page.is_some_and(|page| page.0) {
            found
                .push("setting `mail.page` has no effect with `smtp.url`: no mail becomes a file".to_owned());
        }
        let domains = &self.registration.allowed_domains;
        if !domains.is_empty() && self.registration.verify != Verification::Required {
            found.push(
                "setting `registration.allowed_domains` keeps nobody out who types an address of such a domain: \
                 `registration.verify` is not `required`"
                    .to_owned(),
            );
        }
        if self.public_url.is_none() && !self.http.hosts.is_empty() {
            found.push(
                "setting `http.hosts` has no effect without `public_url`: any name is answered".to_owned(),
            );
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use rocket::figment::Figment;
    use rocket::figment::providers::{Format as _, Serialized, Toml};

    use super::*;

    /// The names of the settings that are warned of.
    fn warned(settings: &str) -> Vec<String> {
        let defaults =
            Figment::from(rocket::Config::default()).merge(Serialized::default("ip_header", false));
        let config = Config::from_figment(defaults.merge(Toml::string(settings)).select("default")).unwrap();
        let name = |said: &String| said.split('`').nth(1).unwrap_or_default().to_owned();
        config.warnings().iter().map(name).collect()
    }

    #[test]
    fn nothing_is_ignored_in_silence() {
        let server = "smtp.url = 'smtp://localhost'\n";
        let public = "public_url = 'https://accounts.example.org'\n";
        for (settings, names) in [
            (String::new(), &[][..]),
            (
                format!(
                    "{server}{public}smtp.username = 'a'\nsmtp.password = 'b'\nsmtp.from = 'a@b.example'"
                ),
                &[],
            ),
            ("smtp.username = 'a'\nsmtp.password = 'b'".into(), &["smtp.username", "smtp.password"]),
            ("smtp.from = 'a@b.example'".into(), &["smtp.from"]),
            ("smtp.ca_file = '/a.pem'".into(), &["smtp.ca_file"]),
            ("registration.verify = 'required'".into(), &["registration.verify"]),
            ("registration.verify = 'optional'".into(), &[]),
            (format!("{server}{public}registration.verify = 'required'"), &[]),
            (server.into(), &["public_url"]),
            (format!("{server}{public}mail.page = 'on'"), &["mail.page"]),
            (format!("{server}{public}mail.page = 'off'"), &[]),
            ("session.idle_days = 91".into(), &["session.idle_days"]),
            ("session.idle_days = 90".into(), &[]),
            ("session.absolute_days = 7".into(), &[]),
            ("session.absolute_days = 7\nsession.idle_days = 8".into(), &["session.idle_days"]),
            ("http.hosts = ['a.internal']".into(), &["http.hosts"]),
            (format!("{public}site.return_to = ['https://a.example.org']"), &["site.return_to"]),
            (format!("{public}site.return_to = ['https://accounts.example.org:8443']"), &[]),
            (
                format!("{public}site.return_to = ['https://a.example.org']\nsession.domain = 'example.org'"),
                &[],
            ),
            (
                format!(
                    "{public}site.return_to = ['https://badexample.org']\nsession.domain = 'example.org'"
                ),
                &["site.return_to"],
            ),
            (
                "public_url = 'https://example.org/account'\nsite.return_to = ['https://a.example.org']\n\
                 session.domain = 'example.org'"
                    .into(),
                &["site.return_to"],
            ),
            (format!("{public}http.hosts = ['a.internal']"), &[]),
            ("registration.allowed_domains = ['example.org']".into(), &["registration.allowed_domains"]),
            (
                format!(
                    "{server}{public}registration.verify = 'required'\n\
                     registration.allowed_domains = ['example.org']"
                ),
                &[],
            ),
            ("http.connections_each = 40\nip_header = 'X-Real-IP'".into(), &["http.connections_each"]),
            ("http.connections_each = 40".into(), &[]),
        ] {
            assert_eq!(warned(&settings), names, "{settings}");
        }
    }
}
