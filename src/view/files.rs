//! The files a page is made of: those inside the program, under those of the theme folder.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use super::ViewError;

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
        let mut files =
            Self { templates: BTreeMap::new(), statics: BTreeMap::new(), locales: BTreeMap::new() };
        for (name, content) in embedded::<Templates>() {
            let text = utf8(&name, content.into_owned())?;
            files.templates.insert(format!("builtin/{name}"), text.clone());
            files.templates.insert(name, text);
        }
        for (name, content) in embedded::<Static>() {
            files.add_static(name, content);
        }
        for (name, content) in embedded::<Locales>() {
            files.add_locale(&name, utf8(&name, content.into_owned())?);
        }
        if let Some(theme) = theme {
            files.overlay(theme)?;
        }
        Ok(files)
    }

    fn overlay(&mut self, theme: &Path) -> Result<(), ViewError> {
        for (name, content) in folder(&theme.join("templates"), theme)? {
            if !name.ends_with(".html") && !name.ends_with(".txt") {
                return Err(ViewError::File {
                    name: format!("templates/{name}"),
                    reason: "a template is named *.html or *.txt, so that it is escaped as it should be"
                        .into(),
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

fn embedded<E: RustEmbed>() -> impl Iterator<Item = (String, Cow<'static, [u8]>)> {
    E::iter().filter_map(|name| E::get(&name).map(|file| (name.into_owned(), file.data)))
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
