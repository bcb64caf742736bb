//! Everything that a reader can meet, rendered in a theme: for looking at it, and for tests.

use crate::mails::MAILS;
use crate::pages::PAGES;
use crate::samples::Words;
use crate::{Locale, Renderer, ViewError};

/// A template in one state.
pub struct RenderedSample {
    /// Name of the template.
    pub template: &'static str,
    /// The state, in words.
    pub state: String,
    /// The page or mail, or why there is none. A theme's failure is not covered up by the built-in template.
    pub content: Result<String, ViewError>,
}

/// Renders every state of the templates that `which` picks, in one language.
pub fn gallery(renderer: &Renderer, locale: &Locale, which: impl Fn(&str) -> bool) -> Vec<RenderedSample> {
    let mut all = Vec::new();
    for entry in PAGES.iter().chain(MAILS) {
        for template in entry.templates.iter().filter(|template| which(template)) {
            for sample in (entry.samples)(Words { renderer, locale }) {
                let content = sample.context.and_then(|context| renderer.both(template, locale, &context).0);
                all.push(RenderedSample { template, state: sample.state, content });
            }
        }
    }
    all
}
