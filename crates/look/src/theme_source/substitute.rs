//! Substitutes a theme's settings into its templates before they are parsed, so that they cost nothing when a
//! page is rendered.

use super::bounds::TEXT_MAX;
use super::settings::{SettingValue, ThemeSettings};
use super::tags::TemplateText;

/// Replaces `theme.NAME` in the tags of `text` by a literal. The loader replaces `{{ theme.NAME }}`, which
/// must be escaped.
pub(crate) fn substitute(text: &str, settings: &ThemeSettings) -> String {
    if settings.is_empty() || !text.contains("theme.") || redefined(text) {
        return text.to_owned();
    }
    let source = TemplateText::new(text);
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for tag in &source.tags {
        let inside = &text[tag.start..tag.end];
        if is_alone(inside) {
            continue;
        }
        for (at, word) in words(inside) {
            let Some(value) = word.strip_prefix("theme.").and_then(|name| settings.get(name)) else {
                continue;
            };
            // A test (`is defined`) takes a variable, not a literal.
            if inside[at + word.len()..].trim_start().starts_with("is ") {
                continue;
            }
            let Some(literal) = literal(value) else { continue };
            out.push_str(&text[done..tag.start + at]);
            out.push_str(&literal);
            done = tag.start + at + word.len();
        }
    }
    out.push_str(&text[done..]);
    // A short name may stand for a long text a thousand times. Then it stays a name until a page is filled.
    if out.len() > text.len().max(TEXT_MAX) { text.to_owned() } else { out }
}

/// Whether a tag of `text` still needs the variable `theme` at rendering.
pub(crate) fn names_theme(text: &str) -> bool {
    text.contains("theme")
        && TemplateText::new(text).tags.iter().any(|tag| {
            words(&text[tag.start..tag.end])
                .any(|(_, word)| word == "theme" || word.starts_with("theme.") || word.starts_with("theme["))
        })
}

fn redefined(text: &str) -> bool {
    ["set theme ", "set_global theme ", "for theme "].iter().any(|tag| text.contains(tag))
}

fn is_alone(tag: &str) -> bool {
    let inside = tag.strip_prefix("{{ ").and_then(|tag| tag.strip_suffix(" }}"));
    inside.is_some_and(|inside| {
        inside
            .strip_prefix("theme.")
            .is_some_and(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
    })
}

/// The names in a tag outside quotes, each with its byte offset.
fn words(tag: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = tag.get(at..)?;
            let c = rest.chars().next()?;
            if matches!(c, '"' | '\'' | '`') {
                at += 1 + rest[1..].find(c).map_or(rest.len() - 1, |end| end + 1);
            } else if c.is_ascii_alphabetic() || c == '_' {
                let end = rest
                    .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '[')))
                    .unwrap_or(rest.len());
                let start = at;
                at += end;
                return Some((start, &rest[..end]));
            } else {
                at += c.len_utf8();
            }
        }
    })
}

/// The literal for a value. Tera's strings have three kinds of quotes and no escapes; `None` if a text
/// contains all three.
fn literal(value: &SettingValue) -> Option<String> {
    match value {
        SettingValue::Number(number) => Some(number.to_string()),
        SettingValue::Flag(flag) => Some(flag.to_string()),
        SettingValue::Colour(text) | SettingValue::Length(text) | SettingValue::Text(text) => {
            let quote = ['"', '\'', '`'].into_iter().find(|quote| !text.contains(*quote))?;
            Some(format!("{quote}{text}{quote}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_does_not_grow_beyond_what_a_template_may_have() {
        let settings = ThemeSettings::from([("said".to_owned(), SettingValue::Text("x".repeat(1_000)))]);
        let grown = |times: usize| {
            let text = "{{ f(a=theme.said) }}".repeat(times);
            substitute(&text, &settings).len() > text.len()
        };
        assert!(grown(TEXT_MAX / 1_100) && !grown(TEXT_MAX / 900));
    }

    #[test]
    fn settings_become_what_they_are() {
        let settings = ThemeSettings::from([
            ("logo".to_owned(), SettingValue::Text("a.svg".into())),
            ("said".to_owned(), SettingValue::Text("\"x\"".into())),
            ("wide".to_owned(), SettingValue::Flag(true)),
        ]);
        for (text, expected) in [
            ("{{ asset(path=theme.logo) }} theme.logo", "{{ asset(path=\"a.svg\") }} theme.logo"),
            ("{% if theme.wide %}{{ theme.logo }}", "{% if true %}{{ theme.logo }}"),
            ("{% if theme.logo is defined %}", "{% if theme.logo is defined %}"),
            ("{{ \"theme.logo\" ~ theme.said }}", "{{ \"theme.logo\" ~ '\"x\"' }}"),
            ("{{ page.theme.logo ~ theme.other }}", "{{ page.theme.logo ~ theme.other }}"),
            ("{% set theme = x %}{{ f(x=theme.logo) }}", "{% set theme = x %}{{ f(x=theme.logo) }}"),
        ] {
            assert_eq!(substitute(text, &settings), expected);
        }
        assert!(
            names_theme("{% if theme.x is defined %}")
                && !names_theme("theme {{ page.theme }}{{ \"theme\" }}")
        );
    }
}
