//! What the reading of a row depends on beside the row.

use std::collections::BTreeMap;

use recipes::Pepper;

/// The parts of the options that rows depend on.
pub(crate) struct Context {
    /// The recipe instead of the product's.
    pub(crate) recipe: Option<String>,
    /// Secrets of the product's server, by name.
    pub(crate) secrets: BTreeMap<String, Pepper>,
    /// Whether second factors are read.
    pub(crate) factors: bool,
}

impl Context {
    /// The operator's recipe, or the product's.
    pub(crate) fn recipe<'a>(&'a self, usual: &'a str) -> &'a str {
        self.recipe.as_deref().unwrap_or(usual)
    }
}
