//! Parts that the preview and the gallery share: checking a theme, names and escapes.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;

use look::Facts;
use look::theme::{Checked, check};

/// Stands for every person's picture.
pub const PERSON: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\">\
<path fill=\"#888\" d=\"M0 0h8v8H0z\"/></svg>";

/// Checks a theme with the default facts of a site.
pub fn checked(folder: &Path) -> Checked {
    check(folder, &[], "en", Facts::default(), &BTreeMap::new())
}

/// A hash that changes whenever a file in the folder changes.
pub fn fingerprint(folder: &Path) -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    let mut open = vec![folder.to_owned()];
    let mut seen = 0;
    while let Some(here) = open.pop() {
        let mut paths: Vec<_> =
            std::fs::read_dir(&here).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            seen += 1;
            // Bounds the work in a folder that is not a theme.
            if seen > 5_000 {
                return hasher.finish();
            }
            let Ok(about) = path.symlink_metadata() else { continue };
            path.hash(&mut hasher);
            about.len().hash(&mut hasher);
            about.modified().unwrap_or(SystemTime::UNIX_EPOCH).hash(&mut hasher);
            if about.is_dir() {
                open.push(path);
            }
        }
    }
    hasher.finish()
}

/// Converts a template's name or a state to a part of a URL or file name.
pub fn slug(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    text.trim_end_matches(".html").chars().map(plain).collect()
}

/// Escapes text for HTML elements and attributes.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
