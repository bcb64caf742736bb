//! The sentences of `locales/`, by language and key (Fluent).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use intl_memoizer::Memoizable;
use intl_memoizer::concurrent::IntlLangMemoizer;
use unic_langid::LanguageIdentifier;

use super::sentences::line_of;
use super::{Dates, Files, ViewError};

/// A language that pages come in, such as `fr`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locale(Arc<str>);

impl Locale {
    /// The code, for `lang="…"`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The languages that readers get, without their sentences.
#[derive(Clone, Debug)]
pub struct Offered(Vec<Locale>);

impl Offered {
    /// The language of this code, if there is one: `fr` for `fr-CA` too.
    pub fn find(&self, code: &str) -> Option<&Locale> {
        let exact = self.0.iter().find(|locale| locale.as_str().eq_ignore_ascii_case(code));
        let language = code.split(['-', '_']).next().unwrap_or(code);
        exact.or_else(|| self.0.iter().find(|locale| locale.as_str().eq_ignore_ascii_case(language)))
    }
}

/// All sentences in all languages.
pub struct Catalog {
    bundles: BTreeMap<Locale, FluentBundle<FluentResource>>,
    dates: BTreeMap<Locale, Dates>,
    fallback_dates: Dates,
    fallback: Locale,
    /// The languages that readers get. The others fill gaps alone.
    offered: Offered,
    /// By the language of the reader: code and name of each choice.
    choices: BTreeMap<Locale, Vec<(String, String)>>,
}

impl Catalog {
    /// Reads the languages of `files`; `fallback` is used where a reader's languages are not among them.
    ///
    /// # Errors
    /// A source that does not parse, a file name that is no language, a fallback that is not there.
    pub fn load(files: &Files, fallback: &str) -> Result<Self, ViewError> {
        Self::offering(files, fallback, &[])
    }

    /// As [`load`](Self::load), with the languages of these codes alone for readers, or all if there are
    /// none.
    ///
    /// # Errors
    /// As [`load`](Self::load); a code that no language has, a fallback that is not among them.
    pub fn offering(files: &Files, fallback: &str, offered: &[String]) -> Result<Self, ViewError> {
        let (mut bundles, mut dates) = (BTreeMap::new(), BTreeMap::new());
        for (language, sources) in &files.locales {
            let name = format!("locales/{language}.ftl");
            let fault = |reason: String| ViewError::File { name: name.clone(), reason };
            let id: LanguageIdentifier =
                language.parse().map_err(|_| fault("no language is called so".into()))?;
            let mut bundle = FluentBundle::new_concurrent(vec![id]);
            // Isolation marks around every value would end up in attributes and mail headers.
            bundle.set_use_isolating(false);
            bundle.set_formatter(Some(write_number));
            for source in sources {
                let resource = FluentResource::try_new(source.clone()).map_err(|(_, errors)| {
                    let first = errors.first().map(ToString::to_string).unwrap_or_default();
                    let line = errors.first().map_or(0, |error| line_of(source, error.pos.start));
                    fault(format!("line {line}: {first}"))
                })?;
                bundle.add_resource_overriding(resource);
            }
            let locale = Locale(language.as_str().into());
            dates.insert(locale.clone(), Dates::of(language).map_err(fault)?);
            bundles.insert(locale, bundle);
        }
        let all: Vec<Locale> = bundles.keys().cloned().collect();
        let codes = |locales: &[Locale]| locales.iter().map(Locale::as_str).collect::<Vec<_>>().join(", ");
        if let Some(unknown) = offered.iter().find(|code| !all.iter().any(|known| known.as_str() == *code)) {
            let known = codes(&all);
            return Err(ViewError::Setting(format!(
                "setting `locales`: there is no `{unknown}`, but {known}"
            )));
        }
        let is_offered =
            |locale: &Locale| offered.is_empty() || offered.iter().any(|code| code == locale.as_str());
        let offered: Vec<Locale> = all.into_iter().filter(is_offered).collect();
        let fallback =
            offered.iter().find(|locale| locale.as_str() == fallback).cloned().ok_or_else(|| {
                ViewError::Setting(format!("setting `locale` should be one of: {}", codes(&offered)))
            })?;
        let fallback_dates = Dates::of(fallback.as_str()).map_err(ViewError::Setting)?;
        let (offered, choices) = (Offered(offered), BTreeMap::new());
        let mut catalog = Self { bundles, dates, fallback_dates, fallback, offered, choices };
        catalog.choices =
            catalog.locales().map(|reader| (reader.clone(), catalog.name_choices(reader))).collect();
        Ok(catalog)
    }

    fn name_choices(&self, reader: &Locale) -> Vec<(String, String)> {
        let automatic = (String::new(), self.text(reader, "locale-automatic", &[]));
        // A language is called what its own speakers call it.
        let name = |locale: &Locale| {
            self.format(locale, "locale-name", &[]).unwrap_or_else(|| locale.as_str().to_owned())
        };
        let named = self.locales().map(|locale| (locale.as_str().to_owned(), name(locale)));
        std::iter::once(automatic).chain(named).collect()
    }

    /// What somebody may choose as language, as code and name: an empty code, for the browser's, then all.
    pub fn choices(&self, reader: &Locale) -> &[(String, String)] {
        self.choices.get(reader).map_or(&[], Vec::as_slice)
    }

    /// The languages that readers get.
    pub fn locales(&self) -> impl Iterator<Item = &Locale> {
        self.offered.0.iter()
    }

    /// The languages that readers get and those that fill gaps alone.
    pub(super) fn all(&self) -> impl Iterator<Item = &Locale> {
        self.bundles.keys()
    }

    /// English, for programs that compare sentences: whether or not readers get it.
    pub fn english(&self) -> &Locale {
        self.bundles.keys().find(|locale| locale.as_str() == "en").unwrap_or(&self.fallback)
    }

    /// The language used where none of a reader's is there.
    pub fn fallback(&self) -> &Locale {
        &self.fallback
    }

    /// Writes the moments and numbers of a language.
    pub fn dates(&self, locale: &Locale) -> &Dates {
        self.dates.get(locale).unwrap_or(&self.fallback_dates)
    }

    /// The language of this code, if there is one: `fr` for `fr-CA` too.
    pub fn find(&self, code: &str) -> Option<&Locale> {
        self.offered.find(code)
    }

    /// The languages that readers get, for whoever needs no sentence.
    pub fn offered(&self) -> &Offered {
        &self.offered
    }

    /// The first language of `tags` that there is. They come in the reader's order of preference.
    pub fn wanted<'t>(&self, tags: impl IntoIterator<Item = &'t str>) -> Option<&Locale> {
        tags.into_iter().find_map(|tag| self.find(tag))
    }

    /// The sentence `key` in `locale`, else in the fallback language, else in English; `None` when nobody
    /// wrote it.
    pub fn lookup(&self, locale: &Locale, key: &str, args: &[(&str, Argument<'_>)]) -> Option<String> {
        [locale, &self.fallback, self.english()].into_iter().find_map(|locale| self.format(locale, key, args))
    }

    /// Like [`lookup`](Self::lookup); a sentence that nobody wrote shows its key, which is better than a page
    /// that fails.
    pub fn text(&self, locale: &Locale, key: &str, args: &[(&str, Argument<'_>)]) -> String {
        self.lookup(locale, key, args).unwrap_or_else(|| key.to_owned())
    }

    /// Whether [`lookup`](Self::lookup) finds the sentence `key` in every language.
    pub fn is_written(&self, key: &str) -> bool {
        self.says(&self.fallback, key)
            || self.says(self.english(), key)
            || self.locales().all(|locale| self.says(locale, key))
    }

    /// Whether `locale` itself has the sentence `key`.
    pub(super) fn says(&self, locale: &Locale, key: &str) -> bool {
        let found = self.bundles.get(locale).and_then(|bundle| bundle.get_message(key));
        found.is_some_and(|found| found.value().is_some())
    }

    /// Whether any language has the sentence `key`.
    pub(super) fn someone_says(&self, key: &str) -> bool {
        self.bundles.keys().any(|locale| self.says(locale, key))
    }

    fn format(&self, locale: &Locale, key: &str, args: &[(&str, Argument<'_>)]) -> Option<String> {
        let bundle = self.bundles.get(locale)?;
        let pattern = bundle.get_message(key)?.value()?;
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            match value {
                Argument::Number(number) => values.set(*name, *number),
                Argument::Text(text) => values.set(*name, text.as_ref()),
            }
        }
        let mut errors = Vec::new();
        Some(bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned())
    }
}

/// A value that a sentence names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Argument<'a> {
    /// A number, which decides plural forms.
    Number(u64),
    /// Any text.
    Text(Cow<'a, str>),
}

/// Numbers in sentences, which Fluent would write as programs do.
struct Numbers(Dates);

impl Memoizable for Numbers {
    type Args = ();
    type Error = String;

    fn construct(language: LanguageIdentifier, (): ()) -> Result<Self, String> {
        Dates::of(&language.to_string()).map(Self)
    }
}

fn write_number(value: &FluentValue<'_>, memory: &IntlLangMemoizer) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    // Sentences name whole numbers alone, see `Argument`.
    let number = number.value as i64;
    memory.with_try_get::<Numbers, _, _>((), |numbers| numbers.0.number(number)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        Catalog::load(&Files::load(None).unwrap(), "en").unwrap()
    }

    #[test]
    fn the_reader_gets_the_best_language_there_is() {
        let catalog = catalog();
        let pick = |tags: &[&str]| catalog.wanted(tags.iter().copied()).map(Locale::as_str);
        assert_eq!(pick(&["fr-CA", "fr", "en"]), Some("fr"));
        assert_eq!(pick(&["de", "ru", "en"]), Some("ru"));
        assert_eq!(pick(&["de"]), None);
        assert_eq!(pick(&["*", "", "\u{fffd}"]), None);
        assert_eq!(pick(&[]), None);
    }

    #[test]
    fn only_what_is_offered_is_given_to_readers() {
        let files = Files::load(None).unwrap();
        let offered = |fallback: &str, codes: &[&str]| {
            let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
            Catalog::offering(&files, fallback, &codes)
        };
        let french = offered("fr", &["fr"]).unwrap();
        assert_eq!(french.locales().map(Locale::as_str).collect::<Vec<_>>(), ["fr"]);
        assert_eq!(french.wanted(["en", "ru"]), None);
        assert_eq!(french.choices(french.fallback()).len(), 2, "the browser's language, and French");
        assert_eq!(french.english().as_str(), "en");
        assert_eq!(french.text(french.english(), "sign-out", &[]), "Sign out");
        let refused = |fallback: &str, codes: &[&str]| offered(fallback, codes).err().unwrap().to_string();
        assert!(refused("fr", &["fr", "xx"]).contains("`locales`: there is no `xx`, but en, fr, ru"));
        assert!(refused("en", &["fr"]).contains("`locale` should be one of: fr"));
    }

    #[test]
    fn numbers_in_sentences_are_written_as_readers_do() {
        let catalog = catalog();
        let said = |code: &str, number| {
            let locale = catalog.find(code).unwrap();
            catalog.text(locale, "error-password-too-long", &[("max", Argument::Number(number))])
        };
        assert!(said("en", 1_024).contains(" 1,024 "), "{}", said("en", 1_024));
        assert!(said("fr", 1_024).contains("1\u{202f}024\u{a0}caractères"), "{}", said("fr", 1_024));
        assert!(said("ru", 1_021).contains("1\u{a0}021\u{a0}символа"), "{}", said("ru", 1_021));
        assert!(said("ru", 1_024).contains("1\u{a0}024\u{a0}символов."), "{}", said("ru", 1_024));
    }

    #[test]
    fn every_language_has_exactly_the_keys_and_placeholders_of_english() {
        let files = Files::load(None).unwrap();
        let messages = |language: &str| -> BTreeMap<String, Vec<String>> {
            let source = files.locales[language].concat();
            let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
            let mut key = String::new();
            for line in source.lines() {
                if let Some((name, _)) = line.split_once('=')
                    && line.starts_with(|c: char| c.is_ascii_lowercase())
                {
                    key = name.trim().to_owned();
                    found.entry(key.clone()).or_default();
                }
                for part in line.split('$').skip(1) {
                    let name: String =
                        part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                    let names = found.entry(key.clone()).or_default();
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
            }
            found.values_mut().for_each(|names| names.sort());
            found
        };
        let english = messages("en");
        assert!(english.len() > 100);
        for language in ["fr", "ru"] {
            assert_eq!(messages(language), english, "{language}");
        }
    }
}
