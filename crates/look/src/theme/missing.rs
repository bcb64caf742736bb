//! The sentences that a language lacks, as a text to be translated.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::check::language_names;
use super::check::languages::{entries, is_language, not_a_language};
use crate::theme_source::ThemeFolder;
use crate::{Files, ViewError};

/// The sentences of ours and of `theme` that `language` lacks, in English or the language that has them.
/// Empty if there are none.
///
/// # Errors
/// `language` is not the code of a language.
pub fn missing_sentences(language: &str, theme: Option<&ThemeFolder>) -> Result<String, ViewError> {
    if !is_language(language) {
        return Err(ViewError::Setting(not_a_language(language)));
    }
    let ours = Files::load(None)?;
    let english = ours.locales.get("en").map(|texts| texts.concat()).unwrap_or_default();
    let file = |name: &str| name.trim_end_matches(".ftl").to_owned();
    let own: Vec<(String, &str)> = theme
        .iter()
        .flat_map(|theme| &theme.locales)
        .map(|(name, text)| (file(name), text.as_str()))
        .collect();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let spoken = ours.locales.get(language).into_iter().flatten().map(String::as_str);
    let said = own.iter().filter(|(code, _)| code == language).map(|(_, text)| *text);
    for text in spoken.chain(said) {
        known.extend(entries(text).iter().map(|entry| entry.key.to_owned()));
    }
    let mut out = String::new();
    // Writing to a `String` cannot fail.
    if known.insert("locale-name".to_owned()) {
        let called = language_names::find(language).map_or("…", |(_, _, called)| called);
        let _ = writeln!(out, "locale-name = {called}");
    }
    let originals = [("en", english.as_str())].into_iter();
    let mut others: BTreeMap<&str, &str> = BTreeMap::new();
    others.extend(own.iter().filter(|(code, _)| code != language).map(|(code, text)| (code.as_str(), *text)));
    for (_, text) in originals.chain(others) {
        for (key, sentence) in sentences(text) {
            if known.insert(key.to_owned()) {
                let _ = writeln!(out, "{sentence}");
            }
        }
    }
    Ok(out)
}

/// The sentences of a text, each with all of its lines.
fn sentences(text: &str) -> Vec<(&str, &str)> {
    let entries = entries(text);
    let ends = entries.iter().skip(1).map(|entry| entry.at).chain([text.len()]);
    let whole = entries.iter().zip(ends).map(|(entry, end)| {
        let lines = &text[entry.at..end];
        // A comment belongs to what follows it.
        let comment = lines.find("\n#").unwrap_or(lines.len());
        (entry.key, lines[..comment].trim_end())
    });
    whole.collect()
}

#[cfg(test)]
mod tests {
    use fluent_bundle::FluentResource;

    use super::*;

    #[test]
    fn what_is_missing_can_be_pasted_into_a_file() {
        let all = missing_sentences("de", None).unwrap();
        assert!(all.starts_with("locale-name = Deutsch\n"), "{all}");
        assert!(all.contains("\nsign-in-title = ") && !all.contains("\n#"), "{all}");
        assert!(FluentResource::try_new(all.clone()).is_ok(), "{all}");
        let theme = ThemeFolder {
            locales: vec![
                ("de.ftl".to_owned(), all),
                ("fr.ftl".to_owned(), "hero = Salut\n    à tous\n# Fin\n".to_owned()),
            ],
            ..ThemeFolder::default()
        };
        assert_eq!(missing_sentences("de", Some(&theme)).unwrap(), "hero = Salut\n    à tous\n");
        assert_eq!(missing_sentences("fr", Some(&theme)).unwrap(), "");
        assert!(missing_sentences("german", None).unwrap_err().to_string().contains("de.ftl"));
    }
}
