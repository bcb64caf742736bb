//! The files a page is made of: those inside the program, under those of the theme folder.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use super::layer::{Layer, embedded};
use super::{ViewError, catalog};

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Templates;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

#[derive(RustEmbed)]
#[folder = "locales/"]
struct Locales;

/// Largest file a theme may hold, in bytes: larger ones are a mistake and would be kept in memory.
const THEME_FILE_MAX: u64 = 4 * 1024 * 1024;

/// A file under `/static/`, with the hash that stands in its address.
#[derive(Clone, Debug)]
pub struct StaticFile {
    /// What is served.
    pub content: Cow<'static, [u8]>,
    /// First 16 hex digits of its SHA-256.
    pub hash: String,
}

/// All files by their name relative to their folder.
pub struct Files {
    /// `*.html` and `*.txt`; the originals also under `builtin/`.
    pub templates: BTreeMap<String, String>,
    /// Styles, scripts, pictures.
    pub statics: BTreeMap<String, StaticFile>,
    /// Fluent sources: language to built-in text and, after it, the theme's.
    pub locales: BTreeMap<String, Vec<String>>,
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
        let mut files =
            Self { templates: BTreeMap::new(), statics: BTreeMap::new(), locales: BTreeMap::new() };
        for (name, content) in embedded::<Templates>() {
            files.add_original(&name, utf8(&name, content.into_owned())?);
        }
        for (name, content) in embedded::<Static>() {
            files.add_static(name, content);
        }
        for (name, content) in embedded::<Locales>() {
            files.add_locale(&name, utf8(&name, content.into_owned())?);
        }
        let sentences = files.lay(layers)?;
        let spoken: BTreeMap<String, usize> =
            files.locales.iter().map(|(language, sources)| (language.clone(), sources.len())).collect();
        if let Some(theme) = theme {
            files.overlay(theme)?;
        }
        // After the built-in sentences, before the theme's.
        for (language, sources) in &mut files.locales {
            let at = spoken.get(language).copied().unwrap_or_default();
            let brought = sentences.iter().filter(|(of, _)| of == language).map(|(_, text)| text.clone());
            sources.splice(at..at, brought);
        }
        Ok(files)
    }

    /// Adds the files of `layers`; gives their sentences by language.
    fn lay(&mut self, layers: &[Layer]) -> Result<Vec<(String, String)>, ViewError> {
        let mut owners: BTreeMap<String, &str> = BTreeMap::new();
        let mut sentences: Vec<(String, String)> = Vec::new();
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
                    return fault(&full, taken(owners.get(&full)));
                }
                self.add_original(name, utf8(&full, content.to_vec())?);
                owners.insert(full, layer.owner);
            }
            for (name, content) in &layer.statics {
                let full = format!("static/{name}");
                if self.statics.contains_key(name) {
                    return fault(&full, taken(owners.get(&full)));
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
                // Every language has the keys of English.
                let of = |known: &str| known == "en" || known == language;
                let builtin = self.locales.iter().filter(|(known, _)| of(known)).flat_map(|(_, texts)| texts);
                let others =
                    sentences.iter().take(before).filter(|(known, _)| of(known)).map(|(_, text)| text);
                if let Err(reason) = catalog::adds_only(builtin.chain(others), &text) {
                    return fault(&full, reason);
                }
                sentences.push((language.to_owned(), text));
            }
        }
        Ok(sentences)
    }

    fn overlay(&mut self, theme: &Path) -> Result<(), ViewError> {
        for (name, content) in folder(&theme.join("templates"), theme)? {
            if !is_template(&name) {
                return Err(ViewError::File {
                    name: format!("templates/{name}"),
                    reason: NOT_A_TEMPLATE.into(),
                });
            }
            let text = utf8(&format!("templates/{name}"), content)?;
            self.templates.insert(name, text);
        }
        for (name, content) in folder(&theme.join("static"), theme)? {
            self.add_static(name, content.into());
        }
        for (name, content) in folder(&theme.join("locales"), theme)? {
            let text = utf8(&format!("locales/{name}"), content)?;
            self.add_locale(&name, text);
        }
        Ok(())
    }

    /// A template as it is shipped, which a theme's of the same name can still reach.
    fn add_original(&mut self, name: &str, text: String) {
        self.templates.insert(format!("builtin/{name}"), text.clone());
        self.templates.insert(name.to_owned(), text);
    }

    fn add_static(&mut self, name: String, content: Cow<'static, [u8]>) {
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

const NOT_A_TEMPLATE: &str = "a template is named *.html or *.txt, so that it is escaped as it should be, \
                              and its originals alone are below builtin/";

fn is_template(name: &str) -> bool {
    name.ends_with(".html") || name.ends_with(".txt")
}

fn taken(owner: Option<&&str>) -> String {
    match owner {
        Some(owner) => format!("plug-in `{owner}` has one of this name already"),
        None => "the program has one of this name already, which only a theme may replace".into(),
    }
}

fn utf8(name: &str, content: Vec<u8>) -> Result<String, ViewError> {
    String::from_utf8(content)
        .map_err(|_| ViewError::File { name: name.to_owned(), reason: "it is not UTF-8".into() })
}

/// Every file below `dir`, which may be absent. Links are followed only inside `root`.
fn folder(dir: &Path, root: &Path) -> Result<Vec<(String, Vec<u8>)>, ViewError> {
    let fault = |path: &Path, reason: String| ViewError::File { name: path.display().to_string(), reason };
    let real_root = root.canonicalize().map_err(|error| fault(root, error.to_string()))?;
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = if dir.is_dir() { vec![dir.to_owned()] } else { Vec::new() };
    while let Some(here) = open.pop() {
        let entries = std::fs::read_dir(&here).map_err(|error| fault(&here, error.to_string()))?;
        for entry in entries {
            let path = entry.map_err(|error| fault(&here, error.to_string()))?.path();
            if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
                continue;
            }
            let real = path.canonicalize().map_err(|error| fault(&path, error.to_string()))?;
            if !real.starts_with(&real_root) {
                return Err(fault(&path, "it leads out of the theme's folder".into()));
            }
            let about = std::fs::metadata(&real).map_err(|error| fault(&path, error.to_string()))?;
            if about.is_dir() {
                // A link to a folder could lead round in a circle.
                if !path.is_symlink() {
                    open.push(path);
                }
                continue;
            }
            if about.len() > THEME_FILE_MAX {
                return Err(fault(&path, format!("it is larger than {} MiB", THEME_FILE_MAX >> 20)));
            }
            let content = std::fs::read(&real).map_err(|error| fault(&path, error.to_string()))?;
            let name = path.strip_prefix(dir).map_err(|_| fault(&path, "it lies outside".into()))?;
            let name = name.to_str().ok_or_else(|| fault(&path, "its name is not UTF-8".into()))?;
            found.push((name.replace('\\', "/"), content));
        }
    }
    Ok(found)
}
