//! The check of a theme: everything that can be known before anybody meets it.

mod accessible;
mod expression;
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

/// What came of a check.
pub struct Checked {
    /// What is wrong.
    pub report: Report,
    /// What the theme says about itself, as far as it can be read, with the operator's values.
    pub manifest: Manifest,
    /// The pages in the theme, where they can be made at all.
    pub renderer: Option<Renderer>,
    /// Values of the operator that the theme cannot use: the defaults stand in their place.
    pub refused_settings: Vec<String>,
}

/// Checks the theme in `folder` over the files of `layers`, with the operator's values for its settings.
pub fn check(
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
        // What does not parse or does not end cannot be rendered; what else is wrong is said once that is right.
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
