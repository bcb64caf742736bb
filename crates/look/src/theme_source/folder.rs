//! Reads the folder of a theme, and no file outside it.

use std::path::{Path, PathBuf};

use super::bounds;
use super::finding::{Finding, Severity};

/// The largest file of a theme, in bytes. All files are kept in memory.
const FILE_MAX: u64 = 4 * 1024 * 1024;

/// The maximum number of bytes of all files of a theme together.
const TOTAL_MAX: u64 = 32 * 1024 * 1024;

/// The maximum number of files of a theme. A folder with more is not a theme.
const FILES_MAX: usize = 2_000;

/// The files of a theme, each by its name relative to `templates/`, `static/` or `locales/`.
#[derive(Clone, Debug, Default)]
pub struct ThemeFolder {
    /// `theme.toml`, if there is one.
    pub manifest: Option<String>,
    /// `templates/`
    pub templates: Vec<(String, String)>,
    /// `static/`
    pub statics: Vec<(String, Vec<u8>)>,
    /// `locales/`
    pub locales: Vec<(String, String)>,
    /// The files that cannot be used, each with the reason.
    pub faults: Vec<Finding>,
}

impl ThemeFolder {
    /// Reads the files of a theme below `root`. Faults are collected, not returned as an error.
    pub fn read(root: &Path) -> Self {
        let mut reading = FolderReader { root: root.to_owned(), ..FolderReader::default() };
        let Ok(real) = root.canonicalize() else {
            reading.fault(".", format!("{} cannot be found", root.display()));
            return reading.found;
        };
        if !real.is_dir() {
            reading
                .fault(".", format!("a theme is a folder, and {} is none: unpack it first", root.display()));
            return reading.found;
        }
        reading.real_root = real;
        let manifest = root.join("theme.toml");
        if manifest.symlink_metadata().is_ok()
            && let Some(content) = reading.file(&manifest)
        {
            reading.found.manifest = reading
                .text("theme.toml", content)
                .and_then(|text| reading.bounded(bounds::manifest("theme.toml", &text), text));
        }
        let mut taken = bounds::Taken::default();
        for (name, content) in reading.folder("templates") {
            let full = format!("templates/{name}");
            if !(name.ends_with(".html") || name.ends_with(".txt")) {
                let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
                reading.fault(
                    &full,
                    format!(
                        "a template is named *.html or *.txt, by which what it prints is escaped: {stem}.html"
                    ),
                );
            } else if name.starts_with("builtin/") {
                reading.fault(&full, "only our originals are below builtin/".into());
            } else if let Some(text) = reading.text(&full, content)
                && let Some(text) = reading.bounded(taken.template(&full, &text), text)
            {
                reading.found.templates.push((name, text));
            }
        }
        reading.found.statics = reading.folder("static");
        for (name, content) in reading.folder("locales") {
            let full = format!("locales/{name}");
            if !name.ends_with(".ftl") {
                reading
                    .fault(&full, "a file of sentences is named after its language, such as fr.ftl".into());
            } else if let Some(text) = reading.text(&full, content)
                && let Some(text) = reading.bounded(bounds::sentences(&full, &text), text)
            {
                reading.found.locales.push((name, text));
            }
        }
        reading.found
    }
}

#[derive(Default)]
struct FolderReader {
    root: PathBuf,
    real_root: PathBuf,
    found: ThemeFolder,
    files: usize,
    bytes: u64,
}

impl FolderReader {
    fn fault(&mut self, file: &str, reason: String) {
        self.found.faults.push(Finding::new(Severity::Error, "file", file, reason));
    }

    fn fault_of(&mut self, path: &Path, reason: String) {
        let name = path.strip_prefix(&self.root).unwrap_or(path).display().to_string().replace('\\', "/");
        self.fault(&name, reason);
    }

    fn text(&mut self, name: &str, content: Vec<u8>) -> Option<String> {
        match String::from_utf8(content) {
            Ok(text) if text.starts_with('\u{feff}') => {
                let reason = "it begins with a byte order mark, which would stand on the page: \
                              save it as UTF-8 without";
                self.fault(name, reason.into());
                None
            }
            Ok(text) => Some(text),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let finding = Finding::new(Severity::Error, "file", name, "it is not UTF-8 here");
                self.found.faults.push(finding.at(&text, at, '\u{fffd}'.len_utf8()));
                None
            }
        }
    }

    /// The text, unless a bound refuses it: then no parser sees it.
    fn bounded(&mut self, beyond: Option<Finding>, text: String) -> Option<String> {
        if beyond.is_none() {
            return Some(text);
        }
        self.found.faults.extend(beyond);
        None
    }

    /// The content of the file at `path`, if it is an ordinary file inside the theme.
    fn file(&mut self, path: &Path) -> Option<Vec<u8>> {
        let real = self.real(path)?;
        let about = match std::fs::metadata(&real) {
            Ok(about) => about,
            Err(error) => {
                self.fault_of(path, format!("it cannot be read: {error}"));
                return None;
            }
        };
        // Reading a pipe blocks, and a device may have no end.
        if !about.is_file() {
            self.fault_of(path, "it is no ordinary file".into());
            return None;
        }
        if about.len() > FILE_MAX {
            self.fault_of(path, format!("it is larger than {} MiB", FILE_MAX >> 20));
            return None;
        }
        self.files += 1;
        self.bytes += about.len();
        if self.files > FILES_MAX || self.bytes > TOTAL_MAX {
            self.fault(
                ".",
                format!("it holds more than {FILES_MAX} files or {} MiB: it is no theme", TOTAL_MAX >> 20),
            );
            return None;
        }
        match std::fs::read(&real) {
            Ok(content) => Some(content),
            Err(error) => {
                self.fault_of(path, format!("it cannot be read: {error}"));
                None
            }
        }
    }

    fn real(&mut self, path: &Path) -> Option<PathBuf> {
        match path.canonicalize() {
            Ok(real) if real.starts_with(&self.real_root) => Some(real),
            Ok(_) => {
                self.fault_of(path, "it leads out of the theme's folder".into());
                None
            }
            Err(error) => {
                self.fault_of(path, format!("it leads nowhere: {error}"));
                None
            }
        }
    }

    /// All files below a folder of the theme, which may be missing. Symbolic links are followed only to files
    /// inside the theme.
    fn folder(&mut self, name: &str) -> Vec<(String, Vec<u8>)> {
        let dir = self.root.join(name);
        let mut found = Vec::new();
        if dir.symlink_metadata().is_err() || self.real(&dir).is_none() {
            return found;
        }
        if !dir.is_dir() {
            self.fault(name, "it should be a folder".into());
            return found;
        }
        let mut open = vec![dir.clone()];
        while let Some(here) = open.pop() {
            let entries = match std::fs::read_dir(&here) {
                Ok(entries) => entries.flatten(),
                Err(error) => {
                    self.fault_of(&here, format!("it cannot be read: {error}"));
                    continue;
                }
            };
            for path in entries.map(|entry| entry.path()) {
                if self.files > FILES_MAX || self.bytes > TOTAL_MAX {
                    return found;
                }
                if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
                    continue;
                }
                if path.is_dir() {
                    // A link to a folder can lead to a folder above it, without end.
                    if path.is_symlink() {
                        self.fault_of(&path, "it is a link to a folder: copy the folder".into());
                    } else {
                        open.push(path);
                    }
                    continue;
                }
                let Some(content) = self.file(&path) else { continue };
                match path.strip_prefix(&dir).ok().and_then(Path::to_str) {
                    Some(name) => found.push((name.replace('\\', "/"), content)),
                    None => self.fault_of(&path, "its name is not UTF-8".into()),
                }
            }
        }
        found.sort();
        found
    }
}
