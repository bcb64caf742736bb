//! How a person has set a browser.

/// The settings of a person's browser.
#[derive(Clone, Copy, Debug)]
pub struct Taste {
    pub language: &'static str,
    pub script: bool,
    pub width: u32,
    pub height: u32,
    pub dark: bool,
    /// Whether the system's colours replace those of pages.
    pub forced_colours: bool,
}

impl Default for Taste {
    fn default() -> Self {
        Self { language: "en", script: true, width: 1280, height: 900, dark: false, forced_colours: false }
    }
}
