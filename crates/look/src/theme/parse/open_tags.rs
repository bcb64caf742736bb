//! Finds the tag that has no end. The engine's parser names the place where it gave up: often the last line.

use crate::theme_source::{Finding, Severity, TemplateText};

/// The tags that need an end.
const OPENING: [&str; 5] = ["if", "for", "block", "macro", "filter"];

/// A tag that is open, with the word after its first one: the name of a block or macro.
struct OpenTag<'t> {
    word: &'t str,
    name: &'t str,
    start: usize,
    length: usize,
}

/// The first tag of a template without its end, or the first end of nothing.
pub(super) fn check(file: &str, text: &str) -> Option<Finding> {
    let mut open: Vec<OpenTag<'_>> = Vec::new();
    let fault = |start: usize, length: usize, message: String| {
        Some(Finding::new(Severity::Error, "syntax", file, message).at(text, start, length))
    };
    let endless = |tag: &OpenTag<'_>| {
        let OpenTag { word, name, start, length } = tag;
        let named = if ["block", "macro"].contains(word) { format!(" {name}") } else { String::new() };
        let end = format!("`{{% end{word}{named} %}}`");
        fault(*start, *length, format!("`{}` has no {end}", &text[*start..*start + *length]))
    };
    for tag in TemplateText::new(text).tags {
        let inside = &text[tag.start..tag.end];
        let Some(inside) = inside.strip_prefix("{%").and_then(|inside| inside.strip_suffix("%}")) else {
            continue;
        };
        let mut words =
            inside.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        let (word, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if OPENING.contains(&word) {
            open.push(OpenTag { word, name, start: tag.start, length: tag.end - tag.start });
            continue;
        }
        let Some(ended) = word.strip_prefix("end").filter(|ended| OPENING.contains(ended)) else { continue };
        let fits = |tag: &OpenTag<'_>| {
            let named = ["block", "macro"].contains(&ended) && !name.is_empty();
            tag.word == ended && (!named || tag.name == name)
        };
        match open.pop() {
            Some(last) if fits(&last) => {}
            Some(last) if open.iter().any(fits) => return endless(&last),
            _ => {
                let message = format!("`{}` ends nothing that is open here", &text[tag.start..tag.end]);
                return fault(tag.start, tag.end - tag.start, message);
            }
        }
    }
    open.last().and_then(endless)
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn the_tag_without_an_end_is_named() {
        let said = |text: &str| check("a.html", text).map(|finding| finding.in_a_line());
        for (text, line) in [
            (
                "{% block a %}\n{% block b %}x{% endblock b %}",
                "a.html:1:1: `{% block a %}` has no `{% endblock a %}`",
            ),
            ("{% block a %}\n{%- if x %}y\n{% endblock %}", "a.html:2:1: `{%- if x %}` has no `{% endif %}`"),
            (
                "{% block a %}{% block b %}\n{% endblock a %}",
                "a.html:1:14: `{% block b %}` has no `{% endblock b %}`",
            ),
            ("{% for x in y %}\n", "a.html:1:1: `{% for x in y %}` has no `{% endfor %}`"),
            ("x\n{% endif %}", "a.html:2:1: `{% endif %}` ends nothing"),
        ] {
            let found = said(text).unwrap_or_default();
            assert!(found.starts_with(line), "{text}: {found}");
        }
        assert_eq!(
            said(
                "{% if a %}{% for b in c %}{% endfor %}{% elif d %}{% endif %}{% raw %}{% if %}{% endraw %}"
            ),
            None
        );
    }
}
