//! Compares the sentences of a theme with the built-in ones.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use unic_langid::LanguageIdentifier;

use super::language_names;
use crate::theme::nearest::did_you_mean;
use crate::theme_source::{Finding, Report, Severity, ThemeFolder};
use crate::{Catalog, Dates, Files, gaps};

/// A sentence: its byte offset in the text, and its placeholders.
pub(in crate::theme) struct SentenceEntry<'a> {
    pub key: &'a str,
    pub at: usize,
    names: BTreeSet<String>,
}

/// The sentences of a file, found line by line, because Fluent's parser gives no positions of entries.
pub(in crate::theme) fn entries(text: &str) -> Vec<SentenceEntry<'_>> {
    let mut found: Vec<SentenceEntry<'_>> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let key = line.split_once('=').map(|(key, _)| key.trim_end());
        let is_key = |key: &&str| {
            key.starts_with(|c: char| c.is_ascii_alphabetic())
                && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        if let Some(key) = key.filter(is_key) {
            found.push(SentenceEntry { key, at, names: BTreeSet::new() });
        }
        if let Some(entry) = found.last_mut().filter(|_| !line.starts_with('#')) {
            for part in line.split('$').skip(1) {
                let end = part.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'));
                entry.names.insert(part[..end.unwrap_or(part.len())].to_owned());
            }
        }
        at += line.len();
    }
    found
}

/// The placeholders of each sentence, over all languages.
pub(in crate::theme) struct Sentences {
    names: BTreeMap<String, BTreeSet<String>>,
}

impl Sentences {
    pub fn of(files: &Files) -> Self {
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for text in files.locales.values().flatten() {
            for entry in entries(text) {
                names.entry(entry.key.to_owned()).or_default().extend(entry.names);
            }
        }
        Self { names }
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// The placeholders of a sentence; `None` for a key that no file has.
    pub fn placeholders(&self, key: &str) -> Option<&BTreeSet<String>> {
        self.names.get(key)
    }
}

/// What is wrong with a word that is no language's code.
pub(in crate::theme) fn not_a_language(word: &str) -> String {
    let named = match language_names::find(word) {
        Some((code, ..)) => format!("call this file {code}.ftl"),
        None => "a file is named after the code of its language, such as de.ftl".to_owned(),
    };
    format!("no language has the code `{word}`: {named}")
}

/// Whether `code` is the code of a language whose dates and numbers are known: of two or three letters, with
/// a script or a country behind them.
pub(in crate::theme) fn is_language(code: &str) -> bool {
    let letters = code.split('-').next().unwrap_or_default().len();
    (2..=3).contains(&letters) && code.parse::<LanguageIdentifier>().is_ok() && Dates::of(code).is_ok()
}

/// Reports files of sentences that do not parse, or whose name is not a language.
pub(super) fn readable(theme: &ThemeFolder, report: &mut Report) {
    for (name, text) in &theme.locales {
        let file = format!("locales/{name}");
        let language = name.trim_end_matches(".ftl");
        if !is_language(language) {
            let message = not_a_language(language);
            report.add(Finding::new(Severity::Error, "language", &file, message));
        }
        let Err((_, errors)) = FluentResource::try_new(text.clone()) else { continue };
        for error in errors {
            let finding = Finding::new(Severity::Error, "syntax", &file, error.to_string());
            let at = error.pos.start.min(text.len());
            // An error at the end of a line concerns that line, not the next one.
            let at = if text[..at].ends_with('\n') { at - 1 } else { at };
            report.add(finding.at(text, at, 0));
        }
    }
}

/// The most sentences that a page may lack to be named, the most pages and sentences that are named.
const NEARLY: usize = 20;
const PAGES_NAMED: usize = 3;
const KEYS_NAMED: usize = 5;

/// Reports which pages a language of the theme's own can nearly say: those are in another language until the
/// last sentence is there, which may be one of a part that is hardly ever seen.
pub(super) fn nearly_whole(theme: &ThemeFolder, files: &Files, catalog: &Catalog, report: &mut Report) {
    for (name, text) in &theme.locales {
        let Some(locale) = catalog.find(name.trim_end_matches(".ftl")) else { continue };
        let pages = files.templates.keys().filter(|template| template.starts_with("pages/"));
        let lacking = pages.map(|page| (page, gaps::lacking(files, catalog, locale, page)));
        let mut nearly: Vec<_> = lacking.filter(|(_, keys)| (1..=NEARLY).contains(&keys.len())).collect();
        nearly.sort_by_key(|(_, keys)| keys.len());
        for (page, keys) in nearly.into_iter().take(PAGES_NAMED) {
            let named: Vec<&str> = keys.iter().take(KEYS_NAMED).copied().collect();
            let more = match keys.len() - named.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let message = format!(
                "{page} is in another language as long as these are missing: {}{more}",
                named.join(", ")
            );
            let finding =
                Finding::new(Severity::Warning, "missing-sentence", &format!("locales/{name}"), message);
            report.add(finding.at(text, 0, 0));
        }
    }
}

/// The text without the sentences that cannot be read; `None` where all can. Lines keep their numbers.
pub(super) fn without_faults(text: &str) -> Option<String> {
    let Err((_, errors)) = FluentResource::try_new(text.to_owned()) else { return None };
    let mut rest = text.to_owned();
    for error in errors.iter().rev() {
        let slice = error.slice.clone().unwrap_or_else(|| error.pos.clone());
        let lines = text.get(slice.clone())?.matches('\n').count();
        rest.replace_range(slice, &"\n".repeat(lines));
    }
    Some(rest)
}

/// Reports sentences that are missing, unused or have other placeholders than the built-in ones. `used`
/// contains the keys in the theme's templates.
pub(super) fn compare(theme: &ThemeFolder, ours: &Files, used: &BTreeSet<String>, report: &mut Report) {
    let english = Sentences {
        names: ours.locales.get("en").map_or_else(BTreeMap::new, |texts| {
            let all = texts.iter().flat_map(|text| entries(text));
            all.map(|entry| (entry.key.to_owned(), entry.names)).collect()
        }),
    };
    let mut own: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, text) in &theme.locales {
        let (file, language) = (format!("locales/{name}"), name.trim_end_matches(".ftl"));
        if !is_language(language) {
            continue;
        }
        let warn = |code, message: String| Finding::new(Severity::Warning, code, &file, message);
        let mut keys = BTreeSet::new();
        for entry in entries(text) {
            if !keys.insert(entry.key) {
                let message =
                    format!("the sentence `{}` stands here twice, and the last one is said", entry.key);
                report.add(warn("repeated-sentence", message).at(text, entry.at, entry.key.len()));
            }
            let Some(known) = english.placeholders(entry.key) else {
                if used.contains(entry.key) {
                    own.entry(language).or_default().insert(entry.key);
                } else if entry.key != "locale-name" {
                    let known = english.keys().chain(used.iter().map(String::as_str));
                    let meant = did_you_mean(entry.key, known);
                    let message = format!("nothing says the sentence `{}`{meant}", entry.key);
                    report.add(warn("unused-sentence", message).at(text, entry.at, entry.key.len()));
                }
                continue;
            };
            for name in entry.names.difference(known) {
                let message =
                    format!("`{}` is never given ${name}, and would show it as it is written", entry.key);
                let finding = Finding::new(Severity::Error, "placeholder", &file, message);
                let at =
                    text[entry.at..].find(&format!("${name}")).map_or(entry.at, |found| entry.at + found);
                report.add(finding.at(text, at, name.len() + 1));
            }
            for name in known.difference(&entry.names) {
                let message = format!("`{}` does not say ${name}, as ours does", entry.key);
                report.add(warn("placeholder", message).at(text, entry.at, entry.key.len()));
            }
        }
        if !ours.locales.contains_key(language) {
            if !keys.contains("locale-name") {
                let called = language_names::find(language).map_or("…", |(_, _, called)| called);
                let message =
                    format!("the language has no name where people choose one: locale-name = {called}");
                report.add(warn("language", message));
            }
            let missing: Vec<&str> =
                english.keys().filter(|key| !keys.contains(key) && *key != "locale-name").collect();
            if let [first, ..] = missing.as_slice() {
                let (number, are) =
                    (missing.len(), if missing.len() == 1 { "sentence is" } else { "sentences are" });
                let message = format!(
                    "{number} {are} missing, `{first}` first, and will be in another language; \
                     `vestibule theme missing {language}` prints them"
                );
                report.add(warn("missing-sentence", message));
            }
        }
    }
    // A sentence that only the theme has must exist in each of its languages: there is no built-in one to
    // fall back on.
    let languages: BTreeSet<&str> =
        ours.locales.keys().map(String::as_str).chain(own.keys().copied()).collect();
    let all: BTreeSet<&str> = own.values().flatten().copied().collect();
    for language in languages {
        let has = own.get(language);
        let missing: Vec<&str> =
            all.iter().filter(|key| !has.is_some_and(|has| has.contains(*key))).copied().collect();
        if !missing.is_empty() {
            let message = format!("sentences of the theme's own are missing here: {}", missing.join(", "));
            let file = format!("locales/{language}.ftl");
            report.add(Finding::new(Severity::Warning, "missing-sentence", &file, message));
        }
    }
}
