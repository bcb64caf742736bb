//! Renders all samples of all pages and mails, for a theme's gallery, its preview and tests.

use crate::mails::MAILS;
use crate::pages::PAGES;
use crate::samples::Words;
use crate::wrap::wrap;
use crate::{Locale, Look, Renderer, ViewError};

/// A template in one state.
pub struct RenderedSample {
    /// Name of the template.
    pub template: &'static str,
    /// The state, such as `errors everywhere`.
    pub state: String,
    /// The rendered page or mail. The error of a theme's template stays an error here; the built-in template
    /// does not replace it.
    pub content: Result<String, ViewError>,
}

/// Renders every sample of the templates that `which` selects, in one look and language.
pub fn gallery(
    renderer: &Renderer,
    look: Look,
    locale: &Locale,
    which: impl Fn(&str) -> bool,
) -> Vec<RenderedSample> {
    let mut all = Vec::new();
    for entry in PAGES.iter().chain(MAILS) {
        for template in entry.templates.iter().filter(|template| which(template)) {
            // As readers get it: in a language that says the whole page.
            let locale = renderer.language_of(look, entry.templates, locale);
            for sample in (entry.samples)(Words { renderer, locale }) {
                let content = sample.context.and_then(|context| {
                    let (themed, ours) = renderer.both(template, locale, &context);
                    let made = if look == Look::Themed { themed } else { ours };
                    if template.ends_with(".txt") { made.map(|text| wrap(&text)) } else { made }
                });
                all.push(RenderedSample { template, state: sample.state, content });
            }
        }
    }
    all
}
