//! Runs all parts of the check over a theme.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::{apart, languages, locate, pages, palette, properties, styles, templates, unused_files};
use crate::theme::original;
use crate::theme::parse::parsed;
use crate::theme_source::{Finding, Manifest, Report, Severity, ThemeFolder, manifest, settings};
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

/// What a theme is checked with.
#[derive(Clone)]
pub(super) struct Surroundings {
    pub layers: Vec<Layer>,
    pub locale: String,
    pub facts: Facts,
    /// The operator's values for the theme's settings.
    pub written: BTreeMap<String, Value>,
    /// Whether faults that harm no page are warnings, because the theme is to be served all the same.
    pub lenient: bool,
}

/// Checks the theme in `folder` over the files of `layers`, with the operator's values for its settings.
///
/// No theme ends the process, takes all of its memory or keeps the caller waiting for more than two minutes.
/// The texts are [bounded](crate::theme_source) before a parser sees them, the pages before they are made,
/// and all of it is done on a thread of its own.
pub fn check(
    folder: &Path,
    layers: &[Layer],
    locale: &str,
    facts: Facts,
    written: &BTreeMap<String, Value>,
) -> Checked {
    let (layers, locale) = (layers.to_owned(), locale.to_owned());
    let surroundings = Surroundings { layers, locale, facts, written: written.clone(), lenient: false };
    let folder = folder.to_owned();
    let checked = apart::run(move || surroundings.check(&ThemeFolder::read(&folder)));
    checked.unwrap_or_else(|why| Checked::failed(Finding::new(Severity::Error, "endless", ".", why)))
}

impl Checked {
    /// The result of a check that could not be made.
    pub(super) fn failed(why: Finding) -> Self {
        let report = Report { findings: vec![why] };
        Self { report, manifest: Manifest::default(), renderer: None, refused_settings: Vec::new() }
    }
}

impl Surroundings {
    pub(super) fn check(&self, theme: &ThemeFolder) -> Checked {
        if let Some(fault) = theme.faults.iter().find(|fault| fault.file == ".") {
            return Checked::failed(fault.clone());
        }
        let read = theme.manifest.as_deref().map(Manifest::parse);
        let (mut manifest, findings) = match read {
            Some(Ok(read)) => read,
            // Without it nearly everything else would be reported, for no other reason.
            Some(Err(fault)) => return Checked::failed(*fault),
            None => {
                // A file that is there and cannot be read has a finding of its own.
                let fault = theme.faults.iter().find(|fault| fault.file == manifest::FILE);
                return Checked::failed(fault.cloned().unwrap_or_else(Manifest::missing));
            }
        };
        let mut report = Report::default();
        theme.faults.iter().cloned().chain(findings).for_each(|finding| report.add(finding));
        let refused_settings = manifest.set(&self.written);
        let renderer = self.with_files(theme, &manifest, &mut report);
        report.sort();
        Checked { report, manifest, renderer, refused_settings }
    }

    fn with_files(&self, theme: &ThemeFolder, manifest: &Manifest, report: &mut Report) -> Option<Renderer> {
        languages::readable(theme, report);
        let replaced = |name: &str| theme.templates.iter().any(|(own, _)| own == name);
        if manifest.contract > 0 {
            manifest::outdated(manifest, replaced).into_iter().for_each(|finding| report.add(finding));
        }
        let ours = match Files::layered(&self.layers, None) {
            Ok(ours) => ours,
            Err(error) => {
                report.add(Finding::new(Severity::Error, "file", ".", error.to_string()));
                return None;
            }
        };
        original::check(theme, &ours, report);
        let mut files = ours.clone();
        files.lay_theme(theme, manifest);
        styles::check(theme, &files, report);
        let generated = settings::stylesheet(&manifest.settings);
        let sheets = properties::sheets(theme, &ours, &generated);
        properties::check(&sheets, theme, &manifest.settings, report);
        palette::check(&sheets, report);
        if self.lenient {
            excuse(report);
        }
        let parsed = parsed::parse(&files.templates, replaced, report);
        let named = templates::check(&parsed, &files, theme, &manifest.settings, report);
        languages::compare(theme, &ours, &named.keys, report);
        unused_files::check(theme, &ours, &named.files, report);
        if !report.passes() {
            // A template that does not parse or end cannot be rendered until its author has mended it.
            return None;
        }
        let renderer = match Renderer::over(files.clone(), Some(ours), &self.locale, self.facts.clone()) {
            Ok(renderer) => renderer,
            Err(error) => {
                report.add(Finding::new(Severity::Error, "file", ".", error.to_string()));
                return None;
            }
        };
        languages::nearly_whole(theme, &files, renderer.catalog(), report);
        let rewords = !theme.locales.is_empty();
        pages::check(&renderer, &locate::Locate { templates: &parsed }, rewords, report);
        Some(renderer)
    }
}

/// Turns errors about static files into warnings, as far as they keep nobody from using a page: a picture
/// that is missing, a style that browsers drop.
fn excuse(report: &mut Report) {
    for finding in &mut report.findings {
        if finding.file.starts_with("static/") && finding.code != "hidden" {
            finding.severity = Severity::Warning;
        }
    }
}
