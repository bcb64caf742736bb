//! The files that a plug-in brings: above the built-in ones, below those of the theme.

use std::borrow::Cow;

use rust_embed::RustEmbed;

/// A file's name relative to its folder, and what is in it.
pub type LayerFile = (String, Cow<'static, [u8]>);

/// The files of one plug-in. None of them may have the name of a file that is there already, nor may a sentence
/// have the key of one that is written already: what a site shows is changed by its theme, not by what it runs.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// Whose they are, for whoever reads that two of them do not go together.
    pub owner: &'static str,
    /// `*.html` and `*.txt`.
    pub templates: Vec<LayerFile>,
    /// Styles, scripts, pictures.
    pub statics: Vec<LayerFile>,
    /// `en.ftl` and the like. Those of a language that neither the program nor the theme speaks are left out.
    pub locales: Vec<LayerFile>,
}

/// The files of a folder inside the program.
pub fn embedded<E: RustEmbed>() -> impl Iterator<Item = LayerFile> {
    E::iter().filter_map(|name| E::get(&name).map(|file| (name.into_owned(), file.data)))
}
