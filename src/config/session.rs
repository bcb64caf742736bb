//! Sessions of browsers: how long they last, and which hosts and paths get their cookie.

use url::{Host, Url};

use super::describe::{Declared, DescribeSetting, SettingRow, full_name, settings};
use super::kind::{Bounds, HasKind, SettingKind};

settings! {
    /// `[default.session]`
    SessionSettings {
        /// A session ends after this time without a request.
        idle_days: u64 = 14, range 1 to 365 "days";
        /// A session ends this long after sign-in in any case.
        absolute_days: u64 = 90, range 1 to 365 "days";
        /// Sessions kept in memory; 100,000 take about 60 MiB.
        cached: u64 = 100_000, range 100 to 100000000;
        /// The domain whose hosts all get the session's cookie, such as `example.org`, for sites on sister
        /// hosts, see [your site](sites.md). Each of these hosts can then act as whoever is signed in.
        domain: Option<String> = None, shown "the host of `public_url` alone";
        /// The path below which browsers send the session's cookie: `/` where `public_url` has a path and the
        /// rest of the host is to know who is signed in.
        path: Option<String> = None, shown "the path of `public_url`";
    }
}

impl SessionSettings {
    /// A sentence for each setting that does not go with the site's `public_url`.
    pub(super) fn problems(&self, public_url: &Url) -> Vec<String> {
        let mut problems = Vec::new();
        if let Some(domain) = &self.domain
            && !holds(domain, public_url)
        {
            problems.push(
                "setting `session.domain` should be the host of `public_url` or a domain that it lies in, such as \
                 example.org for accounts.example.org"
                    .to_owned(),
            );
        }
        if let Some(path) = &self.path
            && !leads_to(path, public_url.path().trim_end_matches('/'))
        {
            problems.push(
                "setting `session.path` should be the path of `public_url` or the beginning of it, such as /"
                    .to_owned(),
            );
        }
        problems
    }
}

/// Whether a cookie of `domain` reaches the site (RFC 6265, section 5.1.3). Browsers take no domain of one
/// label.
fn holds(domain: &str, public_url: &Url) -> bool {
    let Some(Host::Domain(host)) = public_url.host() else { return false };
    let label = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty() && label.bytes().all(plain)
    };
    let inside = host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    domain.contains('.') && domain.split('.').all(label) && inside
}

/// Whether a cookie of `path` reaches the base path `base` (RFC 6265, section 5.1.4).
fn leads_to(path: &str, base: &str) -> bool {
    let rest = base.strip_prefix(path.trim_end_matches('/'));
    path.starts_with('/')
        && (path == "/" || !path.ends_with('/'))
        && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(public_url: &str, domain: Option<&str>, path: Option<&str>) -> Vec<String> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let settings =
            SessionSettings { domain: owned(domain), path: owned(path), ..SessionSettings::default() };
        settings.problems(&Url::parse(public_url).unwrap())
    }

    #[test]
    fn a_domain_is_one_that_the_site_lies_in() {
        let site = "https://accounts.example.org";
        for right in ["example.org", "accounts.example.org"] {
            assert_eq!(problems(site, Some(right), None), [""; 0], "{right}");
        }
        for wrong in [
            "org",
            ".example.org",
            "example.com",
            "ample.org",
            "Example.org",
            "example.org.",
            "",
            "a b.c",
            "*.example.org",
        ] {
            assert_eq!(problems(site, Some(wrong), None).len(), 1, "{wrong}");
        }
        assert_eq!(problems("http://127.0.0.1:8000", Some("0.0.1"), None).len(), 1);
        assert_eq!(problems("http://[::1]:8000", Some("::1"), None).len(), 1);
    }

    #[test]
    fn a_path_leads_to_the_site() {
        for (base, right) in [("", "/"), ("/account", "/"), ("/account", "/account"), ("/a/b", "/a")] {
            let site = format!("https://example.org{base}");
            assert_eq!(problems(&site, None, Some(right)), [""; 0], "{base} {right}");
        }
        for (base, wrong) in [
            ("", "/shop"),
            ("/account", "/acc"),
            ("/account", "/account/"),
            ("/account", "account"),
            ("/a", ""),
        ] {
            let site = format!("https://example.org{base}");
            assert_eq!(problems(&site, None, Some(wrong)).len(), 1, "{base} {wrong}");
        }
    }
}
