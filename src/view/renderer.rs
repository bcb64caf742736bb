//! Fills templates. A page is a type that names its template; nothing else can be rendered.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;
use tera::{Context, Tera};

use super::catalog::Argument;
use super::mail::{Letter, MailTemplate};
use super::{Catalog, Facts, Files, Layer, Locale, StaticFile, ViewError, loader};
use crate::domain::{FieldCode, FieldError};

/// A page: its template and the values that the template may name as `page`.
pub trait Page: Serialize {
    /// Name of the template below `templates/`.
    const TEMPLATE: &'static str;
}

/// What every page shows around itself.
#[derive(Debug, Serialize)]
pub struct Frame<'a, P> {
    /// Language of the page.
    pub lang: &'a str,
    /// The site.
    pub site: Site<'a>,
    /// Who is signed in, if anybody.
    pub viewer: Option<Viewer<'a>>,
    /// What was just done, after a redirect.
    pub notice: Option<Notice>,
    /// What is wrong with the page as a whole.
    pub alert: Option<Notice>,
    /// The page.
    pub page: P,
}

/// What every mail may name.
#[derive(Serialize)]
struct Envelope<'a, M> {
    lang: &'a str,
    subject: &'a str,
    site: Site<'a>,
    mail: &'a M,
}

/// The site, as templates see it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Site<'a> {
    /// Its name.
    pub name: &'a str,
}

/// The signed-in person, as templates see them.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Viewer<'a> {
    /// What to call them.
    pub name: &'a str,
    /// Their picture at 64 px.
    pub avatar_url: &'a str,
    /// Whether they are still to prove their address.
    pub unverified: bool,
}

/// A message to the reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Stable code.
    pub code: String,
    /// The sentence, in the page's language.
    pub message: String,
}

/// What is wrong with a field; the same shape as a [`Notice`].
pub type Problem = Notice;

struct Set {
    languages: BTreeMap<Locale, Tera>,
}

impl Set {
    fn load(files: &Files, catalog: &Arc<Catalog>, facts: &Facts) -> Result<Self, ViewError> {
        let mut languages = BTreeMap::new();
        for locale in catalog.locales() {
            let mut tera = Tera::default();
            loader::fill(&mut tera, files, catalog, locale, facts)?;
            languages.insert(locale.clone(), tera);
        }
        Ok(Self { languages })
    }

    fn render(&self, template: &str, locale: &Locale, context: &Context) -> Result<String, ViewError> {
        let tera = self
            .languages
            .get(locale)
            .ok_or_else(|| ViewError::Setting(format!("there is no language `{}`", locale.as_str())))?;
        let mut page = Vec::with_capacity(16 * 1024);
        tera.render_to(template, context, &mut page)?;
        String::from_utf8(page)
            .map_err(|_| ViewError::File { name: template.to_owned(), reason: "it is not UTF-8".into() })
    }
}

/// Everything that turns typed pages into HTML.
pub struct Renderer {
    themed: Set,
    /// The built-in templates, where a theme replaces some: a theme that fails must not lock anybody out.
    builtin: Option<Set>,
    theme_failed: AtomicBool,
    catalog: Arc<Catalog>,
    files: Files,
    facts: Facts,
}

impl Renderer {
    /// Reads templates, styles and languages: the built-in ones and those of `theme` over them.
    ///
    /// # Errors
    /// The first file that cannot be used, with its reason.
    pub fn load(theme: Option<&Path>, locale: &str, facts: Facts) -> Result<Self, ViewError> {
        Self::layered(&[], theme, locale, facts)
    }

    /// As [`load`](Self::load), with what plug-ins bring between the two.
    ///
    /// # Errors
    /// The first file that cannot be used, with its reason.
    pub fn layered(
        layers: &[Layer],
        theme: Option<&Path>,
        locale: &str,
        facts: Facts,
    ) -> Result<Self, ViewError> {
        let files = Files::layered(layers, theme)?;
        let catalog = Arc::new(Catalog::load(&files, locale)?);
        let themed = Set::load(&files, &catalog, &facts)?;
        let builtin = match theme {
            Some(_) => Some(Set::load(&Files::layered(layers, None)?, &catalog, &facts)?),
            None => None,
        };
        Ok(Self { themed, builtin, theme_failed: AtomicBool::new(false), catalog, files, facts })
    }

    /// Adds the templates, in the site's language, to an engine of somebody else's: `rocket_dyn_templates`,
    /// through which plug-ins render pages of their own.
    ///
    /// # Errors
    /// The first template that cannot be used.
    pub fn lend(&self, tera: &mut Tera) -> Result<(), ViewError> {
        loader::fill(tera, &self.files, &self.catalog, self.catalog.fallback(), &self.facts)
    }

    /// The sentences.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// What is the same on every page.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// A file under `/static/`.
    pub fn static_file(&self, name: &str) -> Option<&StaticFile> {
        self.files.statics.get(name)
    }

    /// Fills the template of a page.
    ///
    /// # Errors
    /// When neither the theme's nor the built-in template can be filled.
    pub fn render<P: Page>(&self, locale: &Locale, frame: &Frame<'_, P>) -> Result<String, ViewError> {
        self.fill(P::TEMPLATE, locale, &Context::from_serialize(frame)?)
    }

    /// Fills the templates of a mail.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    pub fn letter<M: MailTemplate>(&self, locale: &Locale, mail: &M) -> Result<Letter, ViewError> {
        let site = Site { name: &self.facts.site_name };
        let named = [("site", Argument::Text(site.name.into()))];
        let subject = self.catalog.text(locale, M::SUBJECT, &named);
        let envelope = Envelope { lang: locale.as_str(), subject: &subject, site, mail };
        let context = Context::from_serialize(envelope)?;
        let text = self.fill(M::TEXT, locale, &context)?;
        let html = self.fill(M::HTML, locale, &context)?;
        Ok(Letter { subject, text, html })
    }

    fn fill(&self, template: &'static str, locale: &Locale, context: &Context) -> Result<String, ViewError> {
        let themed = self.themed.render(template, locale, context);
        match (themed, &self.builtin) {
            (Err(error), Some(builtin)) => {
                if !self.theme_failed.swap(true, Ordering::Relaxed) {
                    log::error!("the theme's {template} failed, the built-in one is served: {error}");
                }
                builtin.render(template, locale, context)
            }
            (themed, _) => themed,
        }
    }

    /// The sentence for a notice or an error: `key` is a code with `_`, the sentence's key has `-`.
    pub fn notice(&self, locale: &Locale, prefix: &str, code: &str) -> Notice {
        let message = self.catalog.text(locale, &format!("{prefix}-{}", code.replace('_', "-")), &[]);
        Notice { code: code.to_owned(), message }
    }

    /// The sentence for a refused value.
    pub fn problem(&self, locale: &Locale, code: &FieldCode) -> Problem {
        let key = format!("error-{}", code.code().replace('_', "-"));
        let argument = code.argument();
        let args: Vec<(&str, Argument<'_>)> =
            argument.iter().map(|(name, number)| (name.as_ref(), Argument::Number(*number))).collect();
        Problem { code: code.code().to_owned(), message: self.catalog.text(locale, &key, &args) }
    }

    /// The sentences for those of `errors` that `which` picks.
    pub fn problems(
        &self,
        locale: &Locale,
        errors: &[FieldError],
        which: impl Fn(&FieldError) -> bool,
    ) -> Vec<Problem> {
        errors.iter().filter(|error| which(error)).map(|error| self.problem(locale, &error.code)).collect()
    }

    /// A sentence that names a number.
    pub fn counted(&self, locale: &Locale, key: &str, name: &str, number: u64) -> String {
        self.catalog.text(locale, key, &[(name, Argument::Number(number))])
    }
}
