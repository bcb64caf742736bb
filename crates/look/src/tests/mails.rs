//! Every mail in every language.

use std::collections::BTreeSet;

use super::html::tags;
use super::renderer;
use crate::mail::{
    AddressChangeMail, AddressChangedMail, AddressRequestedMail, AddressTakenMail, InvitationMail, Letter,
    MailTemplate, NewDeviceMail, PasswordChangedMail, RecoveryMail, TestMail, UsernameChangedMail,
    VerificationMail, moment,
};
use crate::{Files, Locale, Renderer};
use domain::Millis;

const LINK: &str = "https://accounts.example.org/user/reset?token=Zm9vYmFy-_0";

/// What stands around several.
const FRAMES: [&str; 3] = ["mail/layout.html", "mail/notice.html", "mail/notice.txt"];

/// A mail, with the names of its templates.
struct Rendered {
    templates: [&'static str; 2],
    letter: Letter,
    /// Whether it is to be acted upon by a button.
    has_button: bool,
}

/// Every mail.
fn letters(renderer: &Renderer, locale: &Locale) -> Vec<Rendered> {
    fn one<M: MailTemplate>(renderer: &Renderer, locale: &Locale, has_button: bool, mail: &M) -> Rendered {
        let letter = renderer.letter(locale, mail).unwrap();
        Rendered { templates: [M::TEXT, M::HTML], letter, has_button }
    }
    let link = || LINK.to_owned();
    // 1 March 2024, 02:00:03
    let at = || moment(Millis(1_709_258_403_999), renderer.catalog().dates(locale));
    let device = |device: &str| NewDeviceMail { link: link(), at: at(), device: device.to_owned() };
    vec![
        one(renderer, locale, true, &RecoveryMail { link: link(), hours: 1 }),
        one(renderer, locale, true, &RecoveryMail { link: link(), hours: 24 }),
        one(renderer, locale, true, &InvitationMail { link: link(), days: 1 }),
        one(renderer, locale, true, &InvitationMail { link: link(), days: 7 }),
        one(renderer, locale, true, &VerificationMail { link: link(), hours: 24 }),
        one(renderer, locale, true, &AddressChangeMail { link: link(), hours: 24 }),
        one(renderer, locale, false, &PasswordChangedMail { link: link(), at: at() }),
        one(renderer, locale, false, &UsernameChangedMail { link: link(), at: at() }),
        one(renderer, locale, false, &AddressRequestedMail { link: link(), at: at() }),
        one(renderer, locale, false, &AddressChangedMail { link: link(), at: at() }),
        one(renderer, locale, false, &AddressTakenMail { link: link(), at: at() }),
        one(renderer, locale, false, &device("Firefox, Android")),
        one(renderer, locale, false, &device("")),
        one(renderer, locale, true, &TestMail { link: link() }),
    ]
}

#[test]
fn every_mail_says_what_it_has_to_in_every_language() {
    let renderer = renderer();
    let mut subjects = BTreeSet::new();
    for locale in renderer.catalog().locales() {
        for Rendered { templates, letter, has_button } in letters(&renderer, locale) {
            let what = format!("{templates:?}, {}", locale.as_str());
            assert!(letter.subject.contains("A <site> & \"friends\""), "{what}: {}", letter.subject);
            assert!(!letter.subject.contains(['\n', '\r']) && !letter.subject.contains("mail-"), "{what}");
            assert!(letter.text.lines().any(|line| line == LINK), "{what}: the link has a line of its own");
            assert!(letter.text.contains("A <site> & \"friends\""), "{what}");
            assert!(!letter.text.contains("{{") && !letter.text.contains("mail-"), "{what}: {}", letter.text);
            assert!(!letter.text.contains("\n\n\n"), "{what}: {}", letter.text);
            let tags = tags(&letter.html);
            assert_eq!(tags[0].get("lang"), Some(locale.as_str()), "{what}");
            let links: Vec<_> = tags.iter().filter_map(|tag| tag.get("href")).collect();
            let expected = tera::escape_html(LINK);
            assert_eq!(links.len(), if has_button { 2 } else { 1 }, "{what}");
            assert!(links.iter().all(|link| *link == expected), "{what}: {links:?}");
            assert!(!letter.html.contains("<site>") && !letter.html.contains("<script"), "{what}");
            assert!(!letter.html.contains("src="), "{what}: what is loaded tells who reads");
            subjects.insert(letter.subject);
        }
    }
    assert_eq!(subjects.len(), 11 * renderer.catalog().locales().count());
}

#[test]
fn a_notice_says_when_and_from_where_in_its_readers_language() {
    let renderer = renderer();
    for (code, when, with) in [
        ("en", "When: March 1, 2024 at 2:00 AM UTC", "With: Firefox, Android"),
        ("fr", "Date : 1 mars 2024 à 02:00 UTC", "Avec : Firefox, Android"),
        ("ru", "Когда: 1 марта 2024 г. в 02:00 UTC", "Откуда: Firefox, Android"),
    ] {
        let locale = renderer.catalog().find(code).unwrap();
        let at = moment(Millis(1_709_258_403_999), renderer.catalog().dates(locale));
        let mail = NewDeviceMail { link: LINK.to_owned(), at, device: "Firefox, Android".to_owned() };
        let letter = renderer.letter(locale, &mail).unwrap();
        assert!(letter.text.contains(&format!("\n{when}\n{with}\n")), "{}", letter.text);
        assert!(letter.html.contains(&format!("{when}<br>{with}</p>")), "{}", letter.html);
    }
}

#[test]
fn english_mail_travels_as_it_is_written() {
    let renderer = renderer();
    for Rendered { letter, .. } in letters(&renderer, renderer.catalog().find("en").unwrap()) {
        assert!(letter.text.is_ascii() && letter.html.is_ascii());
    }
}

#[test]
fn every_template_of_a_mail_is_looked_at() {
    let files = Files::load(None).unwrap();
    let written = files.templates.keys().map(String::as_str).filter(|name| name.starts_with("mail/"));
    let written: BTreeSet<&str> = written.filter(|name| !FRAMES.contains(name)).collect();
    let renderer = renderer();
    let seen = letters(&renderer, renderer.catalog().fallback());
    assert_eq!(seen.into_iter().flat_map(|mail| mail.templates).collect::<BTreeSet<_>>(), written);
}
