//! Builds one Tera per language from the template files.
//!
//! What is the same for every reader of a language is written into the text before Tera parses it: sentences
//! (`{{ t(key="…") }}`), addresses (`{{ asset(path="…") }}`) and [`Facts`] (`{{ site.name }}`). A signed-in page has
//! seventy of them, and a call each would cost more than the rest of the page.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tera::{Tera, Value, escape_html};

use super::catalog::Argument;
use super::facts::{Fact, Facts};
use super::files::STYLES;
use super::{Catalog, Files, Locale, ViewError, theme_source};

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

/// Adds all templates of `files`, in the language of `locale`, to `tera`. Gives whether one of them names `theme`
/// where that is not known before a page is filled.
pub(super) fn fill(
    tera: &mut Tera,
    files: &Files,
    catalog: &Arc<Catalog>,
    locale: &Locale,
    facts: &Facts,
) -> Result<bool, ViewError> {
    tera.autoescape_on(vec![".html"]);
    tera.set_escape_fn(escape);
    equip(tera);
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
    // Always written into the text; here for whoever parses it before.
    tera.register_function("theme_styles", |_: &HashMap<String, Value>| Ok(Value::from("")));
    let settled = |name: &str, text: &str| {
        let known = Known { html: name.ends_with(".html"), files, catalog, locale, facts };
        known.settle(&theme_source::substitute(text, &files.settings))
    };
    let texts: Vec<(String, String)> =
        needed(&files.templates).map(|(name, text)| (name.clone(), settled(name, text))).collect();
    let names_theme = texts.iter().any(|(_, text)| theme_source::names_theme(text));
    tera.add_raw_templates(texts)?;
    Ok(names_theme)
}

/// The templates that can be reached. An original whose name nobody writes cannot: names are never made up at run time.
pub(super) fn needed(templates: &BTreeMap<String, String>) -> impl Iterator<Item = (&String, &String)> {
    let asking: Vec<&String> = templates.values().filter(|text| text.contains("builtin/")).collect();
    templates.iter().filter(move |(name, _)| {
        !name.starts_with("builtin/") || asking.iter().any(|text| text.contains(name.as_str()))
    })
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

/// Tera's own escaping, without its look at every character where there is nothing to escape.
fn escape(text: &str) -> String {
    let special = |byte| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'' | b'/');
    if text.bytes().any(special) { escape_html(text) } else { text.to_owned() }
}

/// What can be said about a template before anybody asks for it.
struct Known<'a> {
    html: bool,
    files: &'a Files,
    catalog: &'a Catalog,
    locale: &'a Locale,
    facts: &'a Facts,
}

impl Known<'_> {
    /// Writes it into the text. Lines stay lines, so that an error still names the right one.
    fn settle(&self, text: &str) -> String {
        // Where a template has a variable of its own of one of these names, ours is not meant.
        let redefines = |name: &str| {
            ["set ", "set_global ", "for "].iter().any(|tag| text.contains(&format!("{tag}{name} ")))
        };
        let own_facts = redefines("site") || redefines("page");
        let fact = |variable: &str| self.facts.get(variable).filter(|_| !own_facts);
        replace_expressions(text, |expression| {
            let value = if let Some(arguments) = call(expression, "t") {
                self.sentence(arguments, fact)?
            } else if let Some(arguments) = call(expression, "asset") {
                // Escaping an address would spell its slashes differently.
                return self.files.address(literal(arguments, "path")?);
            } else if expression == "theme_styles()" {
                let link = |address| format!("<link rel=\"stylesheet\" href=\"{address}\">");
                return Some(self.files.address(STYLES).map(link).unwrap_or_default());
            } else if let Some(name) = expression.strip_prefix("theme.").filter(|_| !redefines("theme")) {
                self.files.settings.get(name)?.as_text()
            } else {
                match fact(expression)? {
                    Fact::Number(number) => number.to_string(),
                    Fact::Text(text) => text.to_owned(),
                }
            };
            let value = if self.html { escape_html(&value) } else { value };
            // What a translator or an operator wrote must not become template code.
            (!["{{", "{%", "{#", "\n"].iter().any(|code| value.contains(code))).then_some(value)
        })
    }

    /// `key="…"`, alone or followed by one fact that the sentence names.
    fn sentence<'f>(&self, arguments: &str, fact: impl Fn(&str) -> Option<Fact<'f>>) -> Option<String> {
        let Some((key, argument)) = arguments.split_once(", ") else {
            return self.catalog.lookup(self.locale, literal(arguments, "key")?, &[]);
        };
        let (name, variable) = argument.split_once('=')?;
        let value = match fact(variable)? {
            Fact::Number(number) => Argument::Number(number),
            Fact::Text(text) => Argument::Text(text.into()),
        };
        self.catalog.lookup(self.locale, literal(key, "key")?, &[(name, value)])
    }
}

/// The arguments of a call of `function`.
fn call<'a>(expression: &'a str, function: &str) -> Option<&'a str> {
    expression.strip_prefix(function)?.strip_prefix('(')?.strip_suffix(')')
}

/// The text of `name="text"`.
fn literal<'a>(argument: &'a str, name: &str) -> Option<&'a str> {
    let text = argument.strip_prefix(name)?.strip_prefix("=\"")?.strip_suffix('"')?;
    (!text.contains(['"', '\\'])).then_some(text)
}

/// Replaces `{{ expression }}` wherever it means something.
fn replace_expressions(text: &str, meaning: impl Fn(&str) -> Option<String>) -> String {
    const OPENING: &str = "{{ ";
    const CLOSING: &str = " }}";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPENING) {
        out.push_str(before);
        match after.split_once(CLOSING).and_then(|(expression, tail)| Some((meaning(expression)?, tail))) {
            Some((settled, tail)) => {
                out.push_str(&settled);
                rest = tail;
            }
            None => {
                out.push_str(OPENING);
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

    fn settled(text: &str) -> String {
        let files = Files::load(None).unwrap();
        let catalog = Catalog::load(&files, "en").unwrap();
        let facts = Facts { site_name: "A & B".into(), ..Facts::default() };
        let locale = catalog.fallback();
        Known { html: true, files: &files, catalog: &catalog, locale, facts: &facts }.settle(text)
    }

    #[test]
    fn what_every_reader_gets_is_written_into_the_template() {
        for (text, expected) in [
            ("<b>{{ t(key=\"sign-out\") }}</b>{{ x }}", "<b>Sign out</b>{{ x }}"),
            (
                "{{ t(key=\"picture-hint\", max_mib=page.picture_max_mib) }}",
                "JPEG, PNG, WebP or GIF, up to 10\u{a0}MB.",
            ),
            ("{{ page.password_min }}{{ page.picture_max_bytes }}", "810485760"),
            ("<p>{{ site.name }}</p>", "<p>A &amp; B</p>"),
        ] {
            assert_eq!(settled(text), expected);
        }
        assert!(settled("{{ asset(path=\"vestibule.css\") }}").starts_with("/static/"));
    }

    #[test]
    fn everything_else_is_left_to_tera() {
        for kept in [
            "{{ t(key=\"nobody-wrote-this\") }}",
            "{{ t(key=\"sign-out\", n=1) }}",
            "{{ t(key=\"password-hint\", min=page.other) }}",
            "{{ t(key=key) }}",
            "{{ t(key=\"sign-out\") | upper }}",
            "{{ t(key=\"sign\n-out\") }}",
            "{{ site.name | upper }}",
            "{{ page.account.email }}",
            "{% for site in sites %}{{ site.name }}{% endfor %}",
            "{% set page = other %}{{ page.password_min }}",
        ] {
            assert_eq!(settled(kept), kept);
        }
    }

    #[test]
    fn escaping_is_teras() {
        for text in ["", "plain", "Русский", "<a href='x'>&\"/</a>"] {
            assert_eq!(escape(text), escape_html(text));
        }
    }
}
