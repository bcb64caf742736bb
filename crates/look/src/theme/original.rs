//! Copies of our templates in a theme: each names its original, so that the check sees when that has changed.

use sha2::{Digest as _, Sha256};

use crate::Files;
use crate::theme_source::{Finding, Report, Severity, ThemeFolder};

/// How the comment begins that names an original.
const MARK: &str = "{# A copy of Vestibule's original ";

/// The first line of a copy of the template `original`.
pub fn original_mark(original: &str) -> String {
    format!("{MARK}{}. `vestibule theme check` says when that has changed. -#}}\n", fingerprint(original))
}

/// The first 16 hex digits of the SHA-256 of a text.
fn fingerprint(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Warns of each copy in `theme` whose original among `ours` is another one now.
pub(super) fn check(theme: &ThemeFolder, ours: &Files, report: &mut Report) {
    for (name, text) in &theme.templates {
        let Some(copied) = text.strip_prefix(MARK).and_then(|rest| rest.get(..16)) else { continue };
        let Some(original) = ours.templates.get(name) else { continue };
        if copied != fingerprint(original) {
            let message = format!(
                "our original has changed since this copy was made: `vestibule theme diff` shows both, and \
                 `vestibule theme show {name}` the original"
            );
            let finding =
                Finding::new(Severity::Warning, "older-original", &format!("templates/{name}"), message);
            report.add(finding.at(text, MARK.len(), copied.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_knows_its_original() {
        let ours = Files::load(None).unwrap();
        let name = "pages/error.html";
        let findings = |text: String| {
            let theme = ThemeFolder { templates: vec![(name.to_owned(), text)], ..ThemeFolder::default() };
            let mut report = Report::default();
            check(&theme, &ours, &mut report);
            report.findings
        };
        let original = &ours.templates[name];
        assert!(findings(format!("{}{original} changed", original_mark(original))).is_empty());
        assert!(findings(original.clone()).is_empty());
        let older = findings(format!("{}{original}", original_mark("what it was")));
        assert!(
            matches!(older.as_slice(), [one] if one.code == "older-original" && one.length == 16),
            "{older:?}"
        );
    }
}
