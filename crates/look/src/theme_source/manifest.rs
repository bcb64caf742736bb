//! The manifest of a theme, `theme.toml`: name, version, author, contract and settings.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::Value;
use toml_edit::{ImDocument, Item, Table};

use super::finding::{Finding, Severity, counted};
use super::settings::{SettingValue, ThemeSettings, is_name};
use super::version::{CHANGES, CONTRACT, ContractChange};

/// The name of the file in the theme's folder.
pub(crate) const FILE: &str = "theme.toml";

/// The content of a `theme.toml`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    /// The theme's name.
    pub name: String,
    /// The theme's version, in its author's own numbering.
    pub version: String,
    /// The theme's author.
    pub author: String,
    /// The version of the contract that the theme is written for; 0 if not stated.
    pub contract: u32,
    /// The settings that an operator can change, with their defaults.
    pub settings: ThemeSettings,
}

impl Manifest {
    /// Parses a `theme.toml`. Returns the readable part and all findings.
    pub fn read(text: &str) -> (Self, Vec<Finding>) {
        Self::parse(text).unwrap_or_else(|fault| (Self::default(), vec![*fault]))
    }

    /// As [`read`](Self::read).
    ///
    /// # Errors
    /// The one finding about a text that is no TOML.
    pub(crate) fn parse(text: &str) -> Result<(Self, Vec<Finding>), Box<Finding>> {
        let mut reading = ManifestReader { text, manifest: Self::default(), findings: Vec::new() };
        match ImDocument::parse(text) {
            Ok(document) => reading.table(document.as_table()),
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                let message = format!("it is not TOML: {}", error.message().replace('\n', ", "));
                let fault = Finding::new(Severity::Error, "manifest", FILE, message);
                return Err(Box::new(fault.at(text, span.start, span.len())));
            }
        }
        Ok((reading.manifest, reading.findings))
    }

    /// The finding for a theme without a `theme.toml`.
    pub(crate) fn missing() -> Finding {
        let message = format!(
            "there is no theme.toml: it says `name = \"…\"`, `version = \"…\"`, `author = \"…\"` and \
             `contract = {CONTRACT}`"
        );
        Finding::new(Severity::Error, "manifest", FILE, message)
    }

    /// Replaces defaults by the operator's values. Returns a sentence for each value that cannot be used.
    pub fn set(&mut self, written: &BTreeMap<String, Value>) -> Vec<String> {
        let mut refused = Vec::new();
        for (name, value) in written {
            let Some(setting) = self.settings.get_mut(name) else {
                let known: Vec<&str> = self.settings.keys().map(String::as_str).collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                refused.push(format!(
                    "setting `theme_settings.{name}`: the theme has no such setting; it has {known}"
                ));
                continue;
            };
            match setting.changed_to(value) {
                Ok(changed) => *setting = changed,
                Err(reason) => refused.push(format!("setting `theme_settings.{name}` {reason}")),
            }
        }
        refused
    }
}

struct ManifestReader<'a> {
    text: &'a str,
    manifest: Manifest,
    findings: Vec<Finding>,
}

impl ManifestReader<'_> {
    fn add(&mut self, severity: Severity, span: Option<Range<usize>>, message: String) {
        let finding = Finding::new(severity, "manifest", FILE, message);
        let span = span.unwrap_or(0..0);
        self.findings.push(finding.at(self.text, span.start, span.len()));
    }

    fn error(&mut self, span: Option<Range<usize>>, message: String) {
        self.add(Severity::Error, span, message);
    }

    fn table(&mut self, table: &Table) {
        for wanted in ["name", "version", "author"] {
            let Some(item) = table.get(wanted) else {
                self.error(None, format!("`{wanted} = \"…\"` is missing"));
                continue;
            };
            match item.as_str().filter(|text| !text.trim().is_empty()) {
                Some(text) => {
                    let place = match wanted {
                        "name" => &mut self.manifest.name,
                        "version" => &mut self.manifest.version,
                        _ => &mut self.manifest.author,
                    };
                    text.clone_into(place);
                }
                None => self.error(item.span(), format!("`{wanted}` should be a text")),
            }
        }
        match table.get("contract") {
            None => self.error(None, format!("`contract = {CONTRACT}` is missing")),
            Some(item) => self.contract(item),
        }
        match table.get("settings") {
            None => {}
            Some(Item::Table(settings)) => self.settings(settings),
            Some(other) => self.error(other.span(), "`settings` should be a section, `[settings]`".into()),
        }
        for (name, item) in table {
            if !["name", "version", "author", "contract", "settings"].contains(&name) {
                let known = "name, version, author, contract and [settings]";
                let span = table.key(name).and_then(|key| key.span()).or_else(|| item.span());
                self.add(
                    Severity::Warning,
                    span,
                    format!("`{name}` means nothing here; theme.toml knows {known}"),
                );
            }
        }
    }

    fn contract(&mut self, item: &Item) {
        match item.as_integer().and_then(|number| u32::try_from(number).ok()) {
            Some(number @ 1..=CONTRACT) => self.manifest.contract = number,
            Some(number) if number > CONTRACT => self.error(
                item.span(),
                format!(
                    "the theme is written for contract {number}, and this program knows up to {CONTRACT}: \
                     a newer program is needed, or an older version of the theme"
                ),
            ),
            _ => self.error(item.span(), format!("`contract` should be a number from 1 to {CONTRACT}")),
        }
    }

    fn settings(&mut self, settings: &Table) {
        for (name, item) in settings {
            let span = item.span();
            if !is_name(name) {
                let span = settings.key(name).and_then(|key| key.span()).or(span);
                self.error(
                    span,
                    format!("`{name}` should be a name of a-z, 0-9 and _ that begins with a letter"),
                );
                continue;
            }
            let value = item
                .as_str()
                .map(Value::from)
                .or_else(|| item.as_integer().map(Value::from))
                .or_else(|| item.as_bool().map(Value::from))
                .unwrap_or(Value::Null);
            match SettingValue::written(&value) {
                Ok(value) => {
                    self.manifest.settings.insert(name.to_owned(), value);
                }
                Err(reason) => {
                    self.error(span, format!("setting `{name}`: {reason}"));
                    // The setting is there all the same: what names it is right.
                    self.manifest.settings.insert(name.to_owned(), SettingValue::Text(String::new()));
                }
            }
        }
    }
}

/// What changed since the contract of a theme: a warning for each template that it replaces, and one about
/// the whole.
pub(crate) fn outdated(manifest: &Manifest, overridden: impl Fn(&str) -> bool) -> Vec<Finding> {
    outdated_by(CONTRACT, CHANGES, manifest.contract, overridden)
}

fn outdated_by(
    present: u32,
    changes: &[ContractChange],
    contract: u32,
    overridden: impl Fn(&str) -> bool,
) -> Vec<Finding> {
    if contract >= present {
        return Vec::new();
    }
    let since: Vec<_> = changes.iter().filter(|change| change.contract > contract).collect();
    let concerned: Vec<_> = since.iter().copied().filter(|change| overridden(change.template)).collect();
    // A template may have changed twice.
    let templates = |changes: &[&ContractChange]| {
        changes.iter().map(|change| change.template).collect::<BTreeSet<_>>().len()
    };
    let (all, own) = (counted(templates(&since), "template"), templates(&concerned));
    let whole = format!(
        "the theme is written for contract {contract}, and this program has {present}: {all} changed since, {own} \
         of them in this theme. When these are settled, write `contract = {present}`"
    );
    let whole = Finding::new(Severity::Warning, "older-contract", FILE, whole);
    let warning = |change: &&ContractChange| {
        let message = format!("contract {} changed this template: {}", change.contract, change.what);
        Finding::new(Severity::Warning, "older-contract", &format!("templates/{}", change.template), message)
    };
    std::iter::once(whole).chain(concerned.iter().map(warning)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "name = \"Paper\"\nversion = \"1.2\"\nauthor = \"Ada\"\ncontract = 1\n";

    fn first(text: &str) -> String {
        Manifest::read(text).1.first().map(Finding::in_a_line).unwrap_or_default()
    }

    #[test]
    fn a_whole_one_is_read_without_a_word() {
        let (manifest, findings) =
            Manifest::read(&format!("{WHOLE}[settings]\naccent = \"#123\"\ncolumns = 2\n"));
        assert_eq!((findings.as_slice(), manifest.name.as_str()), (&[][..], "Paper"));
        assert_eq!(manifest.settings["accent"], SettingValue::Colour("#123".into()));
        assert_eq!(manifest.settings["columns"], SettingValue::Number(2));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, said) in [
            ("name = ", "theme.toml:1:"),
            (
                "name = 3\nversion = \"1\"\nauthor = \"A\"\ncontract = 1",
                "theme.toml:1:8: `name` should be a text",
            ),
            ("name = \"P\"\nversion = \"1\"\nauthor = \"A\"", "`contract = 2` is missing"),
            (
                &WHOLE.replace("contract = 1", "contract = 99"),
                "theme.toml:4:12: the theme is written for contract 99",
            ),
            (&WHOLE.replace("contract = 1", "contract = 0"), "theme.toml:4:12: `contract` should be"),
            (&format!("{WHOLE}colour = \"red\"\n"), "theme.toml:5:1: `colour` means nothing here"),
            (&format!("{WHOLE}[settings]\naccent = \"#12345\"\n"), "theme.toml:6:10: setting `accent`"),
            (&format!("{WHOLE}[settings]\nAccent = \"x\"\n"), "theme.toml:6:1: `Accent`"),
            (&format!("{WHOLE}[settings]\nx = [1]\n"), "theme.toml:6:5: setting `x`: a setting is"),
            (&format!("{WHOLE}settings = 1\n"), "theme.toml:5:12: `settings` should be a section"),
        ] {
            assert!(first(text).contains(said), "{text}: {}", first(text));
        }
    }

    #[test]
    fn a_theme_for_an_older_contract_is_told_what_changed_in_what_it_replaces() {
        let changes = [
            ContractChange { contract: 2, template: "layout.html", what: "the footer is a block" },
            ContractChange { contract: 3, template: "pages/sign_in.html", what: "a field `code`" },
            ContractChange { contract: 3, template: "pages/sign_in.html", what: "a button" },
        ];
        let said = |contract, of: &[&str]| {
            let found = outdated_by(3, &changes, contract, |name| of.contains(&name));
            found.iter().map(Finding::in_a_line).collect::<Vec<_>>()
        };
        let both = said(1, &["layout.html", "pages/sign_in.html"]);
        assert_eq!(both.len(), 4, "{both:?}");
        assert!(both[0].contains("2 templates changed since, 2 of them in this theme"), "{both:?}");
        assert!(both[1].starts_with("templates/layout.html:1:1: contract 2 changed"), "{both:?}");
        assert!(both[2].contains("contract 3 changed this template: a field `code`"), "{both:?}");
        assert_eq!(said(2, &["layout.html", "pages/sign_in.html"]).len(), 3);
        let none = said(1, &["pages/error.html"]);
        assert!(matches!(none.as_slice(), [one] if one.contains("0 of them")), "{none:?}");
        assert!(said(3, &["layout.html"]).is_empty());
    }
}
