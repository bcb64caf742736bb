//! What a reader finds on a page.

/// The text between the first `before` and the `after` that follows it.
pub fn between<'a>(html: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = html.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

/// The value that the input `name` shows; fails when there is no such input.
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

/// The message beside the field `name`, if there is one; the field must be tied to it.
#[track_caller]
pub fn error<'a>(html: &'a str, name: &str) -> Option<&'a str> {
    let message = between(html, &format!("id=\"e-{name}\""), "</div>")?;
    let message = between(message, "<p>", "</p>")?;
    let tag = html.split('<').find(|tag| tag.contains(&format!("id=\"f-{name}\""))).unwrap();
    assert!(tag.contains("aria-invalid=\"true\""), "{tag}");
    assert!(tag.contains(&format!("e-{name}\"")), "{tag}");
    Some(message)
}

/// The message above the form.
pub fn alert(html: &str) -> Option<&str> {
    between(html, "role=\"alert\">", "</div>").and_then(|alert| between(alert, "<p>", "</p>"))
}

/// The message about what was just done.
pub fn notice(html: &str) -> Option<&str> {
    between(html, "role=\"status\">", "</p>")
}

/// The page's language.
pub fn language(html: &str) -> Option<&str> {
    between(html, "<html lang=\"", "\"")
}

/// The headline.
pub fn headline(html: &str) -> Option<&str> {
    between(html, "<h1>", "</h1>")
}
