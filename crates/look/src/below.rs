//! The paths of a page below the site's base path. They are changed in the finished page, so that templates,
//! also those of a theme, name every path as the program does.

use super::carried::end_of_tag;

/// The attributes whose value is an address. `data-path` is that of a call on the page of the API.
const ADDRESSES: [&str; 8] =
    ["href", "xlink:href", "src", "data", "action", "formaction", "poster", "data-path"];

/// How templates write the slash at the beginning of a path: as it is, or escaped with the rest of a value.
const SLASHES: [&str; 2] = ["/", "&#x2F;"];

/// `html` with `base` before each path of this host that an attribute names. An address that names a host, or
/// begins with two slashes, stays. Nothing is changed where `base` is empty.
pub fn below(base: &str, html: String) -> String {
    if base.is_empty() {
        return html;
    }
    let mut page = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html.as_str();
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        page.push_str(text);
        // Templates escape the angle brackets of every value, so that none of a text begins a tag.
        let element = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic());
        let end = if element { end_of_tag(tag) } else { None }.unwrap_or(1);
        if element {
            addresses(base, &tag[..end], &mut page);
        } else {
            page.push('<');
        }
        rest = &tag[end..];
    }
    page.push_str(rest);
    page
}

/// Writes `tag` with `base` before its paths.
fn addresses(base: &str, tag: &str, page: &mut String) {
    let mut rest = tag;
    while let Some(at) = rest.find('=') {
        let (before, after) = rest.split_at(at + 1);
        page.push_str(before);
        // White space may stand on both sides of the equals sign, and none after a quotation mark.
        let name = before[..at].trim_ascii_end();
        let name = name.rsplit(|c: char| c.is_ascii_whitespace() || ['"', '\''].contains(&c));
        let name = name.clone().next().unwrap_or_default();
        let value = after.trim_ascii_start();
        page.push_str(&after[..after.len() - value.len()]);
        let after = value;
        let (quote, value) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => (Some(quote), &after[1..]),
            _ => (None, after),
        };
        let end = match quote {
            Some(quote) => value.find(quote),
            None => value.find(|c: char| c.is_ascii_whitespace() || c == '>'),
        };
        let (value, later) = value.split_at(end.unwrap_or(value.len()));
        page.extend(quote);
        if ["srcset", "imagesrcset"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
            candidates(base, value, page);
        } else {
            if ADDRESSES.iter().any(|known| name.eq_ignore_ascii_case(known)) && is_path(value) {
                page.push_str(base);
            }
            page.push_str(value);
        }
        rest = later;
    }
    page.push_str(rest);
}

/// Writes the addresses of a `srcset`.
fn candidates(base: &str, value: &str, page: &mut String) {
    for candidate in value.split_inclusive(',') {
        let address = candidate.trim_start();
        page.push_str(&candidate[..candidate.len() - address.len()]);
        if is_path(address) {
            page.push_str(base);
        }
        page.push_str(address);
    }
}

/// Whether an address begins with one slash.
fn is_path(value: &str) -> bool {
    let slash = |text: &str| SLASHES.iter().find(|slash| text.starts_with(*slash)).map(|slash| slash.len());
    slash(value).is_some_and(|length| slash(&value[length..]).is_none())
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn every_path_of_the_host_is_below_the_base() {
        for (written, wanted) in [
            ("<a href=\"/user/login?next=/x\">", "<a href=\"/b/user/login?next=/x\">"),
            ("<a class=x HREF='/'>é", "<a class=x HREF='/b/'>é"),
            ("<img src=&#x2F;user&#x2F;a>", "<img src=/b&#x2F;user&#x2F;a>"),
            (
                "<img src=\"&#x2F;a\" srcset=\"/a 1x, /b 2x\">",
                "<img src=\"/b&#x2F;a\" srcset=\"/b/a 1x, /b/b 2x\">",
            ),
            (
                "<form method=post action=\"/x\"><button formaction='/y'>",
                "<form method=post action=\"/b/x\"><button formaction='/b/y'>",
            ),
            ("<form method = \"post\" action = '/x'>", "<form method = \"post\" action = '/b/x'>"),
            ("<a class=\"x\"HREF\n=/y>", "<a class=\"x\"HREF\n=/b/y>"),
            ("<use xlink:href=\"/x#a\"/>", "<use xlink:href=\"/b/x#a\"/>"),
            ("<form data-path=\"/oauth/token\">", "<form data-path=\"/b/oauth/token\">"),
        ] {
            assert_eq!(below("/b", written.into()), wanted);
            assert_eq!(below("", written.into()), written);
        }
    }

    #[test]
    fn everything_else_stays() {
        for same in [
            "<a href=\"#top\">",
            "<a href=\"//other.example/\">",
            "<a href=\"https://other.example/\">",
            "<a href=\"&#x2F;&#x2F;other.example\">",
            "<input name=\"next\" value=\"/user/profil\">",
            "<img srcset=\"https://other.example/a 1x\" alt='a=/b'>",
            "<p title=\"a href='/x'\">href=/x and <- src=\"/y\" < <",
            "<a href=",
            "=",
            "<",
        ] {
            assert_eq!(below("/b", same.into()), same);
        }
    }
}
