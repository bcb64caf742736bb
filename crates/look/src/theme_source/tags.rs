//! Finds the tags in the text of a template, because the engine's syntax tree has no positions.

/// The byte range of a `{{ … }}` or `{% … %}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TagSpan {
    pub start: usize,
    pub end: usize,
}

/// The text of a template with its tags in order. Comments and the inside of `raw` contain no tags.
#[derive(Clone, Debug)]
pub(crate) struct TemplateText<'a> {
    pub text: &'a str,
    pub tags: Vec<TagSpan>,
}

impl<'a> TemplateText<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut tags = Vec::new();
        let mut at = 0;
        let mut raw = false;
        while let Some(found) = text.get(at..).and_then(|rest| rest.find('{')) {
            let start = at + found;
            let rest = &text[start..];
            let closing = match rest.as_bytes().get(1) {
                Some(b'{') if !raw => "}}",
                Some(b'%') => "%}",
                Some(b'#') if !raw => {
                    at = start + rest.find("#}").map_or(rest.len(), |end| end + 2);
                    continue;
                }
                _ => {
                    at = start + 1;
                    continue;
                }
            };
            let word = rest[2..].trim_start_matches(['-', ' ', '\n', '\t', '\r']);
            if raw && !word.starts_with("endraw") {
                at = start + 1;
                continue;
            }
            raw = closing == "%}" && word.starts_with("raw");
            let end = start + tag_length(rest, closing);
            tags.push(TagSpan { start, end });
            at = end;
        }
        Self { text, tags }
    }

    /// The byte offset of `word` in a tag, or of the tag if it does not contain the word.
    pub fn find(&self, tag: usize, word: &str) -> usize {
        let Some(tag) = self.tags.get(tag) else { return 0 };
        let inside = &self.text[tag.start..tag.end];
        let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        let whole = |at: &usize| {
            let before = inside[..*at].chars().next_back();
            let after = inside[at + word.len()..].chars().next();
            !before.is_some_and(part) && !after.is_some_and(part)
        };
        let mut places = inside.match_indices(word).map(|(at, _)| at);
        let found = places.clone().find(whole).or_else(|| places.next());
        tag.start + found.unwrap_or(0)
    }
}

/// The length of a tag up to and including `closing`. Quoted texts are skipped.
fn tag_length(rest: &str, closing: &str) -> usize {
    let mut at = 2;
    while let Some(c) = rest.get(at..).and_then(|rest| rest.chars().next()) {
        if rest[at..].starts_with(closing) {
            return at + closing.len();
        }
        if matches!(c, '"' | '\'' | '`') {
            let Some(end) = rest[at + 1..].find(c) else { return rest.len() };
            at += end + 2;
        } else {
            at += c.len_utf8();
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme_source::Position;

    #[test]
    fn tags_are_found_and_texts_comments_and_raw_parts_passed_over() {
        let text = "a {{ \"}}\" ~ x }}{# {{ no }} #}{% if y -%}\n{% raw %}{{ z }}{% endraw %}{ {% endif %}";
        let source = TemplateText::new(text);
        let tags: Vec<&str> = source.tags.iter().map(|tag| &text[tag.start..tag.end]).collect();
        assert_eq!(tags, ["{{ \"}}\" ~ x }}", "{% if y -%}", "{% raw %}", "{% endraw %}", "{% endif %}"]);
        assert_eq!(Position::of(text, source.find(1, "y")), Position { line: 1, column: 37 });
        assert_eq!(Position::of(text, source.find(4, "nothing")), Position { line: 2, column: 31 });
    }
}
