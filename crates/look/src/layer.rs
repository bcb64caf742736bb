//! The files that a plug-in brings: above the built-in ones, below those of the theme.

use std::borrow::Cow;

use rust_embed::RustEmbed;

/// A file's name relative to its folder, and what is in it.
pub type LayerFile = (String, Cow<'static, [u8]>);

/// The files of one plug-in. None of them may have the name of a file that is there already, nor may a
/// sentence have the key of one that is written already: what a site shows is changed by its theme, not by
/// what it runs.
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

#[cfg(test)]
mod tests {
    use super::Layer;
    use crate::{Facts, Files, Renderer};

    fn layer(locales: &[(&str, &'static str)]) -> Layer {
        let file = |(name, text): &(&str, &'static str)| ((*name).to_owned(), text.as_bytes().into());
        Layer { owner: "notes", locales: locales.iter().map(file).collect(), ..Layer::default() }
    }

    #[test]
    fn a_language_is_spoken_only_where_the_program_or_the_theme_speaks_it() {
        let layers = [layer(&[("en.ftl", "notes-title = Notes"), ("de.ftl", "notes-title = Notizen")])];
        let spoken = |files: &Files| files.locales.keys().cloned().collect::<Vec<_>>();
        let builtin = spoken(&Files::load(None).unwrap());
        assert_eq!(spoken(&Files::layered(&layers, None).unwrap()), builtin);

        let theme = tempfile::tempdir().unwrap();
        std::fs::create_dir(theme.path().join("locales")).unwrap();
        std::fs::write(theme.path().join("locales/de.ftl"), "sign-out = Abmelden").unwrap();
        let renderer = Renderer::layered(&layers, Some(theme.path()), "en", Facts::default()).unwrap();
        let german = renderer.catalog().find("de").unwrap();
        assert_eq!(renderer.catalog().text(german, "notes-title", &[]), "Notizen");
        assert_eq!(renderer.catalog().text(german, "sign-out", &[]), "Abmelden");
    }

    #[test]
    fn a_text_beyond_the_bounds_is_refused_before_it_is_parsed() {
        let deep = "x\n{{ f(a=f(a=f(a=f(a=f(a=f(a=f(a=1))))))) }}";
        let templates = Layer {
            owner: "notes",
            templates: vec![("pages/notes.html".to_owned(), deep.as_bytes().into())],
            ..Layer::default()
        };
        let sentences = layer(&[("en.ftl", "notes = x\nmore = {{{{{{{ 1 }}}}}}}")]);
        for (layer, file) in [(templates, "templates/pages/notes.html"), (sentences, "locales/en.ftl")] {
            let refused = Files::layered(&[layer], None).err().unwrap().to_string();
            assert!(
                ["`notes`", file, "line 2", "deep at most"].iter().all(|part| refused.contains(part)),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_sentence_that_is_written_already_is_refused_in_every_language() {
        for (name, text) in
            [("en.ftl", "sign-out = x"), ("ru.ftl", "sign-out = x"), ("de.ftl", "sign-out = x")]
        {
            let refused = Files::layered(&[layer(&[(name, text)])], None).err().unwrap().to_string();
            assert!(["`notes`", name, "sign-out"].iter().all(|part| refused.contains(part)), "{refused}");
        }
        let two = [layer(&[("en.ftl", "a = x")]), Layer { owner: "other", ..layer(&[("en.ftl", "a = y")]) }];
        assert!(Files::layered(&two, None).err().unwrap().to_string().contains("`other`"));
        let broken = Files::layered(&[layer(&[("en.ftl", "a = x\nb = {")])], None);
        assert!(broken.err().unwrap().to_string().contains("line 2"));
    }
}
