//! Every mail in every language.

use std::collections::BTreeSet;

use super::html::tags;
use super::renderer;
use crate::view::mail::{InvitationMail, Letter, MailTemplate, RecoveryMail, TestMail};
use crate::view::{Files, Locale, Renderer};

const LINK: &str = "https://accounts.example.org/user/reset?token=Zm9vYmFy-_0";

/// Every mail, with the names of its templates.
fn letters(renderer: &Renderer, locale: &Locale) -> Vec<([&'static str; 2], Letter)> {
    fn one<M: MailTemplate>(renderer: &Renderer, locale: &Locale, mail: &M) -> ([&'static str; 2], Letter) {
        ([M::TEXT, M::HTML], renderer.letter(locale, mail).unwrap())
    }
    let link = || LINK.to_owned();
    vec![
        one(renderer, locale, &RecoveryMail { link: link(), hours: 1 }),
        one(renderer, locale, &RecoveryMail { link: link(), hours: 24 }),
        one(renderer, locale, &InvitationMail { link: link(), days: 1 }),
        one(renderer, locale, &InvitationMail { link: link(), days: 7 }),
        one(renderer, locale, &TestMail { link: link() }),
    ]
}

#[test]
fn every_mail_says_what_it_has_to_in_every_language() {
    let renderer = renderer();
    let mut subjects = BTreeSet::new();
    for locale in renderer.catalog().locales() {
        for (templates, letter) in letters(&renderer, locale) {
            let what = format!("{templates:?}, {}", locale.as_str());
            assert!(letter.subject.contains("A <site> & \"friends\""), "{what}: {}", letter.subject);
            assert!(!letter.subject.contains(['\n', '\r']) && !letter.subject.contains("mail-"), "{what}");
            assert!(letter.text.lines().any(|line| line == LINK), "{what}: the link has a line of its own");
            assert!(letter.text.contains("A <site> & \"friends\""), "{what}");
            assert!(!letter.text.contains("{{") && !letter.text.contains("mail-"), "{what}: {}", letter.text);
            let tags = tags(&letter.html);
            assert_eq!(tags[0].get("lang"), Some(locale.as_str()), "{what}");
            let links: Vec<_> = tags.iter().filter_map(|tag| tag.get("href")).collect();
            let expected = tera::escape_html(LINK);
            assert_eq!(links, [expected.as_str(), expected.as_str()], "{what}");
            assert!(!letter.html.contains("<site>") && !letter.html.contains("<script"), "{what}");
            assert!(!letter.html.contains("src="), "{what}: what is loaded tells who reads");
            subjects.insert(letter.subject);
        }
    }
    assert_eq!(subjects.len(), 3 * renderer.catalog().locales().count());
}

#[test]
fn english_mail_travels_as_it_is_written() {
    let renderer = renderer();
    for (_, letter) in letters(&renderer, renderer.catalog().find("en").unwrap()) {
        assert!(letter.text.is_ascii() && letter.html.is_ascii());
    }
}

#[test]
fn every_template_of_a_mail_is_looked_at() {
    let files = Files::load(None).unwrap();
    let written = files.templates.keys().map(String::as_str).filter(|name| name.starts_with("mail/"));
    let written: BTreeSet<&str> = written.filter(|name| *name != "mail/layout.html").collect();
    let renderer = renderer();
    let seen = letters(&renderer, renderer.catalog().fallback());
    assert_eq!(seen.into_iter().flat_map(|(templates, _)| templates).collect::<BTreeSet<_>>(), written);
}
