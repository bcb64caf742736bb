//! The templates that a language cannot say whole. A page in half of a language is read aloud wrongly and
//! looks broken, so such a page is shown in another language instead.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Catalog, Files, Locale};

/// Templates whose title and message are sentences that the program picks, by the beginning of their keys.
const PICKED: [(&str, &str); 1] = [("pages/error.html", "error-page-")];

/// By language, the templates for which it lacks a sentence. A language that lacks none is not there.
#[derive(Default)]
pub(super) struct Gaps(BTreeMap<Locale, BTreeSet<String>>);

impl Gaps {
    /// The gaps in the templates of `files`. What the program says at run time, such as what is wrong with a
    /// field, is not counted: it is said in another language alone.
    pub(super) fn of(files: &Files, catalog: &Catalog) -> Self {
        if files.shipped {
            // A test holds that our languages lack nothing.
            return Self::default();
        }
        let picked = files.locales.values().flatten().flat_map(|text| picked(text));
        let all: BTreeSet<&str> =
            files.templates.values().flat_map(|text| keys(text)).chain(picked).collect();
        let mut said: HashMap<&str, BTreeSet<&str>> = HashMap::new();
        let mut gaps = BTreeMap::new();
        for locale in catalog.locales() {
            let lacks = |key: &&str| catalog.someone_says(key) && !catalog.says(locale, key);
            let lacking: BTreeSet<&str> = all.iter().copied().filter(lacks).collect();
            if lacking.is_empty() {
                continue;
            }
            let mut incomplete = BTreeSet::new();
            for name in files.templates.keys() {
                let own = said.entry(name).or_insert_with(|| keys_below(files, name));
                let picked = PICKED.iter().find(|(template, _)| template == name);
                if own.iter().any(|key| lacking.contains(key))
                    || picked.is_some_and(|(_, prefix)| lacking.iter().any(|key| key.starts_with(prefix)))
                {
                    incomplete.insert(name.clone());
                }
            }
            gaps.insert(locale.clone(), incomplete);
        }
        Self(gaps)
    }

    /// Whether `locale` has every sentence of the template.
    pub(super) fn can_say(&self, locale: &Locale, template: &str) -> bool {
        !self.0.get(locale).is_some_and(|incomplete| incomplete.contains(template))
    }
}

/// The sentences that `locale` lacks for the template `name`.
pub(super) fn lacking<'f>(files: &'f Files, catalog: &Catalog, locale: &Locale, name: &str) -> Vec<&'f str> {
    let lacks = |key: &&str| catalog.someone_says(key) && !catalog.says(locale, key);
    keys_below(files, name).into_iter().filter(lacks).collect()
}

/// The keys of a template and of everything that it extends, includes or imports.
fn keys_below<'f>(files: &'f Files, name: &str) -> BTreeSet<&'f str> {
    let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut open: Vec<&str> =
        files.templates.get_key_value(name).map(|(name, _)| name.as_str()).into_iter().collect();
    while let Some(name) = open.pop() {
        let Some((name, text)) = files.templates.get_key_value(name) else { continue };
        if seen.insert(name.as_str()) {
            found.extend(keys(text));
            open.extend(quoted(text).filter(|word| word.ends_with(".html") || word.ends_with(".txt")));
        }
    }
    found
}

/// The keys of `t(key="…")` in a template.
fn keys(text: &str) -> impl Iterator<Item = &str> {
    ["key=\"", "key='"].into_iter().flat_map(move |opening| {
        let close = opening.chars().next_back().unwrap_or_default();
        text.split(opening).skip(1).filter_map(move |rest| Some(rest.split_once(close)?.0))
    })
}

/// The keys in a file of sentences that the program picks for a template.
fn picked(sentences: &str) -> impl Iterator<Item = &str> {
    let key = |line: &'_ str| line.split_once('=').map(|(key, _)| key.len());
    sentences
        .lines()
        .filter_map(move |line| line.get(..key(line)?))
        .map(str::trim_end)
        .filter(|key| PICKED.iter().any(|(_, prefix)| key.starts_with(prefix)))
}

/// What stands between quotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    ['"', '\''].into_iter().flat_map(|quote| text.split(quote))
}

#[cfg(test)]
mod tests {
    use crate::{Catalog, Files, Look, Renderer};

    /// A theme that says these German sentences, and a template of its own.
    fn german(sentences: &str) -> tempfile::TempDir {
        let theme = tempfile::tempdir().unwrap();
        for folder in ["locales", "templates/pages"] {
            std::fs::create_dir_all(theme.path().join(folder)).unwrap();
        }
        std::fs::write(theme.path().join("locales/de.ftl"), sentences).unwrap();
        theme
    }

    /// All sentences of English, but for those whose keys begin so.
    fn english_without(prefixes: &[&str]) -> String {
        let files = Files::load(None).unwrap();
        let mut skipping = false;
        let mut kept = String::new();
        for line in files.locales["en"].concat().lines() {
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                skipping = prefixes.iter().any(|prefix| line.starts_with(prefix));
            }
            if !skipping {
                kept.push_str(line);
                kept.push('\n');
            }
        }
        kept
    }

    fn spoken(theme: &tempfile::TempDir, template: &str) -> String {
        let view = Renderer::load(Some(theme.path()), "fr", crate::Facts::default()).unwrap();
        let german = view.catalog().find("de").unwrap();
        view.language_of(Look::Themed, &[template], german).as_str().to_owned()
    }

    #[test]
    fn our_own_languages_lack_nothing() {
        let mut files = Files::load(None).unwrap();
        files.shipped = false;
        let catalog = Catalog::load(&files, "en").unwrap();
        assert!(super::Gaps::of(&files, &catalog).0.is_empty());
    }

    #[test]
    fn a_page_that_a_language_cannot_say_whole_is_in_the_sites_language() {
        let whole = german(&english_without(&[]));
        assert_eq!(spoken(&whole, "pages/sign_in.html"), "de");
        let partly = german(&english_without(&["sign-up-title", "mail-recovery-why", "error-page-410"]));
        for (template, language) in [
            ("pages/sign_in.html", "de"),
            ("pages/sign_up.html", "fr"),
            ("pages/forgot.html", "de"),
            ("pages/error.html", "fr"),
            ("mail/recovery.html", "fr"),
            ("mail/verification.txt", "de"),
        ] {
            assert_eq!(spoken(&partly, template), language, "{template}");
        }
    }

    #[test]
    fn a_sentence_of_the_frame_concerns_every_page_and_one_of_a_fault_none() {
        let frame = german(&english_without(&["skip-to-content"]));
        assert_eq!(spoken(&frame, "pages/sign_in.html"), "fr");
        assert_eq!(spoken(&frame, "mail/recovery.html"), "de");
        let fault = german(&english_without(&["error-password-too-long", "alert-locked"]));
        assert_eq!(spoken(&fault, "pages/sign_in.html"), "de");
    }

    #[test]
    fn what_only_a_theme_says_is_said_in_a_language_that_has_it() {
        let theme = german(&english_without(&[]));
        let page = "{% extends \"builtin/pages/sign_in.html\" %}{% block heading %}<h1>{{ t(key='motto') }}</h1>{% endblock heading %}";
        std::fs::write(theme.path().join("templates/pages/sign_in.html"), page).unwrap();
        std::fs::write(theme.path().join("locales/en.ftl"), "motto = Hello").unwrap();
        assert_eq!(spoken(&theme, "pages/sign_in.html"), "en", "French has no motto either");
        std::fs::write(theme.path().join("locales/fr.ftl"), "motto = Salut").unwrap();
        assert_eq!(spoken(&theme, "pages/sign_in.html"), "fr");
    }
}
