//! Bounds on the texts of themes and plug-ins, checked before any parser sees them.
//!
//! The parsers of templates, sentences and settings call themselves for everything that is nested, and the
//! parser of templates tries up to four readings of each call within a call. So a short text can end the
//! process, keep it busy for hours or fill its memory. These bounds are far above what any theme needs.

use super::finding::{Finding, Severity};
use super::tags::{TagSpan, TemplateText};

/// The longest template, file of sentences or manifest, in bytes.
pub(crate) const TEXT_MAX: usize = 256 * 1024;
/// The most tags of a template.
pub(crate) const TAGS_MAX: usize = 4_000;
/// The longest tag, in bytes.
const TAG_MAX: usize = 8 * 1024;
/// The deepest nesting of brackets in a tag. Our own templates have three.
pub(crate) const BRACKETS_MAX: usize = 6;
/// The most operators, commas and filters of a tag. A chain of them becomes a tree as deep.
const OPERATORS_MAX: usize = 100;
/// The deepest nesting of blocks, conditions, loops and the like in a template.
const BODIES_MAX: usize = 24;
/// The readings that the parser tries for each level of brackets.
const READINGS: u64 = 4;
/// The most work of reading all templates of a theme: bytes of tags, times the readings that are tried.
pub(crate) const READING_MAX: u64 = 4 << 20;
/// The deepest nesting of braces and brackets in a sentence.
const PLACEABLES_MAX: usize = 6;
/// The longest sentence with its variants, in bytes: sentences may contain each other.
const SENTENCE_MAX: usize = 4 * 1024;
/// The most brackets and dots of a manifest. Each can be a level of nesting.
const MANIFEST_LEVELS_MAX: usize = 1_000;

/// What the templates of one theme have taken of the common bounds.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    reading: u64,
}

impl Taken {
    /// The reason why the template `text` of the file `file` cannot be read, if there is one.
    pub fn template(&mut self, file: &str, text: &str) -> Option<Finding> {
        if let Some(finding) = too_long(file, text) {
            return Some(finding);
        }
        let source = TemplateText::new(text);
        let beyond = |tag: &TagSpan, message: String| {
            // The end of a long tag is of no use to anybody.
            let length = text[tag.start..tag.end].lines().next().unwrap_or_default().len().min(80);
            let length = (0..=length).rev().find(|end| text.is_char_boundary(tag.start + end));
            Some(finding(file, message).at(text, tag.start, length.unwrap_or(0)))
        };
        if let Some(tag) = source.tags.get(TAGS_MAX) {
            return beyond(tag, format!("a template has {TAGS_MAX} tags at most"));
        }
        let mut open = 0usize;
        for tag in &source.tags {
            let inside = &text[tag.start..tag.end];
            if inside.len() > TAG_MAX {
                return beyond(tag, format!("a tag has {TAG_MAX} bytes at most"));
            }
            let shape = TagShape::of(inside);
            if shape.brackets > BRACKETS_MAX {
                return beyond(tag, format!("brackets are nested {BRACKETS_MAX} deep at most"));
            }
            if shape.operators > OPERATORS_MAX {
                let message = format!("a tag has {OPERATORS_MAX} operators, commas and filters at most");
                return beyond(tag, message);
            }
            match word(inside) {
                "if" | "for" | "block" | "macro" | "filter" => open += 1,
                "endif" | "endfor" | "endblock" | "endmacro" | "endfilter" => open = open.saturating_sub(1),
                _ => {}
            }
            if open > BODIES_MAX {
                let message = format!("blocks, conditions and loops are nested {BODIES_MAX} deep at most");
                return beyond(tag, message);
            }
            let readings = READINGS.pow(u32::try_from(shape.brackets).unwrap_or(u32::MAX));
            self.reading += inside.len() as u64 * readings;
            if self.reading > READING_MAX {
                let message = "the templates have too many brackets within brackets: set the inner values \
                               first, with {% set … %}";
                return beyond(tag, message.to_owned());
            }
        }
        None
    }
}

/// The reason why the sentences `text` of the file `file` cannot be read, if there is one.
pub(crate) fn sentences(file: &str, text: &str) -> Option<Finding> {
    if let Some(finding) = too_long(file, text) {
        return Some(finding);
    }
    let (mut depth, mut begin, mut at) = (0usize, 0, 0);
    for line in text.split_inclusive('\n') {
        // Where a sentence or a comment begins, the parser gives up whatever is open.
        if line.starts_with('#') || begins_sentence(line) {
            (depth, begin) = (0, at);
        }
        // A quoted text ends with its line.
        let mut quoted = false;
        if at + line.len() - begin > SENTENCE_MAX {
            let message = format!("a sentence has {SENTENCE_MAX} bytes at most");
            return Some(finding(file, message).at(text, begin, 0));
        }
        if !line.starts_with('#') {
            for (place, c) in line.char_indices() {
                match c {
                    '"' if depth > 0 => quoted = !quoted,
                    '{' | '(' | '[' if !quoted && (depth > 0 || c == '{') => depth += 1,
                    '}' | ')' | ']' if !quoted => depth = depth.saturating_sub(1),
                    _ => {}
                }
                if depth > PLACEABLES_MAX {
                    let message = format!("braces are nested {PLACEABLES_MAX} deep at most");
                    return Some(finding(file, message).at(text, at + place, 1));
                }
            }
        }
        at += line.len();
    }
    None
}

/// Whether `line` is `name = …` or `-name = …`.
fn begins_sentence(line: &str) -> bool {
    let Some((name, _)) = line.split_once('=') else { return false };
    let name = name.trim_end_matches([' ', '\t']);
    let name = name.strip_prefix('-').unwrap_or(name);
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// The reason why the manifest `text` cannot be read, if there is one.
pub(crate) fn manifest(file: &str, text: &str) -> Option<Finding> {
    if let Some(finding) = too_long(file, text) {
        return Some(finding);
    }
    let mut levels = text.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'[' | b'{' | b'.'));
    let (beyond, _) = levels.nth(MANIFEST_LEVELS_MAX)?;
    let message = format!("there are {MANIFEST_LEVELS_MAX} brackets, braces and dots at most");
    Some(finding(file, message).at(text, beyond, 1))
}

fn too_long(file: &str, text: &str) -> Option<Finding> {
    (text.len() > TEXT_MAX).then(|| finding(file, format!("it is longer than {} KiB", TEXT_MAX >> 10)))
}

fn finding(file: &str, message: String) -> Finding {
    Finding::new(Severity::Error, "bounds", file, message)
}

/// The first word of a tag.
fn word(tag: &str) -> &str {
    let inside = tag.strip_prefix("{%").unwrap_or_default().trim_start_matches('-').trim_start();
    inside.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// What decides how long the parser takes for a tag and how deep its tree becomes.
#[derive(Debug, Default)]
struct TagShape {
    /// The deepest nesting of brackets.
    brackets: usize,
    operators: usize,
}

impl TagShape {
    fn of(tag: &str) -> Self {
        let mut shape = Self::default();
        let (mut depth, mut at) = (0usize, 0);
        let bytes = tag.as_bytes();
        while let Some(&byte) = bytes.get(at) {
            let mut length = 1;
            match byte {
                b'"' | b'\'' | b'`' => {
                    length +=
                        bytes[at + 1..].iter().position(|&b| b == byte).map_or(bytes.len(), |end| end + 1);
                }
                b'(' | b'[' => {
                    depth += 1;
                    shape.brackets = shape.brackets.max(depth);
                }
                b')' | b']' => depth = depth.saturating_sub(1),
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                    let rest = &tag[at..];
                    length =
                        rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                    if matches!(&rest[..length], "and" | "or" | "not" | "in" | "is") {
                        shape.operators += 1;
                    }
                }
                b'+' | b'-' | b'*' | b'/' | b'%' | b'~' | b'|' | b',' | b'<' | b'>' | b'=' => {
                    shape.operators += 1
                }
                _ => {}
            }
            at += length;
        }
        shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(text: &str) -> Option<String> {
        Taken::default().template("templates/a.html", text).map(|finding| finding.in_a_line())
    }

    fn assert_bounded(within: &str, beyond: &str, said: &str) {
        assert_eq!(template(within), None);
        let found = template(beyond).unwrap_or_default();
        assert!(found.contains(said), "{found}");
    }

    fn nested(depth: usize) -> String {
        format!("a\n{{{{ {}1{} }}}}", "f(x=".repeat(depth), ")".repeat(depth))
    }

    #[test]
    fn brackets_are_nested_no_deeper_than_they_can_be_read() {
        assert_bounded(&nested(BRACKETS_MAX), &nested(BRACKETS_MAX + 1), "templates/a.html:2:1: brackets");
        assert_eq!(
            template("{{ \"((((((((((\" ~ a[b] }}{# ((((((((( #}{% raw %}((((((((({% endraw %}"),
            None
        );
    }

    #[test]
    fn a_chain_of_operators_is_no_longer_than_a_tree_may_be_deep() {
        let chain = |of: &str, times: usize| format!("{{{{ a{} }}}}", of.repeat(times));
        // The braces have none, so that the number is exact.
        for of in [" + a", " and a", " ~ a", " | f"] {
            assert_bounded(&chain(of, OPERATORS_MAX), &chain(of, OPERATORS_MAX + 1), "operators");
        }
    }

    #[test]
    fn bodies_are_nested_no_deeper_than_the_stack_can_hold() {
        let bodies =
            |depth: usize| format!("{}x{}", "{% if a %}\n".repeat(depth), "{%- endif -%}".repeat(depth));
        assert_bounded(&bodies(BODIES_MAX), &bodies(BODIES_MAX + 1), ":25:1: blocks");
        assert_eq!(template(&"{% if a %}{% endif %}".repeat(BODIES_MAX + 1)), None);
    }

    #[test]
    fn sizes_and_numbers_have_bounds() {
        assert_bounded(&"x".repeat(TEXT_MAX), &"x".repeat(TEXT_MAX + 1), "longer than");
        assert_bounded(&"{{ a }}".repeat(TAGS_MAX), &"{{ a }}".repeat(TAGS_MAX + 1), "tags at most");
        let tag = |length: usize| format!("{{{{ \"{}\" }}}}", "x".repeat(length - 8));
        assert_bounded(&tag(TAG_MAX), &tag(TAG_MAX + 1), "bytes at most");
    }

    #[test]
    fn all_templates_together_have_one_budget_of_reading() {
        let (mut taken, text) = (Taken::default(), nested(BRACKETS_MAX).repeat(20));
        let read = (1..).find(|_| taken.template("templates/a.html", &text).is_some());
        let each = READING_MAX / (text.len() as u64 * READINGS.pow(BRACKETS_MAX as u32));
        assert!(read.is_some_and(|read| (each..each + 3).contains(&read)), "{read:?} of {each}");
    }

    #[test]
    fn sentences_have_a_depth_and_a_length() {
        let said = |text: &str| sentences("locales/en.ftl", text).map(|finding| finding.in_a_line());
        let nested =
            |depth: usize| format!("# {{{{{{{{\na = b\nc = {}$d{}\n", "{ ".repeat(depth), " }".repeat(depth));
        assert_eq!(said(&nested(PLACEABLES_MAX)), None);
        assert!(said(&nested(PLACEABLES_MAX + 1)).unwrap().contains("locales/en.ftl:3:17: braces"));
        assert_eq!(said(&"a = { \"{\" } (((((((((( b\n".repeat(9)), None);
        // Neither the beginning of a line nor a quotation mark of another line closes anything.
        assert!(said(&format!("a = {{\n{}", "F(\n".repeat(PLACEABLES_MAX))).is_some());
        assert!(said(&format!("a = {{ \"\n{}", "{\n".repeat(PLACEABLES_MAX))).is_some());
        let long = |length: usize| format!("a = b\nc = {}", "x".repeat(length - 4));
        assert_eq!(said(&long(SENTENCE_MAX)), None);
        assert!(said(&long(SENTENCE_MAX + 1)).unwrap().contains(":2:1: a sentence"));
    }

    #[test]
    fn a_manifest_has_no_more_levels_than_a_few() {
        let said = |text: &str| manifest("theme.toml", text).map(|finding| finding.in_a_line());
        let lists = |count: usize| format!("name = \"x\"\n{}", "a = []\n".repeat(count));
        assert_eq!(said(&lists(MANIFEST_LEVELS_MAX)), None);
        assert!(said(&lists(MANIFEST_LEVELS_MAX + 1)).unwrap().contains("theme.toml:1002:5: there are"));
    }
}
