//! Finds parts of a page.

/// The text between the first `before` and the `after` that follows it.
pub fn between<'a>(html: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = html.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

/// The value of the input `name`. Panics if there is no such input.
#[track_caller]
pub fn value(html: &str, name: &str) -> String {
    let tag = input(html, name);
    between(tag, " value=\"", "\"").unwrap_or_default().to_owned()
}

/// The tag of the input `name`.
#[track_caller]
pub fn input<'a>(html: &'a str, name: &str) -> &'a str {
    html.split('<')
        .find(|tag| tag.starts_with("input") && tag.contains(&format!(" name=\"{name}\"")))
        .unwrap_or_else(|| panic!("no input `{name}` in {html}"))
}

/// The error of the field `name`, if there is one. Checks that the field refers to it.
#[track_caller]
pub fn error<'a>(html: &'a str, name: &str) -> Option<&'a str> {
    let message = between(html, &format!("id=\"e-{name}\""), "</div>")?;
    let message = between(message, "<p>", "</p>")?;
    let tag = html.split('<').find(|tag| tag.contains(&format!("id=\"f-{name}\""))).unwrap();
    assert!(tag.contains("aria-invalid=\"true\""), "{tag}");
    assert!(tag.contains(&format!("e-{name}\"")), "{tag}");
    Some(message)
}

/// The text of the alert.
pub fn alert(html: &str) -> Option<&str> {
    between(html, "role=\"alert\">", "</div>").and_then(|alert| between(alert, "<p>", "</p>"))
}

/// The text of the notice.
pub fn notice(html: &str) -> Option<&str> {
    between(html, "role=\"status\">", "</p>")
}

pub fn language(html: &str) -> Option<&str> {
    between(html, "<html lang=\"", "\"")
}

pub fn headline(html: &str) -> Option<&str> {
    between(html, "<h1>", "</h1>")
}
