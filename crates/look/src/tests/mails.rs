//! Every mail in every state and language.

use std::collections::BTreeSet;

use super::html::tags;
use super::renderer;
use crate::mails::{MAILS, NewBrowserMail};
use crate::samples::{MailSamples as _, Words, mailed_link};
use crate::theme::gallery;
use crate::{Files, Locale, Look, Renderer};

/// The templates that frame several mails.
const FRAMES: [&str; 3] = ["mail/layout.html", "mail/notice.html", "mail/notice.txt"];

/// A mail in one state.
struct MailSeen {
    /// The templates and the state, for the message of a failure.
    what: String,
    subject: String,
    text: String,
    html: String,
    /// Whether the mail has a button. Mails without one only inform.
    has_button: bool,
}

fn mails(renderer: &Renderer, locale: &Locale) -> Vec<MailSeen> {
    let files = Files::load(None).unwrap();
    let mut seen = Vec::new();
    for entry in MAILS {
        let [text, html] = entry.templates else { panic!("{:?}", entry.templates) };
        let rendered = |template: &str| gallery(renderer, Look::Themed, locale, |name| name == template);
        let has_button = files.templates[*html].contains("-button\"");
        let samples = (entry.samples)(Words { renderer, locale });
        for ((prepared, text), html) in samples.into_iter().zip(rendered(text)).zip(rendered(html)) {
            let what = format!("{:?}, {}, {}", entry.templates, prepared.state, locale.as_str());
            let subject = prepared.context.unwrap().get("subject").unwrap().as_str().unwrap().to_owned();
            let (text, html) = (text.content.unwrap(), html.content.unwrap());
            seen.push(MailSeen { what, subject, text, html, has_button });
        }
    }
    seen
}

#[test]
fn every_mail_says_what_it_has_to_in_every_language() {
    let renderer = renderer();
    let mut subjects = BTreeSet::new();
    for locale in renderer.catalog().locales() {
        for MailSeen { what, subject, text, html, has_button } in mails(&renderer, locale) {
            assert!(subject.contains("A <site> & \"friends\""), "{what}: {subject}");
            assert!(!subject.contains(['\n', '\r']) && !subject.contains("mail-"), "{what}");
            assert!(text.lines().any(|line| line == mailed_link()), "{what}: the link has a line of its own");
            assert!(text.contains("A <site> & \"friends\""), "{what}");
            assert!(!text.contains("{{") && !text.contains("mail-"), "{what}: {text}");
            assert!(!text.contains("\n\n\n"), "{what}: {text}");
            let tags = tags(&html);
            assert_eq!(tags[0].get("lang"), Some(locale.as_str()), "{what}");
            let links: Vec<_> = tags.iter().filter_map(|tag| tag.get("href")).collect();
            let expected = tera::escape_html(&mailed_link());
            assert_eq!(links.len(), if has_button { 2 } else { 1 }, "{what}");
            assert!(links.iter().all(|link| *link == expected), "{what}: {links:?}");
            assert!(!html.contains("<site>") && !html.contains("<script"), "{what}");
            assert!(!html.contains("src="), "{what}: what is loaded tells who reads");
            subjects.insert(subject);
        }
    }
    assert_eq!(subjects.len(), MAILS.len() * renderer.catalog().locales().count());
}

#[test]
fn a_notice_says_when_and_from_where_in_its_readers_language() {
    let renderer = renderer();
    for (code, when, with) in [
        ("en", "When: March 1, 2024 at 2:00 AM UTC", "Device: Firefox, Android"),
        ("fr", "Date\u{a0}: 1er mars 2024 à 02:00 UTC", "Appareil\u{a0}: Firefox, Android"),
        ("ru", "Когда: 1 марта 2024 г. в 02:00 UTC", "Устройство: Firefox, Android"),
    ] {
        let locale = renderer.catalog().find(code).unwrap();
        let samples = NewBrowserMail::samples(Words { renderer: &renderer, locale });
        let (_, mail) = samples.into_iter().find(|(_, mail)| mail.device == "Firefox, Android").unwrap();
        let mail = renderer.mail(locale, &mail).unwrap();
        assert!(mail.text.contains(&format!("\n{when}\n{with}\n")), "{}", mail.text);
        assert!(mail.html.contains(&format!("{when}<br>{with}</p>")), "{}", mail.html);
    }
}

#[test]
fn english_mail_travels_as_it_is_written() {
    let renderer = renderer();
    for mail in mails(&renderer, renderer.catalog().find("en").unwrap()) {
        assert!(mail.text.is_ascii() && mail.html.is_ascii(), "{}", mail.what);
    }
}

#[test]
fn every_template_of_a_mail_is_looked_at() {
    let files = Files::load(None).unwrap();
    let written = files.templates.keys().map(String::as_str).filter(|name| name.starts_with("mail/"));
    let written: BTreeSet<&str> = written.filter(|name| !FRAMES.contains(name)).collect();
    let listed: BTreeSet<&str> = MAILS.iter().flat_map(|entry| entry.templates).copied().collect();
    assert_eq!(listed, written);
}
