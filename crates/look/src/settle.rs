//! Writes into the text of a template what no request changes, before the text is parsed.
//!
//! Addresses (`{{ asset(path="…") }}`) and [`Facts`] (`{{ site.name }}`) are the same in every language and
//! become text at once. In place of a sentence (`{{ t(key="…") }}`) stands a mark with its number, so that
//! one syntax tree serves every language: [`NumberedSentences::spoken`] has the words of each, and [`speak`]
//! puts them where the marks are. A signed-in page has seventy such calls, and making them while it is
//! filled would cost more than the rest of the page.

use std::collections::HashMap;

use tera::escape_html;

use super::catalog::Argument;
use super::facts::{Fact, Facts};
use super::files::STYLES;
use super::{Catalog, Files, Locale};

/// Around the number of a sentence. Unicode leaves both characters to programs: they stand in no text.
const MARKS: [char; 2] = ['\u{fdd0}', '\u{fdd1}'];

/// A sentence as one place of a template wants it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Sentence {
    key: String,
    argument: Option<(String, Argument<'static>)>,
    html: bool,
}

/// The sentences in the texts of templates, by their numbers.
#[derive(Default)]
pub(super) struct NumberedSentences {
    list: Vec<Sentence>,
    numbers: HashMap<Sentence, usize>,
}

impl NumberedSentences {
    /// What is written in place of `sentence` until a language is known.
    fn mark(&mut self, sentence: Sentence) -> String {
        let number = *self.numbers.entry(sentence).or_insert_with_key(|sentence| {
            self.list.push(sentence.clone());
            self.list.len() - 1
        });
        let [open, close] = MARKS;
        format!("{open}{number}{close}")
    }

    /// All sentences in one language, each at its number.
    pub(super) fn spoken(&self, catalog: &Catalog, locale: &Locale) -> Vec<String> {
        let said = |Sentence { key, argument, html }: &Sentence| {
            let arguments = argument.as_ref().map(|(name, value)| (name.as_str(), value.clone()));
            let text = catalog.text(locale, key, arguments.as_slice());
            if *html { escape_html(&text) } else { text }
        };
        self.list.iter().map(said).collect()
    }
}

/// A piece of a text with marks.
pub(super) enum MarkedText<'a> {
    Text(&'a str),
    /// The sentence of this number.
    Sentence(usize),
}

/// The pieces of a text with marks, in their order.
pub(super) fn parts(text: &str) -> impl Iterator<Item = MarkedText<'_>> {
    // Every second piece is a number.
    text.split(MARKS).enumerate().map(|(place, part)| match part.parse() {
        Ok(number) if place % 2 == 1 => MarkedText::Sentence(number),
        _ => MarkedText::Text(part),
    })
}

/// Puts the words of a language where `text` has marks.
pub(super) fn speak(text: &mut String, words: &[String]) {
    if !has_marks(text) {
        return;
    }
    let said = parts(text).map(|part| match part {
        MarkedText::Text(text) => text,
        MarkedText::Sentence(number) => words.get(number).map_or("", String::as_str),
    });
    *text = said.collect();
}

/// Whether `text` has marks of its own accord, so that none of ours may be put beside them.
pub(super) fn has_marks(text: &str) -> bool {
    text.contains(MARKS)
}

/// What can be said about a template before anybody asks for it.
pub(super) struct Known<'a> {
    /// Whether what is written is escaped.
    pub html: bool,
    pub files: &'a Files,
    pub catalog: &'a Catalog,
    pub facts: &'a Facts,
    pub sentences: &'a mut NumberedSentences,
}

impl Known<'_> {
    /// Writes it into the text. Lines stay lines, so that an error still names the right one.
    pub(super) fn settle(&mut self, text: &str) -> String {
        // Where a template has a variable of its own of one of these names, ours is not meant.
        let redefines = |name: &str| {
            ["set ", "set_global ", "for "].iter().any(|tag| text.contains(&format!("{tag}{name} ")))
        };
        let own_facts = redefines("site") || redefines("page");
        let (facts, html) = (self.facts, self.html);
        let fact = |variable: &str| facts.get(variable).filter(|_| !own_facts);
        replace_expressions(text, |expression| {
            let value = if let Some(arguments) = call(expression, "t") {
                let sentence = self.sentence(arguments, fact)?;
                return Some(self.sentences.mark(sentence));
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
            let value = if html { escape_html(&value) } else { value };
            // What an operator wrote must not become template code.
            let code = ["{{", "{%", "{#", "\n"].iter().any(|code| value.contains(code));
            (!code && !has_marks(&value)).then_some(value)
        })
    }

    /// The sentence of `key="…"`, alone or followed by one fact that it names, if it can be said in every
    /// language.
    fn sentence<'f>(&self, arguments: &str, fact: impl Fn(&str) -> Option<Fact<'f>>) -> Option<Sentence> {
        let (key, argument) = match arguments.split_once(", ") {
            None => (arguments, None),
            Some((key, argument)) => {
                let (name, variable) = argument.split_once('=')?;
                let value = match fact(variable)? {
                    Fact::Number(number) => Argument::Number(number),
                    Fact::Text(text) => Argument::Text(text.to_owned().into()),
                };
                (key, Some((name.to_owned(), value)))
            }
        };
        let key = literal(key, "key")?;
        let sentence = Sentence { key: key.to_owned(), argument, html: self.html };
        self.catalog.is_written(key).then_some(sentence)
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
fn replace_expressions(text: &str, mut meaning: impl FnMut(&str) -> Option<String>) -> String {
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

    /// `text` with what is known in it, in the language `code`.
    fn settled(text: &str, code: &str) -> String {
        let files = Files::load(None).unwrap();
        let catalog = Catalog::load(&files, "en").unwrap();
        let facts = Facts { site_name: "A & B".into(), ..Facts::default() };
        let mut sentences = NumberedSentences::default();
        let mut known =
            Known { html: true, files: &files, catalog: &catalog, facts: &facts, sentences: &mut sentences };
        let mut settled = known.settle(text);
        speak(&mut settled, &sentences.spoken(&catalog, catalog.find(code).unwrap()));
        settled
    }

    #[test]
    fn what_every_reader_gets_is_written_into_the_template() {
        for (text, expected) in [
            ("<b>{{ t(key=\"sign-out\") }}</b>{{ x }}", "<b>Sign out</b>{{ x }}"),
            (
                "{{ t(key=\"picture-hint\", max_mib=page.picture_max_mib) }}",
                "JPEG, PNG, WebP or GIF, up to 10\u{a0}MB.",
            ),
            (
                "{{ t(key=\"picture-hint-webp\", max_megapixels=page.picture_webp_megapixels) }}",
                "WebP up to 11\u{a0}megapixels.",
            ),
            ("{{ page.password_min }}{{ page.picture_max_bytes }}", "810485760"),
            ("<p>{{ site.name }}</p>", "<p>A &amp; B</p>"),
        ] {
            assert_eq!(settled(text, "en"), expected);
        }
        assert!(settled("{{ asset(path=\"vestibule.css\") }}", "en").starts_with("/static/"));
        assert_eq!(settled("{{ t(key=\"sign-out\") }}", "ru"), "Выйти");
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
            assert_eq!(settled(kept, "en"), kept);
        }
    }

    #[test]
    fn a_sentence_has_one_number_however_often_it_stands() {
        let files = Files::load(None).unwrap();
        let catalog = Catalog::load(&files, "en").unwrap();
        let (facts, mut sentences) = (Facts::default(), NumberedSentences::default());
        let mut known =
            Known { html: true, files: &files, catalog: &catalog, facts: &facts, sentences: &mut sentences };
        let text =
            known.settle("{{ t(key=\"sign-out\") }}{{ t(key=\"optional\") }}{{ t(key=\"sign-out\") }}");
        assert_eq!(text, "\u{fdd0}0\u{fdd1}\u{fdd0}1\u{fdd1}\u{fdd0}0\u{fdd1}");
        assert_eq!(sentences.spoken(&catalog, catalog.fallback()), ["Sign out", "optional"]);
    }
}
