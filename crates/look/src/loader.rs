//! Parses the template files, each once, and builds of them one Tera for a language.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use tera::{Template, Tera, Value, escape_html};

use super::catalog::Argument;
use super::settle::{self, Known, NumberedSentences};
use super::syntax::{walk, walk_macro};
use super::{Catalog, Facts, Files, Locale, ViewError, theme_source};

/// The longest template after what is known was written into it, in bytes.
const SETTLED_MAX: usize = 1 << 20;

/// Most numbers of a `range`: a loop over more would keep every reader waiting.
pub(super) const RANGE_MAX: usize = 1_000;

/// Gives `tera` the functions that templates may call, as far as they know no language and no file.
pub(super) fn equip(tera: &mut Tera) {
    // A template is somebody else's text: it has no business with the environment.
    tera.register_function("get_env", |_: &HashMap<String, Value>| Err("get_env is not available".into()));
    tera.register_function("range", range);
}

fn range(args: &HashMap<String, Value>) -> tera::Result<Value> {
    let number = |name: &str, default: Option<u64>| match args.get(name) {
        Some(value) => {
            value.as_u64().ok_or_else(|| tera::Error::msg(format!("range: {name} should be a number")))
        }
        None => default.ok_or_else(|| tera::Error::msg(format!("range needs {name}=…"))),
    };
    let (start, end, step) = (number("start", Some(0))?, number("end", None)?, number("step_by", Some(1))?);
    let step = usize::try_from(step).unwrap_or(usize::MAX).max(1);
    let numbers: Vec<u64> = (start..end).step_by(step).take(RANGE_MAX + 1).collect();
    if numbers.len() > RANGE_MAX {
        return Err(tera::Error::msg(format!("range: more than {RANGE_MAX} numbers")));
    }
    Ok(numbers.into())
}

/// Templates of some files, for every language at once: see [`settle`](super::settle).
pub(super) struct Templates {
    texts: BTreeMap<String, Arc<Text>>,
    addresses: Arc<HashMap<String, String>>,
    /// Whether a template names `theme` where that is not known before a page is filled.
    pub names_theme: bool,
}

/// The text of a template, which is parsed when somebody first needs it.
struct Text {
    text: String,
    /// Whether marks stand in it for sentences.
    marked: bool,
    tree: OnceLock<Template>,
}

impl Text {
    fn tree(&self, name: &str) -> Result<&Template, ViewError> {
        if let Some(tree) = self.tree.get() {
            return Ok(tree);
        }
        #[cfg(test)]
        PARSED.set(PARSED.get() + 1);
        let parsed = Template::new(name, None, &self.text)
            .map_err(|error| tera::Error::chain(format!("Failed to parse '{name}'"), error))?;
        Ok(self.tree.get_or_init(|| parsed))
    }
}

#[cfg(test)]
thread_local! {
    /// How many templates this thread has parsed.
    pub(super) static PARSED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// A parsed template.
#[derive(Clone, Copy)]
pub(super) struct TemplateTree<'a> {
    pub name: &'a str,
    pub template: &'a Template,
    /// Whether marks stand in it for sentences.
    pub marked: bool,
}

/// Reads templates and writes into them what is known. What several files have in common is kept once.
pub(super) struct Reader<'a> {
    catalog: &'a Catalog,
    facts: &'a Facts,
    sentences: NumberedSentences,
    texts: HashMap<String, Arc<Text>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(catalog: &'a Catalog, facts: &'a Facts) -> Self {
        Self { catalog, facts, sentences: NumberedSentences::default(), texts: HashMap::new() }
    }

    /// The templates of `files`.
    pub(super) fn read(&mut self, files: &Files) -> Templates {
        let mut texts = BTreeMap::new();
        let mut names_theme = false;
        let originals = files.templates.iter().filter(|(name, text)| stands_in(files, name, text));
        for (name, text) in needed(&files.templates).chain(originals) {
            let text = theme_source::substitute(text, &files.settings);
            let marked = !settle::has_marks(&text);
            let text = if marked {
                let html = name.ends_with(".html");
                let (catalog, facts, sentences) = (self.catalog, self.facts, &mut self.sentences);
                let settled = Known { html, files, catalog, facts, sentences }.settle(&text);
                // What is written into a text must not make it grow without bound either.
                if settled.len() > text.len().max(SETTLED_MAX) { text } else { settled }
            } else {
                text
            };
            names_theme |= theme_source::names_theme(&text);
            let shared = self.texts.entry(text.clone());
            let new = || Arc::new(Text { text, marked, tree: OnceLock::new() });
            texts.insert(name.clone(), shared.or_insert_with(new).clone());
        }
        let addresses = files.statics.keys().filter_map(|name| Some((name.clone(), files.address(name)?)));
        Templates { texts, addresses: Arc::new(addresses.collect()), names_theme }
    }

    /// The sentences of everything that was read.
    pub(super) fn sentences(self) -> NumberedSentences {
        self.sentences
    }
}

impl Templates {
    /// All names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// The template of this name, if there is one that parses.
    pub(super) fn tree(&self, name: &str) -> Option<TemplateTree<'_>> {
        let (name, text) = self.texts.get_key_value(name)?;
        Some(TemplateTree { name, template: text.tree(name).ok()?, marked: text.marked })
    }

    /// Adds the templates to `tera`, in the language of `locale` and with its `words`.
    ///
    /// # Errors
    /// The first that does not parse, extends or imports what is not there.
    pub(super) fn speak(
        &self,
        tera: &mut Tera,
        catalog: &Arc<Catalog>,
        locale: &Locale,
        words: &[String],
    ) -> Result<(), ViewError> {
        tera.autoescape_on(vec![".html"]);
        tera.set_escape_fn(escape);
        equip(tera);
        let (sentences, language) = (catalog.clone(), locale.clone());
        tera.register_function("t", move |args: &HashMap<String, Value>| {
            translate(&sentences, &language, args)
        });
        let addresses = self.addresses.clone();
        tera.register_function("asset", move |args: &HashMap<String, Value>| {
            let path = args.get("path").and_then(Value::as_str).ok_or("asset needs path=\"…\"")?;
            addresses
                .get(path)
                .map(|address| Value::from(address.as_str()))
                .ok_or_else(|| tera::Error::msg(format!("asset: there is no static file {path}")))
        });
        // Always written into the text; here for whoever parses it before.
        tera.register_function("theme_styles", |_: &HashMap<String, Value>| Ok(Value::from("")));
        for (name, text) in &self.texts {
            let mut template = Template { name: name.clone(), ..text.tree(name)?.clone() };
            if text.marked {
                let mut see = |text: &mut String| settle::speak(text, words);
                walk(&mut template.ast, &mut see);
                template.blocks.values_mut().for_each(|block| walk(&mut block.body, &mut see));
                template.macros.values_mut().for_each(|definition| walk_macro(definition, &mut see));
            }
            tera.templates.insert(name.clone(), template);
        }
        tera.build_inheritance_chains()?;
        tera.check_macro_files()?;
        Ok(())
    }
}

/// Whether a template is our original of one that a theme has replaced. It stands in, in the theme's layout,
/// when the theme's fails while it is filled.
fn stands_in(files: &Files, name: &str, text: &str) -> bool {
    let replaced = name.strip_prefix(ORIGINALS).and_then(|name| files.templates.get(name));
    replaced.is_some_and(|theirs| theirs != text)
}

/// The folder of our originals.
pub(super) const ORIGINALS: &str = "builtin/";

/// The templates that can be reached. An original whose name nobody writes cannot: names are never made up at
/// run time.
pub(super) fn needed(templates: &BTreeMap<String, String>) -> impl Iterator<Item = (&String, &String)> {
    let asking: Vec<&String> = templates.values().filter(|text| text.contains("builtin/")).collect();
    templates.iter().filter(move |(name, _)| {
        !name.starts_with("builtin/") || asking.iter().any(|text| text.contains(name.as_str()))
    })
}

pub(super) fn translate(
    catalog: &Catalog,
    locale: &Locale,
    args: &HashMap<String, Value>,
) -> tera::Result<Value> {
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

/// Tera's own escaping, without its look at every character where there is nothing to escape.
fn escape(text: &str) -> String {
    if has_special(text) { escape_html(text) } else { text.to_owned() }
}

/// Whether escaping changes `text`.
pub(super) fn has_special(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaping_is_teras() {
        for text in ["", "plain", "Русский", "<a href='x'>&\"/</a>"] {
            assert_eq!(escape(text), escape_html(text));
        }
    }
}
