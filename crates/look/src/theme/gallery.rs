//! Everything that a reader can meet, rendered in a theme: for looking at it.

use crate::registry::{MAILS, PAGES};
use crate::samples::Words;
use crate::{Locale, Renderer, ViewError};

/// A template in one state.
pub struct Shown {
    /// Its name.
    pub template: &'static str,
    /// What is the matter with it.
    pub state: String,
    /// The page or mail, or why there is none. A theme's failure is not covered up by the built-in one.
    pub content: Result<String, ViewError>,
}

/// Every state of the templates that `which` picks, in one language.
pub fn shown(renderer: &Renderer, locale: &Locale, which: impl Fn(&str) -> bool) -> Vec<Shown> {
    let mut all = Vec::new();
    for entry in PAGES.iter().chain(&MAILS) {
        for template in entry.templates.iter().filter(|template| which(template)) {
            for ready in (entry.samples)(Words { renderer, locale }) {
                let content = ready.context.and_then(|context| renderer.both(template, locale, &context).0);
                all.push(Shown { template, state: ready.state, content });
            }
        }
    }
    all
}
