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

/// A form of a page: where it is sent, and the names and values of its inputs.
#[derive(Debug)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Form {
    pub fn fields(&self) -> Vec<(&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    /// The same with a field filled in, if it has this one.
    pub fn filled(mut self, name: &str, value: &str) -> Self {
        for field in self.fields.iter_mut().filter(|field| field.0 == name) {
            value.clone_into(&mut field.1);
        }
        self
    }
}

/// The forms of a page, with what a browser would send of them.
pub fn forms(html: &str) -> Vec<Form> {
    let form = |form: &str| {
        let (tag, rest) = form.split_once('>').unwrap();
        let content = rest.split("</form>").next().unwrap();
        let sent = |tag: &&str| {
            tag.starts_with("input") && !tag.contains(" disabled") && !tag.contains("type=\"file\"")
        };
        let inputs = content.split('<').filter(sent);
        let read = |tag: &str| {
            let name = between(tag, " name=\"", "\"")?.to_owned();
            let value = between(tag, " value=\"", "\"").unwrap_or_default();
            Some((name, value.replace("&#x2F;", "/").replace("&quot;", "\"").replace("&amp;", "&")))
        };
        Form {
            action: between(tag, "action=\"", "\"").unwrap_or_default().to_owned(),
            fields: inputs.filter_map(read).collect(),
        }
    };
    html.split("<form").skip(1).map(form).collect()
}

/// The form of a page that is sent to `action`.
#[track_caller]
pub fn form(html: &str, action: &str) -> Form {
    let found = forms(html).into_iter().find(|form| form.action == action);
    found.unwrap_or_else(|| panic!("no form to {action} in {html}"))
}
