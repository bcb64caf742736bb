//! The files a page is made of: those inside the program, under those of the theme folder.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use super::layer::{Layer, embedded};
use super::theme_source::{CONTRACT, Finding, Manifest, ThemeFolder, ThemeSettings, bounds, settings};
use super::{ViewError, sentences};

#[derive(RustEmbed)]
#[folder = "../../templates/"]
struct BuiltinTemplates;

#[derive(RustEmbed)]
#[folder = "../../static/"]
struct Static;

#[derive(RustEmbed)]
#[folder = "../../locales/"]
struct Locales;

/// A file under `/static/`, with the hash that stands in its address.
#[derive(Clone, Debug)]
pub struct StaticFile {
    /// What is served.
    pub content: Cow<'static, [u8]>,
    /// First 16 hex digits of its SHA-256.
    pub hash: String,
}

/// All files by their name relative to their folder.
#[derive(Clone)]
pub struct Files {
    /// `*.html` and `*.txt`; the originals also under `builtin/`.
    pub templates: BTreeMap<String, String>,
    /// Styles, scripts, pictures.
    pub statics: BTreeMap<String, StaticFile>,
    /// Fluent sources: language to built-in text and, after it, the theme's.
    pub locales: BTreeMap<String, Vec<String>>,
    /// The settings of the theme.
    pub settings: ThemeSettings,
    /// The contract that the theme is written for.
    pub(super) contract: u32,
    /// Whether they are the program's own files alone.
    pub(super) shipped: bool,
    /// Sentences of plug-ins, by language.
    brought: Vec<(String, String)>,
}

impl Files {
    /// Reads the built-in files and those of `theme` over them.
    ///
    /// # Errors
    /// A theme file that cannot be read, is too large, is not UTF-8 or lies outside the theme's folder.
    pub fn load(theme: Option<&Path>) -> Result<Self, ViewError> {
        Self::layered(&[], theme)
    }

    /// Reads the built-in files, those of `layers` beside them and those of `theme` over all.
    ///
    /// # Errors
    /// As [`load`](Self::load); a layer's file or sentence that somebody else has already.
    pub fn layered(layers: &[Layer], theme: Option<&Path>) -> Result<Self, ViewError> {
        let mut files = Self {
            templates: BTreeMap::new(),
            statics: BTreeMap::new(),
            locales: BTreeMap::new(),
            settings: ThemeSettings::new(),
            contract: CONTRACT,
            shipped: layers.is_empty(),
            brought: Vec::new(),
        };
        for (name, content) in embedded::<BuiltinTemplates>() {
            files.add_original(&name, utf8(&name, content.into_owned())?);
        }
        for (name, content) in embedded::<Static>() {
            files.add_static(name, content);
        }
        for (name, content) in embedded::<Locales>() {
            files.add_locale(&name, utf8(&name, content.into_owned())?);
        }
        files.brought = files.lay(layers)?;
        files.speak_brought();
        let Some(theme) = theme else { return Ok(files) };
        let folder = ThemeFolder::read(theme);
        if let Some(fault) = folder.faults.first() {
            return Err(ViewError::File { name: fault.file.clone(), reason: fault.message.clone() });
        }
        let manifest = folder.manifest.as_deref().map(|text| Manifest::read(text).0);
        files.lay_theme(&folder, &manifest.unwrap_or_default());
        Ok(files)
    }

    /// Adds the sentences of plug-ins, in the languages that are spoken, unless they are there.
    fn speak_brought(&mut self) {
        for (language, text) in &self.brought {
            if let Some(sources) = self.locales.get_mut(language)
                && !sources.contains(text)
            {
                sources.push(text.clone());
            }
        }
    }

    /// Puts the files of a theme over those that are there.
    pub(super) fn lay_theme(&mut self, theme: &ThemeFolder, manifest: &Manifest) {
        let settings = &manifest.settings;
        self.shipped = false;
        self.contract = manifest.contract;
        self.settings.clone_from(settings);
        for (name, text) in &theme.templates {
            self.templates.insert(name.clone(), text.clone());
        }
        for (name, content) in &theme.statics {
            self.add_static(name.clone(), content.clone().into());
        }
        let generated = settings::stylesheet(settings);
        self.begin_styles(&generated);
        // A language that only the theme speaks gets what plug-ins say in it, below what the theme says.
        for (name, _) in &theme.locales {
            let language = name.trim_end_matches(".ftl");
            self.locales.entry(language.to_owned()).or_default();
        }
        self.speak_brought();
        for (name, text) in &theme.locales {
            self.add_locale(name, text.clone());
        }
    }

    /// Adds the files of `layers`; gives their sentences by language.
    fn lay(&mut self, layers: &[Layer]) -> Result<Vec<(String, String)>, ViewError> {
        let mut owners: BTreeMap<String, &str> = BTreeMap::new();
        let mut sentences: Vec<(String, String)> = Vec::new();
        let mut taken = bounds::Taken::default();
        for layer in layers {
            let fault = |name: &str, reason: String| {
                Err(ViewError::File { name: format!("plug-in `{}`: {name}", layer.owner), reason })
            };
            for (name, content) in &layer.templates {
                let full = format!("templates/{name}");
                if !is_template(name) || name.starts_with("builtin/") {
                    return fault(&full, NOT_A_TEMPLATE.into());
                }
                if self.templates.contains_key(name) {
                    return fault(&full, replaced(owners.get(&full)));
                }
                let text = utf8(&full, content.to_vec())?;
                if let Some(beyond) = taken.template(&full, &text) {
                    return fault(&full, placed(&beyond));
                }
                self.add_original(name, text);
                owners.insert(full, layer.owner);
            }
            for (name, content) in &layer.statics {
                let full = format!("static/{name}");
                if self.statics.contains_key(name) {
                    return fault(&full, replaced(owners.get(&full)));
                }
                self.add_static(name.clone(), content.clone());
                owners.insert(full, layer.owner);
            }
            let before = sentences.len();
            for (name, content) in &layer.locales {
                let full = format!("locales/{name}");
                let Some(language) = name.strip_suffix(".ftl") else {
                    return fault(&full, "a file of sentences is named *.ftl".into());
                };
                let text = utf8(&full, content.to_vec())?;
                if let Some(beyond) = bounds::sentences(&full, &text) {
                    return fault(&full, placed(&beyond));
                }
                // Every language has the keys of English.
                let of = |known: &str| known == "en" || known == language;
                let builtin = self.locales.iter().filter(|(known, _)| of(known)).flat_map(|(_, texts)| texts);
                let others =
                    sentences.iter().take(before).filter(|(known, _)| of(known)).map(|(_, text)| text);
                if let Err(reason) = sentences::adds_only(builtin.chain(others), &text) {
                    return fault(&full, reason);
                }
                sentences.push((language.to_owned(), text));
            }
        }
        Ok(sentences)
    }

    /// Lets go of what has been read: the texts of templates and sentences.
    pub(super) fn forget_sources(&mut self) {
        self.templates = BTreeMap::new();
        self.locales = BTreeMap::new();
        self.brought = Vec::new();
    }

    /// A template as it is shipped, which a theme's of the same name can still reach.
    fn add_original(&mut self, name: &str, text: String) {
        self.templates.insert(format!("builtin/{name}"), text.clone());
        self.templates.insert(name.to_owned(), text);
    }

    /// Puts rules before those of the theme's style sheet, which there need not be yet.
    pub(super) fn begin_styles(&mut self, rules: &str) {
        if !rules.is_empty() {
            let own = self.statics.get(STYLES).map(|file| file.content.to_vec()).unwrap_or_default();
            self.add_static(STYLES.to_owned(), [rules.as_bytes(), &own].concat().into());
        }
    }

    pub(super) fn add_static(&mut self, name: String, content: Cow<'static, [u8]>) {
        let digest = Sha256::digest(&content);
        let hash = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        self.statics.insert(name, StaticFile { content, hash });
    }

    fn add_locale(&mut self, name: &str, text: String) {
        if let Some(language) = name.strip_suffix(".ftl") {
            self.locales.entry(language.to_owned()).or_default().push(text);
        }
    }

    /// The address of a static file, which changes with its content.
    pub fn address(&self, name: &str) -> Option<String> {
        self.statics.get(name).map(|file| format!("/static/{}/{name}", file.hash))
    }
}

/// The theme's own style sheet, which begins with its settings.
pub(super) const STYLES: &str = "theme.css";

const NOT_A_TEMPLATE: &str = "a template is named *.html or *.txt, so that it is escaped as it should be, \
                              and its originals alone are below builtin/";

fn is_template(name: &str) -> bool {
    name.ends_with(".html") || name.ends_with(".txt")
}

/// A finding for somebody who knows the file.
fn placed(finding: &Finding) -> String {
    format!("line {}: {}", finding.place.line, finding.message)
}

fn replaced(owner: Option<&&str>) -> String {
    match owner {
        Some(owner) => format!("plug-in `{owner}` has one of this name already"),
        None => "the program has one of this name already, which only a theme may replace".into(),
    }
}

fn utf8(name: &str, content: Vec<u8>) -> Result<String, ViewError> {
    String::from_utf8(content)
        .map_err(|_| ViewError::File { name: name.to_owned(), reason: "it is not UTF-8".into() })
}
