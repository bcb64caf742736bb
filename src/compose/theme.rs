//! Builds the renderer from the settings. What fails the check of a theme is not served: ours stands in its
//! place, so that people can still sign in.

use look::theme::{Checked, LeftOut, Served, serve};
use look::{Facts, Layer, Renderer};

use crate::config::{Settings, StartError};

/// Most findings that are logged of a theme that is refused whole; `vestibule theme check` prints all.
const LOGGED_FINDINGS: usize = 10;

/// The renderer with the operator's theme without the templates that have errors, or with the built-in look
/// if there is no theme or nothing of it can be served.
///
/// # Errors
/// A file of a plug-in has an error, or neither the program nor the theme has the language `locale`.
pub fn renderer(settings: &Settings, layers: &[Layer], facts: Facts) -> Result<Renderer, StartError> {
    let builtin = |facts| Renderer::layered(layers, None, site_language(settings), facts);
    let Some(folder) = &settings.theme else {
        if !settings.theme_settings.is_empty() {
            log::error!("setting `theme_settings` has no effect without `theme`");
        }
        return builtin(facts).map_err(StartError::new);
    };
    let served = serve(folder, layers, site_language(settings), facts.clone(), &settings.theme_settings);
    let Served { checked: Checked { report, manifest, renderer, refused_settings }, left_out } = served;
    let (_, warnings) = report.counts();
    let folder = folder.display();
    let hint = format!("see `vestibule theme check {folder}`");
    match renderer {
        Some(renderer) => {
            for LeftOut { file, why, rest_stays } in left_out {
                let instead = if rest_stays {
                    "is served without the sentences that cannot be read"
                } else {
                    "is not served, ours is"
                };
                log::error!("setting `theme`: {folder}/{file} {instead}: {}; {hint}", why.in_a_line());
            }
            for refused in refused_settings {
                log::error!("{refused}; its default is used");
            }
            if warnings > 0 {
                log::warn!("theme {} {}: {}, {hint}", manifest.name, manifest.version, report.summary());
            }
            Ok(renderer)
        }
        None => {
            log::error!(
                "setting `theme`: {folder} is refused ({}), the built-in theme is served",
                report.summary()
            );
            for finding in report.errors().take(LOGGED_FINDINGS) {
                log::error!("{folder}/{}", finding.in_a_line());
            }
            builtin(facts.clone()).or_else(|error| {
                // `locale` may name a language that only the refused theme has; the server must start even
                // so.
                log::error!("{error}; `en` is used");
                let facts = Facts { locales: Vec::new(), ..facts };
                Renderer::layered(layers, None, "en", facts).map_err(StartError::new)
            })
        }
    }
}

/// The language for readers whose own is not offered. Whoever sets `locales` alone means the first of them.
fn site_language(settings: &Settings) -> &str {
    let default = settings.locale == Settings::default().locale;
    match settings.locales.first() {
        Some(first) if default && !settings.locales.contains(&settings.locale) => first,
        _ => &settings.locale,
    }
}
