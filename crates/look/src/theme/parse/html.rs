//! Parses a rendered page: its tags, forms and text.

use std::collections::BTreeMap;

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// An opening tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::theme) struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
}

impl Element {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    pub fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }
}

/// A form with the fields that it sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::theme) struct FormSeen {
    /// `get` or `post`.
    pub method: String,
    pub action: String,
    pub enctype: String,
    pub fields: Vec<Element>,
    /// Whether it contains a submit button.
    pub button: bool,
}

#[derive(Clone, Debug, Default)]
pub(in crate::theme) struct Document {
    pub elements: Vec<Element>,
    pub forms: Vec<FormSeen>,
    /// All text outside scripts and styles, with single spaces.
    pub text: String,
    pub title: String,
}

impl Document {
    pub fn read(html: &str) -> Self {
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        let mut document = Self::default();
        let mut open: Option<FormSeen> = None;
        let mut inside = String::new();
        let mut text = String::with_capacity(html.len());
        for token in Tokenizer::new_with_emitter(html, emitter).flatten() {
            match token {
                Token::StartTag(tag) => {
                    let string = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                    let attributes =
                        tag.attributes.iter().map(|(name, value)| (string(name), string(value))).collect();
                    let element = Element { name: string(&tag.name), attributes };
                    if ["script", "style", "title"].contains(&element.name.as_str()) && !tag.self_closing {
                        inside.clone_from(&element.name);
                    }
                    document.take(&element, &mut open);
                    text.push(' ');
                    document.elements.push(element);
                }
                Token::EndTag(tag) => {
                    if tag.name.as_slice() == b"form" {
                        document.forms.extend(open.take());
                    }
                    inside.clear();
                    text.push(' ');
                }
                Token::String(string) => {
                    let said = String::from_utf8_lossy(&string.value);
                    match inside.as_str() {
                        "title" => document.title.push_str(&said),
                        "" => text.push_str(&said),
                        _ => {}
                    }
                }
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        document.forms.extend(open);
        document.text = plain(&text);
        document
    }

    fn take(&mut self, element: &Element, open: &mut Option<FormSeen>) {
        match element.name.as_str() {
            "form" => {
                self.forms.extend(open.take());
                let get = |name: &str| element.get(name).unwrap_or_default().to_owned();
                let method = get("method").to_ascii_lowercase();
                *open = Some(FormSeen {
                    method: if method.is_empty() { "get".to_owned() } else { method },
                    action: get("action"),
                    enctype: get("enctype").to_ascii_lowercase(),
                    fields: Vec::new(),
                    button: false,
                });
            }
            "input" | "select" | "textarea" | "button" => {
                let Some(form) = open else { return };
                let kind = element.get("type").unwrap_or_default();
                let sends = match element.name.as_str() {
                    "button" => kind != "button" && kind != "reset",
                    _ => kind == "submit" || kind == "image",
                };
                form.button |= sends;
                if !sends && element.has("name") {
                    form.fields.push(element.clone());
                }
            }
            _ => {}
        }
    }

    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }
}

/// `text` with single spaces.
pub(in crate::theme) fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_as_a_browser_reads_it() {
        let page = Document::read(
            "<html lang=fr><title>A &amp; B</title><style>p{}</style><form action='/x' METHOD=POST>\
             <input name=a required><p>Hello\n <b>there</b>, &lt;you></p><button>Send</button></form>",
        );
        assert_eq!(page.title, "A & B");
        assert_eq!(page.text, "Hello there , <you> Send");
        assert_eq!(page.named("html").next().unwrap().get("lang"), Some("fr"));
        let form = &page.forms[0];
        assert_eq!((form.method.as_str(), form.action.as_str(), form.button), ("post", "/x", true));
        assert!(form.fields[0].has("required") && form.fields[0].get("name") == Some("a"));
    }
}
