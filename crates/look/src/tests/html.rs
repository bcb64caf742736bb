//! The parts of a page that these tests need: its tags, with their attributes.

pub struct HtmlTag<'a> {
    pub name: &'a str,
    /// The attributes as written in the page. An attribute without a value has an empty one.
    pub attributes: Vec<(&'a str, &'a str)>,
}

impl<'a> HtmlTag<'a> {
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

/// All opening tags. Panics at a malformed tag, as unescaped text would make it.
pub fn tags(html: &str) -> Vec<HtmlTag<'_>> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").unwrap().1;
            continue;
        }
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '!' && c != '/').unwrap();
        let (name, mut inside) = after.split_at(end);
        let mut attributes = Vec::new();
        loop {
            inside = inside.trim_start_matches([' ', '\n', '/']);
            if let Some(after) = inside.strip_prefix('>') {
                rest = after;
                break;
            }
            let end = inside.find(['=', ' ', '>', '\n', '/']).unwrap();
            let (attribute, after) = inside.split_at(end);
            assert!(
                !attribute.is_empty()
                    && attribute.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == ':'),
                "attribute `{attribute}` of <{name}"
            );
            inside = match after.strip_prefix("=\"") {
                Some(value) => {
                    let (value, after) = value.split_once('"').unwrap();
                    attributes.push((attribute, value));
                    assert!(
                        after.starts_with([' ', '>', '/', '\n']),
                        "after {attribute} of <{name}: {after:.40}"
                    );
                    after
                }
                None => {
                    attributes.push((attribute, ""));
                    after
                }
            };
        }
        if !name.starts_with(['/', '!']) {
            tags.push(HtmlTag { name, attributes });
        }
    }
    tags
}
