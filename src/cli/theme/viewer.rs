//! The pages that show a theme, for the gallery and the preview: a list of all templates, and for each
//! template its states in frames, which a browser loads when they come into view.

use std::fmt::Write as _;

use super::preview::{escaped, slug};

/// The style sheet of both.
pub const STYLE: &str = include_str!("viewer/viewer.css");
/// The script that filters the frames of a template. Without it all of them are shown.
pub const SCRIPT: &str = include_str!("viewer/viewer.js");

/// The widths of the frames in pixels: a telephone, a tablet, a desktop.
const WIDTHS: [&str; 3] = ["390", "768", "1280"];

/// Where a viewer is served.
#[derive(Clone, Copy)]
pub struct Viewer<'a> {
    /// The name of the theme.
    pub theme: &'a str,
    /// The link to the list of templates.
    pub home: &'a str,
    /// What stands before the names of `viewer.css` and `viewer.js`.
    pub tools: &'a str,
    /// Markup for the head of every page, such as a script that loads it again.
    pub head: &'a str,
    /// Markup below the heading of every page, such as the findings.
    pub notes: &'a str,
}

/// One page or mail in one state and language. Its frame runs no scripts and takes no focus: a field that
/// takes it would scroll to itself, past all other frames.
pub struct Frame {
    /// The state, such as `errors everywhere`.
    pub state: String,
    /// The language's code.
    pub language: String,
    /// The link to the page.
    pub link: String,
    /// The link to the same page in the built-in look, where there is a server that makes it.
    pub builtin: Option<String>,
}

/// The link from the list to the frames of a template.
pub fn link_to(template: &str) -> String {
    format!("{}.html", slug(template))
}

impl Viewer<'_> {
    /// The list of all templates, pages and mails apart.
    pub fn index(&self, templates: &[&str]) -> String {
        let mut body = format!("<h1>{}</h1>{}", escaped(self.theme), self.notes);
        let mails = |template: &&&str| template.starts_with("mail/");
        let groups = [
            ("Pages", templates.iter().filter(|template| !mails(template)).collect::<Vec<_>>()),
            ("Mails", templates.iter().filter(mails).collect()),
        ];
        for (title, templates) in groups {
            // Writing to a `String` cannot fail.
            let _ = write!(body, "<h2>{title}</h2><nav aria-label=\"{title}\"><ul>");
            for template in templates {
                let (link, name) = (link_to(template), escaped(template));
                let _ = write!(body, "<li><a href=\"{link}\">{name}</a></li>");
            }
            body.push_str("</ul></nav>");
        }
        self.page(self.theme, "", &body)
    }

    /// The frames of a template. Of `templates` the others can be chosen.
    pub fn frames(&self, template: &str, templates: &[&str], frames: &[Frame]) -> String {
        let (name, theme) = (escaped(template), escaped(self.theme));
        let mut body = format!(
            "<nav><a href=\"{}\">{theme}</a></nav><h1>{name}</h1>{}<form hidden>",
            self.home, self.notes
        );
        let pages: Vec<_> =
            templates.iter().map(|name| (link_to(name), (*name).to_owned(), *name == template)).collect();
        body.push_str(&choice("Page", "page", &pages));
        let plain = |values: Vec<&str>| -> Vec<(String, String, bool)> {
            values.into_iter().map(|value| (value.to_owned(), value.to_owned(), false)).collect()
        };
        let all = vec![(String::new(), "all".to_owned(), false)];
        let states = distinct(frames.iter().map(|frame| frame.state.as_str()));
        body.push_str(&choice("State", "state", &[all.clone(), plain(states)].concat()));
        let languages = distinct(frames.iter().map(|frame| frame.language.as_str()));
        // One language at first: nobody looks at all of them at once.
        body.push_str(&choice("Language", "language", &[plain(languages), all].concat()));
        body.push_str(&choice("Width", "width", &plain(WIDTHS.to_vec())));
        body.push_str(&choice("Colours", "scheme", &plain(vec!["light", "dark"])));
        if frames.iter().any(|frame| frame.builtin.is_some()) {
            body.push_str(&choice("Look", "look", &plain(vec!["theme", "builtin"])));
        }
        body.push_str("</form><main data-width=\"390\" data-scheme=\"light\">");
        for Frame { state, language, link, builtin } in frames {
            let (state, link) = (escaped(state), escaped(link));
            let builtin = builtin
                .as_ref()
                .map_or_else(String::new, |link| format!(" data-builtin=\"{}\"", escaped(link)));
            let _ = write!(
                body,
                "<figure data-state=\"{state}\" data-language=\"{language}\"><figcaption><a href=\"{link}\">\
                 {state}, {language}</a></figcaption><iframe loading=\"lazy\" sandbox=\"allow-same-origin\" title=\"{state}, {language}\" \
                 src=\"{link}\" data-theme=\"{link}\"{builtin}></iframe></figure>"
            );
        }
        body.push_str("</main>");
        let script = format!("<script src=\"{}viewer.js\" defer></script>", self.tools);
        self.page(template, &script, &body)
    }

    fn page(&self, title: &str, head: &str, body: &str) -> String {
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{}</title>\
             <link rel=\"stylesheet\" href=\"{}viewer.css\">{head}{}</head><body>{body}</body></html>\n",
            escaped(title),
            self.tools,
            self.head
        )
    }
}

/// A choice of one of `options`: value, text, and whether it is chosen.
fn choice(label: &str, name: &str, options: &[(String, String, bool)]) -> String {
    let mut out = format!("<label>{label} <select name=\"{name}\" autocomplete=\"off\">");
    for (value, text, chosen) in options {
        let selected = if *chosen { " selected" } else { "" };
        // Writing to a `String` cannot fail.
        let _ = write!(out, "<option value=\"{}\"{selected}>{}</option>", escaped(value), escaped(text));
    }
    out + "</select></label>"
}

/// Each value once, in the order of their first appearance.
fn distinct<'v>(values: impl Iterator<Item = &'v str>) -> Vec<&'v str> {
    let mut found = Vec::new();
    for value in values {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
}
