//! A page that stands alone, in a file that people take home: no script, and nothing that is loaded from
//! elsewhere. It says what there is in words; beside it lies the same for programs.

use serde::Serialize;

use crate::template::SiteView;
use crate::values::TimeView;
use crate::{Locale, Look, Renderer, ViewError};

/// What an account has, to be read by its owner.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DataPaper {
    /// The account's address.
    pub email: String,
    /// When it was put together.
    pub made_at: TimeView,
    /// The account's picture, as a file beside the page; empty without one.
    pub picture: String,
    /// What there is, a table each.
    pub tables: Vec<PaperTable>,
}

/// A table of the page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PaperTable {
    /// Its id in the page.
    pub id: &'static str,
    /// Its heading.
    pub title: String,
    /// What is in it.
    pub caption: String,
    /// The file beside the page that has the same for programs, and all of it.
    pub file: &'static str,
    /// The headings of its columns.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<PaperRow>,
    /// How many more rows the file has that the page leaves out.
    pub more: u64,
}

/// A row of a table.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PaperRow {
    /// Its first cell, which says what the row is about.
    pub head: String,
    /// Its other cells.
    pub cells: Vec<PaperCell>,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PaperCell {
    /// What it says; may be empty.
    pub text: String,
    /// The same for `datetime="…"`, if it is a time; else empty.
    pub iso: String,
}

impl From<String> for PaperCell {
    fn from(text: String) -> Self {
        Self { text, iso: String::new() }
    }
}

impl From<TimeView> for PaperCell {
    fn from(time: TimeView) -> Self {
        Self { text: time.text, iso: time.iso }
    }
}

/// The variables of the template.
#[derive(Serialize)]
struct PaperFrame<'a> {
    lang: &'a str,
    /// The direction in which the language is written.
    dir: &'static str,
    site: SiteView<'a>,
    paper: &'a DataPaper,
}

/// The template below `templates/`.
const TEMPLATE: &str = "papers/data.html";

/// Languages that are written from right to left, as an operator may add one.
const RIGHT_TO_LEFT: [&str; 9] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ur", "yi"];

fn direction(language: &str) -> &'static str {
    let base = language.split('-').next().unwrap_or_default();
    if RIGHT_TO_LEFT.contains(&base) { "rtl" } else { "ltr" }
}

impl Renderer {
    /// The language that the page is in for somebody who wants `wanted`: one that can say all of it. What it
    /// is filled with is to be in the same.
    pub fn language_of_paper<'a>(&'a self, wanted: &'a Locale) -> &'a Locale {
        self.language_of(Look::Themed, &[TEMPLATE], wanted)
    }

    /// Fills the page, in the language that [`language_of_paper`](Self::language_of_paper) gave.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    pub fn paper(&self, locale: &Locale, paper: &DataPaper) -> Result<String, ViewError> {
        let lang = locale.as_str();
        let frame = PaperFrame { lang, dir: direction(lang), site: self.site_in_mails(), paper };
        self.fill(TEMPLATE, locale, &self.context(frame)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Facts;
    use crate::samples::HOSTILE;

    fn cell(text: &str) -> PaperCell {
        text.to_owned().into()
    }

    fn sample() -> DataPaper {
        let time = TimeView { iso: "2024-03-01T02:00:03Z".into(), text: "1 March 2024".into() };
        let table = |id, rows, more| PaperTable {
            id,
            title: HOSTILE.into(),
            caption: HOSTILE.into(),
            file: "log.json",
            columns: vec!["What".into(), HOSTILE.into(), "When".into()],
            rows,
            more,
        };
        let row = PaperRow { head: HOSTILE.into(), cells: vec![cell(HOSTILE), time.clone().into()] };
        let short = PaperRow { head: "x".into(), cells: vec![cell(""), cell("")] };
        DataPaper {
            email: HOSTILE.into(),
            made_at: time,
            picture: "pictures/256.png".into(),
            tables: vec![table("log", vec![row, short], 7), table("mails", Vec::new(), 0)],
        }
    }

    #[test]
    fn the_page_stands_alone_and_is_escaped_in_every_language() {
        let facts = Facts { site_name: HOSTILE.into(), ..Facts::default() };
        let renderer = Renderer::load(None, "en", facts).unwrap();
        for locale in renderer.catalog().locales() {
            assert_eq!(renderer.language_of_paper(locale), locale);
            let html = renderer.paper(locale, &sample()).unwrap();
            let what = locale.as_str();
            let begins = format!("<!doctype html>\n<html lang=\"{what}\" dir=\"ltr\">");
            assert!(html.starts_with(&begins), "{html}");
            assert!(!html.contains("alert('x')") && !html.contains("<script"), "{what}");
            assert!(!html.contains("paper-"), "a sentence is missing: {html}");
            for address in html.split("src=\"").skip(1).chain(html.split("href=\"").skip(1)) {
                let address = address.split('"').next().unwrap();
                let own = ["#", "log.json", "pictures&#x2F;256.png"];
                assert!(own.iter().any(|own| address.starts_with(own)), "{what}: {address} is elsewhere");
            }
            assert!(!html.contains("url(") && !html.contains("@import"), "{what}");
            for name in ["<h1", "<main", "<title", "<style"] {
                assert_eq!(html.matches(name).count(), 1, "{name}, {what}");
            }
            // Each table says what it is, and each cell of it what it belongs to.
            assert_eq!(html.matches("<table").count(), 1, "{what}: an empty one is a sentence");
            assert_eq!(html.matches("<caption").count(), 1, "{what}");
            assert_eq!(html.matches("scope=\"col\"").count(), 3, "{what}");
            assert_eq!(html.matches("scope=\"row\"").count(), 2, "{what}");
            assert!(html.contains("<time datetime=\"2024-03-01T02:00:03Z\">1 March 2024</time>"), "{html}");
        }
    }

    #[test]
    fn a_language_says_in_which_direction_it_is_read() {
        for (language, dir) in [("en", "ltr"), ("fr-CA", "ltr"), ("he", "rtl"), ("ar-EG", "rtl")] {
            assert_eq!(direction(language), dir, "{language}");
        }
    }
}
