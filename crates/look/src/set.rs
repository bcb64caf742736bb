//! The templates of one look, ready to be filled in any language.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use tera::{Context, Tera};

use super::compile::compile;
use super::loader::Templates;
use super::program::{Language, Program};
use super::settle::NumberedSentences;
use super::{Catalog, Locale, ViewError};

/// The templates of one look.
pub(super) struct Set {
    templates: Templates,
    /// What is compiled of each when somebody first asks for it; `None` is left to Tera.
    programs: BTreeMap<String, OnceLock<Option<Program>>>,
    sentences: Arc<NumberedSentences>,
    catalog: Arc<Catalog>,
    languages: BTreeMap<Locale, Spoken>,
}

/// A language, as far as somebody has asked for it.
#[derive(Default)]
struct Spoken {
    words: OnceLock<Vec<String>>,
    tera: OnceLock<Tera>,
}

impl Set {
    pub(super) fn new(
        templates: Templates,
        sentences: Arc<NumberedSentences>,
        catalog: Arc<Catalog>,
    ) -> Self {
        let programs = templates.names().map(|name| (name.to_owned(), OnceLock::new())).collect();
        let languages = catalog.all().map(|locale| (locale.clone(), Spoken::default())).collect();
        Self { templates, programs, sentences, catalog, languages }
    }

    fn language(&self, locale: &Locale) -> Result<(&Spoken, &[String]), ViewError> {
        let unknown = || ViewError::Setting(format!("there is no language `{}`", locale.as_str()));
        let spoken = self.languages.get(locale).ok_or_else(unknown)?;
        let words = spoken.words.get_or_init(|| self.sentences.spoken(&self.catalog, locale));
        Ok((spoken, words))
    }

    /// The templates in one language, as Tera has them.
    pub(super) fn tera(&self, locale: &Locale) -> Result<&Tera, ViewError> {
        let (spoken, words) = self.language(locale)?;
        if let Some(tera) = spoken.tera.get() {
            return Ok(tera);
        }
        let mut tera = Tera::default();
        self.templates.speak(&mut tera, &self.catalog, locale, words)?;
        Ok(spoken.tera.get_or_init(|| tera))
    }

    pub(super) fn copy_into(&self, tera: &mut Tera, locale: &Locale) -> Result<(), ViewError> {
        let (_, words) = self.language(locale)?;
        self.templates.speak(tera, &self.catalog, locale, words)
    }

    pub(super) fn render(
        &self,
        template: &str,
        locale: &Locale,
        context: &Context,
    ) -> Result<String, ViewError> {
        match self.run(template, locale, context)? {
            Some(page) => Ok(page),
            None => Ok(self.tera(locale)?.render(template, context)?),
        }
    }

    /// What the program of `template` makes, if it has one that can.
    fn run(&self, template: &str, locale: &Locale, context: &Context) -> Result<Option<String>, ViewError> {
        let Some(program) = self.programs.get(template) else { return Ok(None) };
        let Some(program) = program.get_or_init(|| compile(&self.templates, template)) else {
            return Ok(None);
        };
        let (_, words) = self.language(locale)?;
        Ok(program.run(context, Language { catalog: &self.catalog, locale, words }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loader::PARSED;
    use crate::mails::MAILS;
    use crate::pages::PAGES;
    use crate::samples::Words;
    use crate::{Facts, Renderer};
    use std::path::Path;

    fn renderer(theme: Option<&str>) -> Renderer {
        let themes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../themes");
        Renderer::load(theme.map(|name| themes.join(name)).as_deref(), "en", Facts::default()).unwrap()
    }

    /// Every template with each of its samples in each language.
    fn every_sample(renderer: &Renderer, mut see: impl FnMut(&'static str, &Locale, &Context)) {
        for locale in renderer.catalog().locales() {
            for entry in PAGES.iter().chain(MAILS) {
                for sample in (entry.samples)(Words { renderer, locale }) {
                    let context = sample.context.unwrap();
                    entry.templates.iter().for_each(|template| see(template, locale, &context));
                }
            }
        }
    }

    #[test]
    fn a_program_makes_what_tera_makes() {
        for theme in [None, Some("paper"), Some("terminal")] {
            let renderer = renderer(theme);
            let set = renderer.themed();
            let (mut left, mut made) = (Vec::new(), 0);
            every_sample(&renderer, |template, locale, context| {
                let tera = set.tera(locale).unwrap().render(template, context).unwrap();
                match set.run(template, locale, context).unwrap() {
                    Some(page) => {
                        made += 1;
                        assert_eq!(page, tera, "{template} of {theme:?}");
                    }
                    None => left.push(template),
                }
            });
            left.dedup();
            // Splits a text by a filter.
            assert!(made > 300 && left.iter().all(|name| *name == "pages/api.html"), "{made}, {left:?}");
        }
    }

    #[test]
    fn a_template_is_parsed_once_for_all_languages_looks_and_engines() {
        let before = PARSED.get();
        let renderer = renderer(Some("terminal"));
        let theirs = PARSED.get() - before;
        every_sample(&renderer, |template, locale, context| {
            renderer.both(template, locale, context).0.unwrap();
            renderer.themed().tera(locale).unwrap();
        });
        renderer.copy_into(&mut Tera::default()).unwrap();
        let ours = PARSED.get() - before - theirs;
        // What the theme does not replace is not parsed again for the built-in look.
        assert!(theirs > 20 && ours < theirs, "{theirs}, {ours}");
        every_sample(&renderer, |template, locale, context| {
            let (theirs, ours) = renderer.both(template, locale, context);
            assert!(theirs.is_ok() && ours.is_ok());
        });
        assert_eq!(PARSED.get() - before, theirs + ours);
    }

    #[test]
    fn the_engine_of_plugins_makes_what_pages_are() {
        let renderer = renderer(None);
        let mut engine = Tera::default();
        renderer.copy_into(&mut engine).unwrap();
        every_sample(&renderer, |template, locale, context| {
            if locale == renderer.catalog().fallback() {
                let page = renderer.themed().render(template, locale, context).unwrap();
                assert_eq!(engine.render(template, context).unwrap(), page, "{template}");
            }
        });
    }
}
