//! What the forms and links of a page carry on to the next request. It is written into the finished page, so
//! that it is there whichever template wrote the form: a theme that replaces a template needs no change.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The field of a form that says whose page it stands on. An operator's field cannot have this name, because
/// of its hyphen.
pub const ACCOUNT_FIELD: &str = "form-account";

/// The field of a form that says on which page of the account it stands: `profile` or `security`. With it a
/// change leads back to that page.
pub const PAGE_FIELD: &str = "form-page";

/// The field and the query parameter with the path that somebody wanted to go to.
pub const NEXT_FIELD: &str = "next";

/// What the forms and links of one page carry.
#[derive(Clone, Copy, Debug, Default)]
pub struct Carried<'a> {
    /// Number of the account whose page it is: every form that is sent by `POST` says it.
    pub account: Option<i64>,
    /// The path that somebody wanted to go to; may be empty. It is printable ASCII.
    pub next: &'a str,
    /// The paths of pages that keep `next`: links and forms to them carry it.
    pub ways: &'a [&'a str],
}

impl Carried<'_> {
    /// Writes all of it into `html`.
    pub fn into_page(self, html: String) -> String {
        if self.account.is_none() && self.next.is_empty() {
            return html;
        }
        let mut page = String::with_capacity(html.len() + 1024);
        let mut rest = html.as_str();
        while let Some((before, tag, after)) = next_tag(rest) {
            page.push_str(before);
            if is_named(tag, "a") {
                page.push_str(&self.link(tag));
            } else {
                page.push_str(tag);
                self.fields(tag, after, &mut page);
            }
            rest = after;
        }
        page.push_str(rest);
        page
    }

    /// The tag of a link, with the way back where it leads to a page that keeps it.
    fn link<'t>(&self, tag: &'t str) -> Cow<'t, str> {
        let href = attribute(tag, "href").filter(|href| self.ways.contains(href) && !self.next.is_empty());
        let Some(href) = href else { return Cow::Borrowed(tag) };
        let next = in_query(self.next);
        // The attribute is a part of the tag, so its end is an offset in it.
        let end = href.as_ptr() as usize - tag.as_ptr() as usize + href.len();
        Cow::Owned(format!("{}?{NEXT_FIELD}={next}{}", &tag[..end], &tag[end..]))
    }

    /// Adds the fields that the form of `tag` needs and does not have. `after` is the page from its first
    /// field on.
    fn fields(&self, tag: &str, after: &str, page: &mut String) {
        if !attribute(tag, "method").is_some_and(|method| method.eq_ignore_ascii_case("post")) {
            return;
        }
        // Another site's form learns nothing of this one's account.
        if attribute(tag, "action").is_some_and(|action| !leads_here(action)) {
            return;
        }
        let own = after.split("</form").next().unwrap_or_default();
        let mut add = |name: &str, value: &str| {
            if !has_field(own, name) {
                let value = escaped(value);
                let _ = write!(page, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
            }
        };
        if let Some(account) = self.account {
            add(ACCOUNT_FIELD, &account.to_string());
        }
        let keeps = attribute(tag, "action").is_some_and(|action| self.ways.contains(&action));
        if keeps && !self.next.is_empty() {
            add(NEXT_FIELD, self.next);
        }
    }
}

/// Whether an attribute's address is a path of this site. It may be escaped.
fn leads_here(action: &str) -> bool {
    let path = action.replace("&#x2F;", "/");
    path.is_empty() || path.starts_with(['?', '#']) || path.starts_with('/') && !path.starts_with("//")
}

/// Whether one of the inputs of a form has this name. A text in the form, which somebody may have typed, has
/// none.
fn has_field(form: &str, name: &str) -> bool {
    form.match_indices('<').any(|(at, _)| {
        let tag = &form[at..];
        let input = is_named(tag, "input").then(|| end_of_tag(tag)).flatten();
        input.is_some_and(|end| attribute(&tag[..end], "name") == Some(name))
    })
}

/// Splits `html` at its first `<a …>` or `<form …>`: what comes before, the tag, what comes after.
fn next_tag(html: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + html.get(from..)?.find('<')?;
        let tag = &html[start..];
        if is_named(tag, "a") || is_named(tag, "form") {
            let end = end_of_tag(tag)?;
            return Some((&html[..start], &tag[..end], &tag[end..]));
        }
        from = start + 1;
    }
}

/// Whether `tag`, which begins with `<`, is the start of an element of this name with attributes.
fn is_named(tag: &str, name: &str) -> bool {
    let bytes = tag.as_bytes();
    bytes.get(1..=name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        && bytes.get(name.len() + 1).is_some_and(u8::is_ascii_whitespace)
}

/// The length of the tag at the beginning of `tag`, with its `>`. One inside quotation marks does not end it.
pub(super) fn end_of_tag(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return Some(at + 1),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// The value of an attribute of `tag`, as it is written.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once('=') {
        let named = before.trim_end().rsplit(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
        let after = after.trim_start();
        let (value, later) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => after[1..].split_once(quote)?,
            _ => {
                let end = after.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(after.len());
                after.split_at(end)
            }
        };
        if named.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = later;
    }
    None
}

/// `value` as a query has it: all but the unreserved characters (RFC 3986, section 2.3) in escapes.
fn in_query(value: &str) -> String {
    let mut query = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            query.push(char::from(byte));
        } else {
            let _ = write!(query, "%{byte:02X}");
        }
    }
    query
}

fn escaped(value: &str) -> String {
    value.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAYS: &[&str] = &["/in", "/up"];

    fn with(account: Option<i64>, next: &str, html: &str) -> String {
        Carried { account, next, ways: WAYS }.into_page(html.to_owned())
    }

    #[test]
    fn every_form_that_is_posted_says_whose_it_is() {
        let mark = "<input type=\"hidden\" name=\"form-account\" value=\"7\">";
        for form in [
            "<form method=\"post\" action=\"/x\">",
            "<FORM ACTION='/x' METHOD=POST>",
            "<form\nmethod = 'Post' data-x=\"a > b\" action=/x>",
        ] {
            assert_eq!(with(Some(7), "", &format!("é{form}<p></form>")), format!("é{form}{mark}<p></form>"));
        }
        // What somebody typed is no field.
        let typed =
            "<form method=\"post\"><b>TV name=form-account</b><input value=\"name=form-account\"></form>";
        assert_eq!(with(Some(7), "", typed), typed.replacen('>', &format!(">{mark}"), 1));
        for other in [
            "<form action=\"/x\"></form>",
            "<form method=\"get\" title=\"method=post\"></form>",
            "<formula method=\"post\">",
            "&lt;form method=\"post\"&gt;",
            "<form method=\"post\"",
            "<form method=\"post\"><input name=\"form-account\" value=\"1\"></form>",
        ] {
            assert_eq!(with(Some(7), "", other), other);
        }
        assert_eq!(with(None, "", "<form method=\"post\">"), "<form method=\"post\">");
    }

    #[test]
    fn links_and_forms_to_pages_that_keep_the_way_back_carry_it() {
        assert_eq!(
            with(None, "/a?b=\"&c", "<a class=x href=\"/in\">In</a> <a href='/up'>"),
            "<a class=x href=\"/in?next=%2Fa%3Fb%3D%22%26c\">In</a> <a href='/up?next=%2Fa%3Fb%3D%22%26c'>"
        );
        let form = "<form method=\"post\" action=\"/up\">";
        assert_eq!(
            with(None, "/a?b=\"&c", &format!("{form}</form>")),
            format!("{form}<input type=\"hidden\" name=\"next\" value=\"/a?b=&quot;&amp;c\"></form>")
        );
        for other in [
            "<a href=\"/out\">",
            "<a href=\"/in?next=%2Fb\">",
            "<abbr href=\"/in\">",
            "<a data-href=\"/in\" href=\"/\">",
            "<form method=\"post\" action=\"/out\">",
            "<form method=\"post\" action=\"/in\"><input type=\"hidden\" name=\"next\" value=\"/b\"></form>",
        ] {
            assert_eq!(with(None, "/a", other), other);
        }
    }
}
