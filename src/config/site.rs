//! What the operator says of the site.

use std::path::PathBuf;

use domain::PasswordPolicy;
use look::Accent;
use url::Url;

use super::describe::{Declared, DescribeSetting, SettingRow, full_name, settings};
use super::kind::{HasKind, SettingKind};
use super::{ORIGIN, has_slashes, is_written_origin, wrong_entry};

settings! {
    /// `[default.site]`
    SiteSettings {
        /// The name on every page.
        name: String = PasswordPolicy::default().site_name;
        /// Where the name on every page leads, and "Go to the home page": the address of your site, or a path
        /// of this host.
        url: Option<String> = None, shown "the first page, `/`";
        /// A picture that stands before the name: a file (SVG, PNG, WebP, JPEG or GIF, 256 KiB at most) that
        /// is read at the start. Mails show it from `https` alone, and no SVG.
        logo: Option<PathBuf> = None, shown "the look's own sign";
        /// The colour of links and buttons, on pages and in mails, such as `#0b5d5b`. It is made darker or
        /// lighter as far as people need it to read, see [your site's look](#your-sites-look).
        accent: Option<String> = None, shown "the look's own";
        /// The page that says who runs the site, for the foot of every page: an address with `https:`,
        /// `http:` or `mailto:`, or a path of this host.
        imprint: Option<String> = None;
        /// The page that says what becomes of people's data; likewise.
        privacy: Option<String> = None;
        /// Where help is to be had; likewise.
        help: Option<String> = None;
        /// Origins of your sites, such as `["https://shop.example.org"]`, that people may be led back to
        /// after they have signed in, and whose scripts may ask who is signed in, see [your site](sites.md).
        return_to: Vec<String> = Vec::new(), shown "this site alone";
    }
}

impl SiteSettings {
    /// A sentence for each fault.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.name.trim().is_empty() || self.name.chars().any(char::is_control) {
            problems.push("setting `site.name` should be a line of text".to_owned());
        }
        if self.url.as_ref().is_some_and(|address| !is_address(address, &WEB)) {
            problems.push(
                "setting `site.url` should be an address such as https://www.example.org, or a path such as /shop"
                    .to_owned(),
            );
        }
        for (name, address) in [("imprint", &self.imprint), ("privacy", &self.privacy), ("help", &self.help)]
        {
            if address.as_ref().is_some_and(|address| !is_address(address, &WEB_AND_MAIL)) {
                problems.push(format!(
                    "setting `site.{name}` should be an address such as https://www.example.org/{name} or \
                     mailto:{name}@example.org, or a path such as /{name}"
                ));
            }
        }
        if self.accent.as_ref().is_some_and(|accent| Accent::parse(accent).is_none()) {
            problems.push("setting `site.accent` should be a colour such as \"#0b5d5b\"".to_owned());
        }
        for (at, origin) in self.return_to.iter().enumerate() {
            if !is_written_origin(origin) {
                problems.push(wrong_entry("site.return_to", at, ORIGIN));
            }
        }
        if self.logo.as_ref().is_some_and(|logo| logo.as_os_str().is_empty()) {
            problems
                .push("setting `site.logo` should be the path of a picture, such as `logo.svg`".to_owned());
        }
        problems
    }
}

const WEB: [&str; 2] = ["https", "http"];
const WEB_AND_MAIL: [&str; 3] = ["https", "http", "mailto"];

/// Whether a link to a page may lead there: a web address, or a path of the host.
pub(super) fn is_link(address: &str) -> bool {
    is_address(address, &WEB)
}

/// Whether a link may lead there: a URL of one of `schemes`, or a path of the host.
fn is_address(address: &str, schemes: &[&str]) -> bool {
    if !address.bytes().all(|byte| (0x21..0x7f).contains(&byte) && !b"\"'<>\\`".contains(&byte)) {
        return false;
    }
    if address.starts_with('/') {
        return !address.starts_with("//");
    }
    Url::parse(address).is_ok_and(|url| {
        let of_mail = url.scheme() == "mailto";
        let led = if of_mail { url.path().contains('@') } else { url.has_host() && has_slashes(address) };
        led && schemes.contains(&url.scheme()) && url.username().is_empty() && url.password().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_value_is_named() {
        let right = |address: &str| SiteSettings {
            url: Some("https://www.example.org".into()),
            imprint: Some(address.into()),
            accent: Some("#fe8".into()),
            logo: Some("logo.svg".into()),
            ..SiteSettings::default()
        };
        for address in ["/imprint", "/a/b?c#d", "https://example.org:8443/x", "mailto:help@example.org"] {
            assert_eq!(right(address).problems(), [""; 0], "{address}");
        }
        for address in [
            "",
            "imprint",
            "//example.org",
            "javascript:alert(1)",
            "https://",
            "mailto:",
            "/a b",
            "/\\x",
            "https://a@b.c/",
            "https:example.org",
        ] {
            let problems = right(address).problems();
            assert!(problems.len() == 1 && problems[0].contains("`site.imprint`"), "{address}: {problems:?}");
        }
        let wrong = SiteSettings {
            name: " ".into(),
            url: Some("mailto:a@example.org".into()),
            logo: Some("".into()),
            accent: Some("teal-ish".into()),
            privacy: Some("x".into()),
            help: Some("ftp://example.org".into()),
            return_to: [
                "https://shop.example.org",
                "https://shop.example.org/",
                "https://*.example.org",
                "https://a,b.example",
            ]
            .map(str::to_owned)
            .to_vec(),
            ..SiteSettings::default()
        };
        let problems = wrong.problems().join("\n");
        for entry in 2..=4 {
            assert!(problems.contains(&format!("`site.return_to`: entry {entry}")), "{problems}");
        }
        for name in ["name", "url", "logo", "accent", "privacy", "help", "return_to"] {
            assert!(problems.contains(&format!("`site.{name}`")), "{name}: {problems}");
        }
    }
}
