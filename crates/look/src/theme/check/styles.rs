//! Checks that the style sheets of a theme load only files that exist on this site.

use crate::Files;
use crate::theme_source::{Finding, Report, Severity, ThemeFolder};

/// The longest address that is looked at, in bytes.
const ADDRESS_MAX: usize = 4 * 1024;

pub(super) fn check(theme: &ThemeFolder, files: &Files, report: &mut Report) {
    for (name, content) in theme.statics.iter().filter(|(name, _)| name.ends_with(".css")) {
        let file = format!("static/{name}");
        let Ok(text) = std::str::from_utf8(content) else {
            report.add(Finding::new(Severity::Error, "file", &file, "it is not UTF-8"));
            continue;
        };
        for (at, address) in addresses(text) {
            if report.is_full() {
                return;
            }
            let elsewhere = address.starts_with("//") || address.contains("://");
            let inline = address.starts_with("data:");
            if elsewhere || inline {
                let message = format!(
                    "`{address:.60}` is stopped by the content security policy: put the file into static/"
                );
                report.add(Finding::new(Severity::Error, "policy", &file, message).at(
                    text,
                    at,
                    address.len(),
                ));
            } else if !address.starts_with(['/', '#']) {
                let named = file_named(name, address);
                if !files.statics.contains_key(&named) {
                    let message = format!("there is no file `{named}` in static/");
                    report.add(Finding::new(Severity::Error, "missing-file", &file, message).at(
                        text,
                        at,
                        address.len(),
                    ));
                }
            }
        }
    }
}

/// The file of `static/` to which a relative URL in a style sheet leads.
fn file_named(sheet: &str, address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or(address);
    let mut parts: Vec<&str> = sheet.split('/').collect();
    parts.pop();
    for part in address.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The URLs in `url(…)` and `@import "…"`, each with its byte offset.
fn addresses(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (at, opening) in text.match_indices("url(").chain(text.match_indices("@import ")) {
        let start = at + opening.len();
        let rest = &text[start..];
        let rest = rest.trim_start();
        let start = text.len() - rest.len();
        let (skipped, end) = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => (1, near(&rest[1..]).find(quote).map(|end| end + 1)),
            _ if opening == "@import " => continue,
            _ => (0, near(rest).find(')')),
        };
        let Some(end) = end else { continue };
        found.push((start + skipped, rest[skipped..end].trim()));
    }
    found
}

/// The beginning of `text`, as long as the longest address: without an end, a text that has none would be
/// searched to its own end for each address.
fn near(text: &str) -> &str {
    &text[..text.floor_char_boundary(ADDRESS_MAX)]
}

#[cfg(test)]
mod tests {
    use super::{ADDRESS_MAX, addresses};

    #[test]
    fn an_address_has_an_end() {
        let text = |length: usize| format!("url({}) url({}", "x".repeat(length), "y".repeat(9_999));
        assert_eq!(addresses(&text(ADDRESS_MAX - 1)).len(), 1);
        assert!(addresses(&text(ADDRESS_MAX)).is_empty());
    }

    #[test]
    fn addresses_are_found_with_and_without_quotes() {
        let text = "@import \"a.css\"; p { background: url( b.png ), url('c.png') } @import url(d.css);";
        let found: Vec<&str> = addresses(text).into_iter().map(|(_, address)| address).collect();
        for name in ["a.css", "b.png", "c.png", "d.css"] {
            assert!(found.contains(&name), "{found:?}");
        }
    }
}
