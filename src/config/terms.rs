//! The terms of use.

use domain::Terms;

use super::describe::{Declared, DescribeSetting, SettingRow, full_name, settings};
use super::kind::{HasKind, SettingKind};
use super::site::is_link;

settings! {
    /// `[default.terms]`
    TermsSettings {
        /// Where your terms of use can be read: an address, or a path of this host. Whoever signs up agrees
        /// to them, see [terms of use](#terms-of-use).
        url: Option<String> = None, shown "none";
        /// What tells them from those before, such as `2026-11`. When it changes, everybody agrees again.
        version: Option<String> = None;
    }
}

/// The longest version, in characters.
const LONGEST: usize = 40;

impl TermsSettings {
    /// A sentence for each fault.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.url.as_ref().is_some_and(|url| !is_link(url)) {
            problems.push(
                "setting `terms.url` should be an address such as https://www.example.org/terms, or a path such as /terms"
                    .to_owned(),
            );
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let right = |version: &String| (1..=LONGEST).contains(&version.len()) && version.bytes().all(plain);
        if self.version.as_ref().is_some_and(|version| !right(version)) {
            problems.push(format!(
                "setting `terms.version` should be a word such as 2026-11, of 1 to {LONGEST} letters, digits, dots, dashes \
                 and underscores"
            ));
        }
        match (&self.url, &self.version) {
            (Some(_), None) => {
                problems.push("setting `terms.url` should come with `terms.version`".to_owned())
            }
            (None, Some(_)) => {
                problems.push("setting `terms.version` should come with `terms.url`".to_owned())
            }
            _ => {}
        }
        problems
    }

    /// The terms, if there are any.
    pub fn terms(&self) -> Option<Terms> {
        Some(Terms { url: self.url.clone()?, version: self.version.clone()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_without_the_other_and_what_is_neither_are_named() {
        let settings = |url: Option<&str>, version: Option<&str>| TermsSettings {
            url: url.map(str::to_owned),
            version: version.map(str::to_owned),
        };
        let right = settings(Some("/terms"), Some("2026-11"));
        assert_eq!((right.problems(), right.terms().unwrap().version), (Vec::new(), "2026-11".to_owned()));
        assert_eq!(TermsSettings::default().terms(), None);
        for (wrong, name) in [
            (settings(Some("/terms"), None), "terms.url"),
            (settings(None, Some("1")), "terms.version"),
            (settings(Some("javascript:alert(1)"), Some("1")), "terms.url"),
            (settings(Some("/terms"), Some("a b")), "terms.version"),
            (settings(Some("/terms"), Some("")), "terms.version"),
        ] {
            let problems = wrong.problems();
            assert!(
                problems.len() == 1 && problems[0].starts_with(&format!("setting `{name}`")),
                "{problems:?}"
            );
        }
    }
}
