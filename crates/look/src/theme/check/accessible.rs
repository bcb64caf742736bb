//! Accessibility: labels, references, landmarks and the viewport.

use std::collections::BTreeSet;

use crate::theme::parse::html::Document;

/// The code and sentence of a finding, and a text of the template by which its place is found.
type Lack = (&'static str, String, String);

pub(super) fn check(page: &Document) -> Vec<Lack> {
    let mut lacks: Vec<Lack> = Vec::new();
    let mut lack = |message: String, hint: &str| lacks.push(("accessibility", message, hint.to_owned()));
    let mut ids = BTreeSet::new();
    for id in page.elements.iter().filter_map(|element| element.get("id")) {
        if !ids.insert(id) {
            lack(format!("two elements are called `{id}`"), &format!("id=\"{id}\""));
        }
    }
    let labelled: BTreeSet<&str> = page.named("label").filter_map(|label| label.get("for")).collect();
    for element in &page.elements {
        for name in ["aria-describedby", "aria-labelledby", "for"] {
            for wanted in element.get(name).unwrap_or_default().split_whitespace() {
                if !ids.contains(wanted) {
                    lack(format!("`{name}` names `{wanted}`, and nothing is called so"), name);
                }
            }
        }
        let kind = element.get("type").unwrap_or("text");
        match element.name.as_str() {
            "img" if !element.has("alt") => lack("an image has no `alt`".into(), "<img"),
            "input" | "select" | "textarea" if !["hidden", "submit", "image"].contains(&kind) => {
                let named = element.get("id").is_some_and(|id| labelled.contains(id));
                let other = ["aria-label", "aria-labelledby", "title"].iter().any(|name| element.has(name));
                let name = element.get("name").unwrap_or_default();
                if !named && !other && element.get("aria-hidden") != Some("true") {
                    lack(format!("the field `{name}` has no label"), &format!("name=\"{name}\""));
                }
                if kind == "password" && element.get("autocomplete").is_none_or(str::is_empty) {
                    let hint = format!("name=\"{name}\"");
                    lack(
                        format!("the field `{name}` has no `autocomplete`, which password managers need"),
                        &hint,
                    );
                }
            }
            _ => {}
        }
    }
    for (name, message) in [("h1", "the page has no <h1>"), ("main", "the page has no <main>")] {
        if page.named(name).next().is_none() {
            lack(message.into(), "<body");
        }
    }
    let viewport = page.named("meta").any(|meta| meta.get("name") == Some("viewport"));
    if !viewport {
        lack(
            "the page has no <meta name=\"viewport\">, so that telephones show it too small".into(),
            "<head",
        );
    }
    lacks
}
