//! Fills templates. A page is a type that names its template; nothing else can be rendered.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;
use serde::Serialize;
use tera::{Context, Tera};

use super::catalog::Argument;
use super::gaps::Gaps;
use super::loader::{ORIGINALS, Reader};
use super::set::Set;
use super::site::Site;
use super::template::{
    Envelope, MailTemplate, Notice, Page, PageFrame, Problem, RenderedMail, SiteView, place_of,
};
use super::theme_source::PANELS_SPEAK;
use super::wrap::wrap;
use super::{Catalog, Facts, Files, Layer, Locale, StaticFile, ViewError};
use domain::{CustomField, Field, FieldCode, FieldError, FieldKind};

/// Everything that turns typed pages into HTML.
pub struct Renderer {
    themed: Set,
    /// The built-in templates, where a theme replaces some: a theme that fails must not lock anybody out.
    builtin: Option<(Set, Files)>,
    /// What languages lack, in the theme's templates and, where they are others, in ours.
    gaps: Gaps,
    builtin_gaps: Option<Gaps>,
    /// Templates of the theme that have failed, so that each is written down once.
    failed: Mutex<BTreeSet<&'static str>>,
    catalog: Arc<Catalog>,
    files: Files,
    facts: Facts,
    site: Site,
    site_in_mails: Site,
    /// The settings of the theme, where a template needs them when it is filled.
    settings: Option<serde_json::Value>,
}

/// Whose templates a page is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Look {
    /// The theme's, where it has some.
    Themed,
    /// Ours, whatever the theme.
    Builtin,
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
        let builtin = theme.map(|_| Files::layered(layers, None)).transpose()?;
        Self::over(Files::layered(layers, theme)?, builtin, locale, facts)
    }

    /// From files that are read already; `builtin` are ours alone, where `files` have a theme over them.
    pub(super) fn over(
        mut files: Files,
        mut builtin: Option<Files>,
        locale: &str,
        facts: Facts,
    ) -> Result<Self, ViewError> {
        let catalog = Arc::new(Catalog::offering(&files, locale, &facts.locales)?);
        files.add_brand(&facts.brand);
        if let Some(ours) = &mut builtin {
            ours.add_brand(&facts.brand);
        }
        let (site, site_in_mails) = (Site::on_pages(&facts, &files), Site::in_mails(&facts, &files));
        let gaps = Gaps::of(&files, &catalog);
        let builtin_gaps = builtin.as_ref().map(|ours| Gaps::of(ours, &catalog));
        let mut reader = Reader::new(&catalog, &facts);
        let read = reader.read(&files);
        let names_theme = read.names_theme;
        // What a theme leaves as it is is parsed once for both.
        let ours = builtin.as_ref().map(|ours| reader.read(ours));
        let sentences = Arc::new(reader.sentences());
        let set = |templates| Set::new(templates, sentences.clone(), catalog.clone());
        let themed = set(read);
        if !files.shipped {
            // What somebody else wrote is parsed now, with what it extends and imports: ours has been by
            // tests.
            themed.tera(catalog.fallback())?;
        }
        [Some(&mut files), builtin.as_mut()].into_iter().flatten().for_each(Files::forget_sources);
        let builtin = ours.map(set).zip(builtin);
        let values = || files.settings.iter().map(|(name, value)| (name.clone(), value.as_value())).collect();
        let settings = names_theme.then(|| serde_json::Value::Object(values()));
        let failed = Mutex::default();
        Ok(Self {
            themed,
            builtin,
            gaps,
            builtin_gaps,
            failed,
            catalog,
            files,
            facts,
            site,
            site_in_mails,
            settings,
        })
    }

    /// Adds the templates, in the site's language, to an engine of somebody else's: `rocket_dyn_templates`,
    /// through which plug-ins render pages of their own.
    ///
    /// # Errors
    /// The first template that cannot be used.
    pub fn copy_into(&self, tera: &mut Tera) -> Result<(), ViewError> {
        self.themed.copy_into(tera, self.catalog.fallback())
    }

    #[cfg(test)]
    pub(super) fn themed(&self) -> &Set {
        &self.themed
    }

    /// The sentences.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// What is the same on every page.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The site, as pages see it.
    pub fn site(&self) -> SiteView<'_> {
        self.site.view()
    }

    /// The site, as mails see it: with whole addresses.
    pub fn site_in_mails(&self) -> SiteView<'_> {
        self.site_in_mails.view()
    }

    /// A file under `/static/`: the theme's, unless `hash` is that of ours, which a page in our own look asks
    /// for.
    pub fn static_file(&self, name: &str, hash: Option<&str>) -> Option<&StaticFile> {
        let ours = self.builtin.as_ref().and_then(|(_, ours)| ours.statics.get(name));
        ours.filter(|file| hash == Some(file.hash.as_str())).or_else(|| self.files.statics.get(name))
    }

    /// Every file under `/static/` by name.
    pub fn static_files(&self) -> impl Iterator<Item = (&str, &StaticFile)> {
        self.files.statics.iter().map(|(name, file)| (name.as_str(), file))
    }

    /// Whether a theme lies over the built-in templates.
    pub fn has_theme(&self) -> bool {
        self.builtin.is_some()
    }

    /// The language in which all of `templates` can be said whole: `wanted`, else the site's, else English. A
    /// page in two languages at once is read aloud wrongly.
    pub fn language_of<'a>(&'a self, look: Look, templates: &[&str], wanted: &'a Locale) -> &'a Locale {
        let gaps = match (look, &self.builtin_gaps) {
            (Look::Builtin, Some(ours)) => ours,
            _ => &self.gaps,
        };
        let whole = |locale: &&Locale| templates.iter().all(|template| gaps.can_say(locale, template));
        let candidates = [wanted, self.catalog.fallback(), self.catalog.english()];
        candidates.into_iter().find(whole).unwrap_or(wanted)
    }

    /// The contract that the theme is written for; the program's own without a theme.
    pub(super) fn contract(&self) -> u32 {
        self.files.contract
    }

    /// The panels of `P` that say what was done or refused in them. A theme of the first contract may have
    /// templates that say everything at the top.
    pub fn panels<P: Page>(&self, look: Look) -> &'static [&'static str] {
        let ours = look == Look::Builtin || self.contract() >= PANELS_SPEAK;
        if ours { P::PANELS } else { &[] }
    }

    /// Fills the template of a page.
    ///
    /// # Errors
    /// When neither the theme's nor the built-in template can be filled.
    pub fn render<P: Page>(&self, locale: &Locale, frame: &PageFrame<'_, P>) -> Result<String, ViewError> {
        self.render_in(Look::Themed, locale, frame)
    }

    /// As [`render`](Self::render), with the templates that `look` says.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    pub fn render_in<P: Page>(
        &self,
        look: Look,
        locale: &Locale,
        frame: &PageFrame<'_, P>,
    ) -> Result<String, ViewError> {
        let context = self.context(frame)?;
        match (look, &self.builtin) {
            (Look::Builtin, Some((ours, _))) => ours.render(P::TEMPLATE, locale, &context),
            _ => self.fill(P::TEMPLATE, locale, &context),
        }
    }

    /// What a template may name.
    pub(super) fn context(&self, values: impl Serialize) -> Result<Context, ViewError> {
        let mut context = Context::from_serialize(values)?;
        if let Some(settings) = &self.settings {
            context.insert("theme", settings);
        }
        Ok(context)
    }

    /// One template filled by the theme and by ours, for whoever compares them.
    pub(super) fn both(
        &self,
        template: &str,
        locale: &Locale,
        context: &Context,
    ) -> (Result<String, ViewError>, Result<String, ViewError>) {
        let ours = self.builtin.as_ref().map_or(&self.themed, |(ours, _)| ours);
        (self.themed.render(template, locale, context), ours.render(template, locale, context))
    }

    /// Fills the templates of a mail.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    pub fn mail<M: MailTemplate>(&self, locale: &Locale, mail: &M) -> Result<RenderedMail, ViewError> {
        let locale = self.language_of(Look::Themed, &[M::TEXT, M::HTML], locale);
        let (subject, context) = self.envelope(locale, mail)?;
        let text = wrap(&self.fill(M::TEXT, locale, &context)?);
        let html = self.fill(M::HTML, locale, &context)?;
        Ok(RenderedMail { subject, text, html, language: locale.as_str().to_owned() })
    }

    /// The subject of a mail, and what its templates may name.
    pub(super) fn envelope<M: MailTemplate>(
        &self,
        locale: &Locale,
        mail: &M,
    ) -> Result<(String, Context), ViewError> {
        let site = self.site_in_mails();
        let named = [("site", Argument::Text(site.name.into()))];
        let subject = self.catalog.text(locale, M::SUBJECT, &named);
        let context = self.context(Envelope { lang: locale.as_str(), subject: &subject, site, mail })?;
        Ok((subject, context))
    }

    pub(super) fn fill(
        &self,
        template: &'static str,
        locale: &Locale,
        context: &Context,
    ) -> Result<String, ViewError> {
        let themed = self.themed.render(template, locale, context);
        match (themed, &self.builtin) {
            (Err(error), Some((ours, _))) => {
                // In the theme's layout, unless it is the layout that fails.
                let original = format!("{ORIGINALS}{template}");
                let inside = self.themed.render(&original, locale, context);
                if self.failed.lock().insert(template) {
                    let look = if inside.is_ok() { "in the theme's layout" } else { "in the built-in look" };
                    log::error!("the theme's {template} failed, the built-in one is served {look}: {error}");
                }
                inside.or_else(|_| ours.render(template, locale, context))
            }
            (themed, _) => themed,
        }
    }

    /// The sentence for a notice or an error: `key` is a code with `_`, the sentence's key has `-`.
    pub fn notice(&self, locale: &Locale, prefix: &str, code: &str) -> Notice {
        let message = self.catalog.text(locale, &format!("{prefix}-{}", code.replace('_', "-")), &[]);
        Notice { code: code.to_owned(), message, place: place_of(code) }
    }

    /// The sentence for a refused value.
    pub fn problem(&self, locale: &Locale, code: &FieldCode) -> Problem {
        let key = format!("error-{}", code.code().replace('_', "-"));
        let argument = code.argument().map(|(name, number)| (name, Argument::Number(number)));
        Problem {
            code: code.code().to_owned(),
            message: self.catalog.text(locale, &key, argument.as_slice()),
        }
    }

    /// The sentence for a refused field, which says what to enter there where nothing was. `custom` is the
    /// operator's field, if it is one.
    pub fn field_problem(
        &self,
        locale: &Locale,
        error: &FieldError,
        custom: Option<&CustomField>,
    ) -> Problem {
        let problem = self.problem(locale, &error.code);
        if error.code != FieldCode::Required {
            return problem;
        }
        let label = custom.map(|field| ("label", Argument::Text(field.label(locale.as_str()).into())));
        let key = match &error.field {
            Field::Email => "error-required-email",
            Field::Identifier => "error-required-email-or-username",
            Field::Username => "error-required-username",
            Field::Password => "error-required-password",
            Field::CurrentPassword => "error-required-current-password",
            Field::NewPassword => "error-required-new-password",
            Field::PairingCode | Field::FactorCode => "error-required-code",
            Field::Custom(_) => match custom {
                Some(field) if field.kind == FieldKind::Boolean => "error-required-box",
                Some(_) => "error-required-labelled",
                None => return problem,
            },
            Field::PasswordConfirmation
            | Field::Name
            | Field::Firstname
            | Field::Lastname
            | Field::Locale
            | Field::Picture
            | Field::Role
            | Field::AccountId
            | Field::DeviceName
            | Field::Passkey
            | Field::PasskeyName
            | Field::Dialect
            | Field::Identity
            | Field::Terms
            | Field::Trap => return problem,
        };
        Problem { message: self.catalog.text(locale, key, label.as_slice()), ..problem }
    }

    /// A sentence that names a number.
    pub fn counted(&self, locale: &Locale, key: &str, name: &str, number: u64) -> String {
        self.catalog.text(locale, key, &[(name, Argument::Number(number))])
    }
}
