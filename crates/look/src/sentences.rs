//! The sources of sentences, before they become a catalogue.

use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;

/// Checks that `text` adds sentences to those of `known` and replaces none.
///
/// # Errors
/// A sentence that names the first sentence that exists already, or the syntax error.
pub(super) fn adds_only<'a>(known: impl Iterator<Item = &'a String>, text: &str) -> Result<(), String> {
    let resource = |text: &str| {
        FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| {
            let first = errors.first().map(ToString::to_string).unwrap_or_default();
            let line = errors.first().map_or(0, |error| line_of(text, error.pos.start));
            format!("line {line}: {first}")
        })
    };
    let mut bundle = FluentBundle::new_concurrent(Vec::new());
    for text in known {
        bundle.add_resource_overriding(resource(text)?);
    }
    bundle.add_resource(resource(text)?).map_err(|errors| {
        let first = errors.first().map(ToString::to_string).unwrap_or_default();
        format!("{first} A sentence that is written already is changed by a theme")
    })
}

pub(super) fn line_of(source: &str, position: usize) -> usize {
    source.get(..position).map_or(0, |before| before.lines().count())
}
