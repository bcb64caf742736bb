//! Serves what can be served of a theme with errors: a template with an error is left out, so that ours
//! stands in its place, in the theme's layout and styles. Of a file of sentences only those are left out that
//! cannot be read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::apart;
use super::checked::{Checked, Surroundings};
use super::languages::without_faults;
use crate::theme_source::{Finding, Report, Severity, ThemeFolder, manifest};
use crate::{Facts, Layer};

/// The most checks of one theme, each without the files in which the one before found errors.
const ROUNDS_MAX: usize = 12;

/// What is served of a theme.
pub struct Served {
    /// The check of what is served. Without a renderer nothing of the theme is, and the errors say why.
    pub checked: Checked,
    /// The files that are left out, in the order of their names.
    pub left_out: Vec<LeftOut>,
}

/// A file of a theme that is not served, or not all of it.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// The file, relative to the theme's folder.
    pub file: String,
    /// The first error in it.
    pub why: Finding,
    /// Whether its other sentences are served.
    pub rest_stays: bool,
}

/// Checks the theme in `folder` as [`check`](super::check) does, again and again without the files that have
/// errors, until what is left has none.
///
/// An error in `theme.toml` or `layout.html`, or one whose file is not known, takes the theme away whole.
pub fn serve(
    folder: &Path,
    layers: &[Layer],
    locale: &str,
    facts: Facts,
    written: &BTreeMap<String, Value>,
) -> Served {
    let (layers, locale) = (layers.to_owned(), locale.to_owned());
    let surroundings = Surroundings { layers, locale, facts, written: written.clone(), lenient: true };
    let folder = folder.to_owned();
    let served = apart::run(move || surroundings.serve(ThemeFolder::read(&folder)));
    served.unwrap_or_else(|why| Served {
        checked: Checked::failed(Finding::new(Severity::Error, "endless", ".", why)),
        left_out: Vec::new(),
    })
}

impl Surroundings {
    fn serve(&self, mut theme: ThemeFolder) -> Served {
        let mut left_out: BTreeMap<String, LeftOut> = BTreeMap::new();
        let mut checked = self.check(&theme);
        for _ in 0..ROUNDS_MAX {
            let Some(faulty) = faulty(&checked.report, &theme) else { return Served::nothing(checked) };
            if faulty.is_empty() {
                return Served { checked, left_out: left_out.into_values().collect() };
            }
            let mut shortened = BTreeSet::new();
            theme.templates.retain(|(name, _)| !faulty.contains_key(&format!("templates/{name}")));
            theme.locales.retain_mut(|(name, text)| {
                let file = format!("locales/{name}");
                if !faulty.contains_key(&file) {
                    return true;
                }
                // One slip must not take a language from its readers.
                let rest = without_faults(text);
                if let Some(rest) = rest {
                    *text = rest;
                    return shortened.insert(file);
                }
                false
            });
            theme.faults.retain(|fault| !faulty.contains_key(&fault.file));
            for (file, why) in faulty {
                let rest_stays = shortened.contains(&file);
                // The first error in a file is its own; a later one may be about what is left out already.
                let known = left_out.entry(file.clone()).or_insert(LeftOut { file, why, rest_stays });
                known.rest_stays &= rest_stays;
            }
            checked = self.check(&theme);
        }
        Served::nothing(checked)
    }
}

impl Served {
    fn nothing(checked: Checked) -> Self {
        Self { checked: Checked { renderer: None, ..checked }, left_out: Vec::new() }
    }
}

/// The files that have errors, each with its first one; `None` where an error is one of the whole theme.
fn faulty(report: &Report, theme: &ThemeFolder) -> Option<BTreeMap<String, Finding>> {
    let mut files = BTreeMap::new();
    for error in report.errors() {
        let file = error.file.as_str();
        let is = |folder: &str, name: &str| file.strip_prefix(folder) == Some(name);
        let read = theme.templates.iter().any(|(name, _)| is("templates/", name))
            || theme.locales.iter().any(|(name, _)| is("locales/", name));
        // A file that cannot be read is not there already.
        let unread = file.contains('/') && theme.faults.iter().any(|fault| fault.file == file);
        if file == manifest::FILE || file == LAYOUT || !(read || unread) {
            return None;
        }
        files.entry(file.to_owned()).or_insert_with(|| error.clone());
    }
    Some(files)
}

/// The layout of all pages. What is left of a theme without it is not its look.
const LAYOUT: &str = "templates/layout.html";
