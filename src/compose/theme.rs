//! Builds the renderer from the settings. A theme that fails its check is not served; the built-in look is
//! served instead, so that people can still sign in.

use look::theme::{Checked, check};
use look::{Facts, Layer, Renderer};

use crate::config::{Settings, StartError};

/// Most findings that are logged; `vestibule theme check` prints all.
const LOGGED_FINDINGS: usize = 10;

/// The renderer with the operator's theme, or with the built-in look if there is no theme or its check fails.
///
/// # Errors
/// A file of a plug-in has an error, or neither the program nor the theme has the language `locale`.
pub fn renderer(settings: &Settings, layers: &[Layer], facts: Facts) -> Result<Renderer, StartError> {
    let builtin = |facts| Renderer::layered(layers, None, &settings.locale, facts);
    let Some(folder) = &settings.theme else {
        if !settings.theme_settings.is_empty() {
            log::error!("setting `theme_settings` has no effect without `theme`");
        }
        return builtin(facts).map_err(StartError::new);
    };
    let checked = check(folder, layers, &settings.locale, facts.clone(), &settings.theme_settings);
    let Checked { report, manifest, renderer, refused_settings } = checked;
    let (errors, warnings) = report.counts();
    match renderer.filter(|_| errors == 0) {
        Some(renderer) => {
            for refused in refused_settings {
                log::error!("{refused}; its default is used");
            }
            if warnings > 0 {
                let hint = format!("see `vestibule theme check {}`", folder.display());
                log::warn!("theme {} {}: {warnings} warnings, {hint}", manifest.name, manifest.version);
            }
            Ok(renderer)
        }
        None => {
            let folder = folder.display();
            log::error!(
                "setting `theme`: {folder} is refused for {errors} errors, the built-in theme is served"
            );
            for finding in report.errors().take(LOGGED_FINDINGS) {
                log::error!("{folder}/{}", finding.in_a_line());
            }
            builtin(facts.clone()).or_else(|error| {
                // `locale` may name a language that only the refused theme has; the server must start even
                // so.
                log::error!("{error}; `en` is used");
                Renderer::layered(layers, None, "en", facts).map_err(StartError::new)
            })
        }
    }
}
