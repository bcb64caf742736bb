//! Builds one Tera per language from the template files.
//!
//! `{{ t(key="…") }}` and `{{ asset(path="…") }}` with nothing but a literal are replaced by what they stand
//! for before Tera parses the text: a signed-in page has sixty of them, and a call each would cost more than the
//! rest of the page.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use tera::{Tera, Value, escape_html};

use super::catalog::Argument;
use super::{Catalog, Files, Locale};

/// A page or a theme that cannot be used, and where it is wrong.
#[derive(Debug)]
pub enum ViewError {
    /// A file that cannot be read as what it is.
    File {
        /// Which.
        name: String,
        /// Why.
        reason: String,
    },
    /// A template that does not parse or does not fill.
    Template(tera::Error),
    /// A setting that names something that is not there.
    Setting(String),
}

impl fmt::Display for ViewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { name, reason } => write!(f, "{name}: {reason}"),
            Self::Setting(reason) => f.write_str(reason),
            Self::Template(error) => {
                write!(f, "{error}")?;
                let mut source = std::error::Error::source(error);
                while let Some(cause) = source {
                    write!(f, ": {cause}")?;
                    source = cause.source();
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for ViewError {}

impl From<tera::Error> for ViewError {
    fn from(error: tera::Error) -> Self {
        Self::Template(error)
    }
}

/// Adds all templates of `files`, in the language of `locale`, to `tera`.
pub(super) fn fill(
    tera: &mut Tera,
    files: &Files,
    catalog: &Arc<Catalog>,
    locale: &Locale,
) -> Result<(), ViewError> {
    tera.autoescape_on(vec![".html"]);
    // A template is somebody else's text: it has no business with the environment.
    tera.register_function("get_env", |_: &HashMap<String, Value>| Err("get_env is not available".into()));
    let (sentences, language) = (catalog.clone(), locale.clone());
    tera.register_function("t", move |args: &HashMap<String, Value>| translate(&sentences, &language, args));
    let addresses: HashMap<String, String> =
        files.statics.keys().filter_map(|name| Some((name.clone(), files.address(name)?))).collect();
    tera.register_function("asset", move |args: &HashMap<String, Value>| {
        let path = args.get("path").and_then(Value::as_str).ok_or("asset needs path=\"…\"")?;
        addresses
            .get(path)
            .map(|address| Value::from(address.as_str()))
            .ok_or_else(|| tera::Error::msg(format!("asset: there is no static file {path}")))
    });
    let texts: Vec<(String, String)> = files
        .templates
        .iter()
        .map(|(name, text)| (name.clone(), settle(text, name.ends_with(".html"), files, catalog, locale)))
        .collect();
    tera.add_raw_templates(texts)?;
    Ok(())
}

fn translate(catalog: &Catalog, locale: &Locale, args: &HashMap<String, Value>) -> tera::Result<Value> {
    let key = args.get("key").and_then(Value::as_str).ok_or("t needs key=\"…\"")?;
    let values: Vec<(&str, Argument<'_>)> = args
        .iter()
        .filter(|(name, _)| *name != "key")
        .map(|(name, value)| {
            let argument = match (value.as_u64(), value.as_str()) {
                (Some(number), _) => Argument::Number(number),
                (None, Some(text)) => Argument::Text(text.into()),
                (None, None) => Argument::Text(value.to_string().into()),
            };
            (name.as_str(), argument)
        })
        .collect();
    catalog
        .lookup(locale, key, &values)
        .map(Value::from)
        .ok_or_else(|| tera::Error::msg(format!("t: locales/ has no sentence `{key}`")))
}

/// Replaces the calls that are the same for every reader of this language. Lines stay lines, so that an
/// error still names the right one.
fn settle(text: &str, html: bool, files: &Files, catalog: &Catalog, locale: &Locale) -> String {
    let text = replace_calls(text, "{{ t(key=\"", |key| {
        let sentence = catalog.lookup(locale, key, &[])?;
        let sentence = if html { escape_html(&sentence) } else { sentence };
        // What a translator wrote must not become template code.
        (!sentence.contains("{{")
            && !sentence.contains("{%")
            && !sentence.contains("{#")
            && !sentence.contains('\n'))
        .then_some(sentence)
    });
    replace_calls(&text, "{{ asset(path=\"", |path| files.address(path))
}

fn replace_calls(text: &str, opening: &str, meaning: impl Fn(&str) -> Option<String>) -> String {
    const CLOSING: &str = "\") }}";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(opening) {
        out.push_str(before);
        let call = after.split_once(CLOSING).filter(|(literal, _)| !literal.contains(['"', '\n']));
        match call.and_then(|(literal, tail)| Some((meaning(literal)?, tail))) {
            Some((settled, tail)) => {
                out.push_str(&settled);
                rest = tail;
            }
            None => {
                out.push_str(opening);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_calls_with_a_single_literal_are_settled() {
        let meaning = |key: &str| (key == "a").then(|| "A".to_owned());
        let settled = |text| replace_calls(text, "{{ t(key=\"", meaning);
        assert_eq!(settled("<b>{{ t(key=\"a\") }}</b>"), "<b>A</b>");
        for kept in
            ["{{ t(key=\"b\") }}", "{{ t(key=\"a\", n=1) }}", "{{ t(key=key) }}", "{{ t(key=\"a\n\") }}"]
        {
            assert_eq!(settled(kept), kept);
        }
    }
}
