//! The check of a theme before it is served: files, settings, sentences, styles, templates, rendered pages.

mod accessible;
mod apart;
mod expression;
mod growth;
mod languages;
mod locate;
mod pages;
mod styles;
mod templates;
mod value;
mod walk;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::parse::parsed;
use crate::theme_source::{Finding, Manifest, Report, Severity, ThemeFolder, manifest};
use crate::{Facts, Files, Layer, Renderer};

/// The result of a check.
pub struct Checked {
    /// The findings.
    pub report: Report,
    /// The readable part of the manifest, with the operator's values for its settings.
    pub manifest: Manifest,
    /// A renderer with the theme; `None` when the theme cannot be rendered.
    pub renderer: Option<Renderer>,
    /// The operator's values that the theme cannot use, each with the reason. The defaults replace them.
    pub refused_settings: Vec<String>,
}

/// Checks the theme in `folder` over the files of `layers`, with the operator's values for its settings.
///
/// No theme ends the process, takes all of its memory or keeps the caller waiting for more than half a
/// minute.
/// The texts are [bounded](crate::theme_source) before a parser sees them, the pages before they are made,
/// and all of it is done on a thread of its own.
pub fn check(
    folder: &Path,
    layers: &[Layer],
    locale: &str,
    facts: Facts,
    written: &BTreeMap<String, Value>,
) -> Checked {
    let (folder, layers, locale) = (folder.to_owned(), layers.to_owned(), locale.to_owned());
    let written = written.clone();
    let checked = apart::run(move || checked(&folder, &layers, &locale, facts, &written));
    checked.unwrap_or_else(|why| {
        let findings = vec![Finding::new(Severity::Error, "endless", ".", why)];
        let report = Report { findings };
        Checked { report, manifest: Manifest::default(), renderer: None, refused_settings: Vec::new() }
    })
}

fn checked(
    folder: &Path,
    layers: &[Layer],
    locale: &str,
    facts: Facts,
    written: &BTreeMap<String, Value>,
) -> Checked {
    let theme = ThemeFolder::read(folder);
    let mut report = Report::default();
    theme.faults.iter().cloned().for_each(|fault| report.add(fault));
    let unreadable = theme.faults.iter().any(|fault| fault.file == ".");
    let mut manifest = match &theme.manifest {
        Some(text) => {
            let (manifest, findings) = Manifest::read(text);
            findings.into_iter().for_each(|finding| report.add(finding));
            manifest
        }
        None => {
            if !unreadable && !theme.faults.iter().any(|fault| fault.file == manifest::FILE) {
                report.add(Manifest::missing());
            }
            Manifest::default()
        }
    };
    let refused_settings = manifest.set(written);
    let renderer =
        if unreadable { None } else { with_files(&theme, &manifest, layers, locale, facts, &mut report) };
    report.sort();
    Checked { report, manifest, renderer, refused_settings }
}

fn with_files(
    theme: &ThemeFolder,
    manifest: &Manifest,
    layers: &[Layer],
    locale: &str,
    facts: Facts,
    report: &mut Report,
) -> Option<Renderer> {
    languages::readable(theme, report);
    let replaced = |name: &str| theme.templates.iter().any(|(own, _)| own == name);
    if manifest.contract > 0 {
        manifest::outdated(manifest, replaced).into_iter().for_each(|finding| report.add(finding));
    }
    let ours = match Files::layered(layers, None) {
        Ok(ours) => ours,
        Err(error) => {
            report.add(Finding::new(Severity::Error, "file", ".", error.to_string()));
            return None;
        }
    };
    let mut files = ours.clone();
    files.lay_theme(theme, &manifest.settings);
    styles::check(theme, &files, report);
    let parsed = parsed::parse(&files.templates, replaced, report);
    let keys = templates::check(&parsed, &files, theme, &manifest.settings, report);
    languages::compare(theme, &ours, &keys, report);
    if !report.passes() {
        // A template that does not parse or end cannot be rendered until its author has mended it.
        return None;
    }
    let renderer = match Renderer::over(files.clone(), Some(ours), locale, facts) {
        Ok(renderer) => renderer,
        Err(error) => {
            report.add(Finding::new(Severity::Error, "file", ".", error.to_string()));
            return None;
        }
    };
    pages::check(&renderer, &locate::Locate { templates: &parsed }, report);
    Some(renderer)
}
