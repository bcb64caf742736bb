//! The folder that a gallery is written to: a new or empty one, or one that holds a gallery already. Never a
//! theme's: what is written there would replace the theme's files, or become files of the theme.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use super::CommandFailure;

/// The list of the files of a gallery, a name a line. Its presence says that the folder is a gallery's.
const LIST: &str = "gallery-files.txt";

/// The file that makes a folder a theme.
const MANIFEST: &str = "theme.toml";

/// The most folders that are searched for a theme. A gallery has three.
const FOLDERS_MAX: usize = 1_000;

/// A folder that may be written to.
pub struct GalleryFolder {
    path: PathBuf,
}

impl GalleryFolder {
    /// The folder at `path`, which need not be there yet, for a gallery of `theme`.
    ///
    /// # Errors
    /// It is or contains a theme, lies in one, or holds files and no gallery.
    pub fn open(path: &Path, theme: &Path) -> Result<Self, CommandFailure> {
        let refuse = |why: String| {
            let path = path.display();
            Err(format!("no gallery is written to {path}: {why}. Name another folder with --out").into())
        };
        let real = resolved(path)?;
        if real.exists() && !real.is_dir() {
            return refuse("it is no folder".to_owned());
        }
        let theme = theme.canonicalize()?;
        let around = real.ancestors().find(|folder| **folder == theme || folder.join(MANIFEST).exists());
        if let Some(around) = around {
            let lies = if around == real { "it is a theme".to_owned() } else { in_theme(around) };
            return refuse(lies);
        }
        if theme.starts_with(&real) {
            return refuse(format!("the theme {} lies in it", theme.display()));
        }
        if !real.exists() || real.read_dir()?.next().is_none() {
            return Ok(Self { path: real });
        }
        if let Some(found) = theme_below(&real)? {
            return refuse(format!("the theme {} lies in it", found.display()));
        }
        if !real.join(LIST).is_file() {
            return refuse("it holds files and no gallery".to_owned());
        }
        Ok(Self { path: real })
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the files of the gallery that is there, and writes `files`. `later` are the names of files
    /// that are still to be made.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn replace(&self, files: &BTreeMap<String, Vec<u8>>, later: &[String]) -> std::io::Result<()> {
        let list = self.path.join(LIST);
        if list.is_file() {
            let before = std::fs::read_to_string(&list)?;
            for name in before.lines().filter(|name| is_inside(Path::new(name))) {
                let path = self.path.join(name);
                // A file that somebody removed needs no removal.
                if path.symlink_metadata().is_ok_and(|about| !about.is_dir()) {
                    std::fs::remove_file(path)?;
                }
            }
        }
        std::fs::create_dir_all(&self.path)?;
        let names: Vec<&str> = files.keys().chain(later).map(String::as_str).collect();
        // First, so that a gallery that was interrupted is still one.
        std::fs::write(&list, names.join("\n"))?;
        write_files(&self.path, files)
    }
}

/// Writes `files` below `folder`, each by its name.
///
/// # Errors
/// A file that cannot be written.
pub fn write_files(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> std::io::Result<()> {
    for (name, content) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, content)?;
    }
    Ok(())
}

fn in_theme(folder: &Path) -> String {
    format!("it lies in the theme {}", folder.display())
}

/// Whether a relative path stays below its folder.
fn is_inside(path: &Path) -> bool {
    let mut parts = path.components().peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// `path` without links, also where its last parts are not there yet.
fn resolved(path: &Path) -> Result<PathBuf, CommandFailure> {
    let path = std::path::absolute(path)?;
    let mut missing = Vec::new();
    let mut there = path.as_path();
    loop {
        if let Ok(real) = there.canonicalize() {
            return Ok(missing.iter().rev().fold(real, |path, part| path.join(part)));
        }
        let (Some(parent), Some(name)) = (there.parent(), there.file_name()) else {
            return Err(format!("{} leads nowhere", path.display()).into());
        };
        missing.push(name.to_owned());
        there = parent;
    }
}

/// A theme's folder below `folder`.
///
/// # Errors
/// A folder that is a link, where files would be written to another place, or too many folders.
fn theme_below(folder: &Path) -> Result<Option<PathBuf>, CommandFailure> {
    let mut open = vec![folder.to_owned()];
    let mut seen = 0;
    while let Some(here) = open.pop() {
        seen += 1;
        if seen > FOLDERS_MAX {
            return Err(format!("{} has too many folders to be a gallery's", folder.display()).into());
        }
        if here.join(MANIFEST).exists() {
            return Ok(Some(here));
        }
        for entry in here.read_dir()? {
            let path = entry?.path();
            if path.is_dir() {
                if path.is_symlink() {
                    return Err(format!("{} is a link to another folder", path.display()).into());
                }
                open.push(path);
            }
        }
    }
    Ok(None)
}
