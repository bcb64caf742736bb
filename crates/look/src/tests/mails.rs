//! Every mail in every state and language.

use std::collections::BTreeSet;

use super::html::{HtmlTag, tags};
use crate::mails::{MAILS, NewBrowserMail, RecoveryMail};
use crate::samples::{MailSamples as _, Words, mailed_link};
use crate::theme::gallery;
use crate::{Accent, Brand, Facts, Files, Locale, Logo, Look, Renderer};

/// The templates that frame several mails.
const FRAMES: [&str; 4] = ["mail/layout.html", "mail/layout.txt", "mail/notice.html", "mail/notice.txt"];

const SITE: &str = "A <site> & \"friends\"";

/// What an operator can say of the site, all of it.
fn facts() -> Facts {
    let brand = Brand {
        origin: "https://accounts.example.org".into(),
        url: "https://example.org/".into(),
        logo: Some(Logo::read(b"\x89PNG\r\n\x1a\n".to_vec()).unwrap()),
        accent: Accent::parse("#ffd84d"),
        imprint: "/imprint".into(),
        privacy: "/privacy".into(),
        help: "/help".into(),
        ..Brand::default()
    };
    Facts { site_name: SITE.into(), brand, ..Facts::default() }
}

/// A renderer that knows all that an operator can say, and one that knows nothing.
fn renderers() -> [Renderer; 2] {
    [facts(), Facts { site_name: SITE.into(), ..Facts::default() }]
        .map(|facts| Renderer::load(None, "en", facts).unwrap())
}

/// A mail in one state.
struct MailSeen {
    /// The templates and the state, for the message of a failure.
    what: String,
    subject: String,
    text: String,
    html: String,
}

fn mails(renderer: &Renderer, locale: &Locale) -> Vec<MailSeen> {
    let mut seen = Vec::new();
    for entry in MAILS {
        let [text, html] = entry.templates else { panic!("{:?}", entry.templates) };
        let rendered = |template: &str| gallery(renderer, Look::Themed, locale, |name| name == template);
        let samples = (entry.samples)(Words { renderer, locale });
        for ((prepared, text), html) in samples.into_iter().zip(rendered(text)).zip(rendered(html)) {
            let what = format!("{:?}, {}, {}", entry.templates, prepared.state, locale.as_str());
            let subject = prepared.context.unwrap().get("subject").unwrap().as_str().unwrap().to_owned();
            let (text, html) = (text.content.unwrap(), html.content.unwrap());
            seen.push(MailSeen { what, subject, text, html });
        }
    }
    seen
}

/// Every mail, of a site that says all of itself and of one that says nothing.
fn every_mail(mut see: impl FnMut(&Renderer, &Locale, MailSeen)) {
    for renderer in renderers() {
        for locale in renderer.catalog().locales() {
            mails(&renderer, locale).into_iter().for_each(|mail| see(&renderer, locale, mail));
        }
    }
}

fn attributes<'a>(tags: &'a [HtmlTag<'a>], name: &str) -> Vec<&'a str> {
    tags.iter().filter_map(|tag| tag.get(name)).collect()
}

#[test]
fn every_mail_says_what_it_has_to_in_every_language() {
    let mut subjects = BTreeSet::new();
    every_mail(|renderer, locale, MailSeen { what, subject, text, html }| {
        assert!(subject.contains(SITE), "{what}: {subject}");
        assert!(!subject.contains(['\n', '\r']) && !subject.contains("mail-"), "{what}");
        let alone = text.lines().filter(|line| line.starts_with("http")).collect::<Vec<_>>();
        assert_eq!(alone, [mailed_link()], "{what}: the link alone has a line of its own");
        assert!(!text.contains("{{") && !text.contains("mail-"), "{what}: {text}");
        assert!(!text.contains("\n\n\n") && !text.contains(" \n\n"), "{what}: {text}");
        let site = renderer.site_in_mails();
        let (_, signature) = text.split_once("\n\n-- \n").unwrap();
        assert!(signature.starts_with(&format!("{SITE} <{}>\n", site.url)), "{what}: {text}");
        let tags = tags(&html);
        assert_eq!(tags[0].get("lang"), Some(locale.as_str()), "{what}");
        let escaped = |address: &str| tera::escape_html(address);
        let links = attributes(&tags, "href");
        let to_it = links.iter().filter(|link| **link == escaped(&mailed_link())).count();
        assert_eq!(to_it, 2, "{what}: a button and small print");
        for part in [site.help, site.privacy, site.imprint] {
            assert!(part.is_empty() || signature.contains(part), "{what}: {part}");
            assert!(part.is_empty() || links.contains(&escaped(part).as_str()), "{what}: {part}");
        }
        assert!(!html.contains("<site>") && !html.contains("<script"), "{what}");
        // What is loaded tells who reads: the logo, and that only where the operator wants one.
        let loaded = attributes(&tags, "src");
        let logo = escaped(site.logo_url);
        assert!(loaded == [logo.as_str()] || (loaded.is_empty() && logo.is_empty()), "{what}: {loaded:?}");
        subjects.insert(subject);
    });
    assert_eq!(subjects.len(), MAILS.len() * 3);
}

#[test]
fn every_mail_is_built_as_mail_readers_want_it() {
    every_mail(|_, _, MailSeen { what, subject, text, html }| {
        assert!(html.len() < 30 * 1_024 && text.len() < 30 * 1_024, "{what}: {}", html.len());
        let long = |line: &&str| line.chars().count() > 78 && !line.contains("://");
        assert_eq!(text.lines().find(long), None, "{what}");
        assert!(html.lines().all(|line| line.len() < 900), "{what}: no server takes longer lines");
        let tags = tags(&html);
        let count = |name: &str| tags.iter().filter(|tag| tag.name == name).count();
        for name in ["html", "head", "title", "body", "style", "h1"] {
            assert_eq!(count(name), 1, "{what}: <{name}>");
        }
        assert_eq!(count("h2") + count("script") + count("form") + count("link"), 0, "{what}");
        for tag in &tags {
            match tag.name {
                "table" => assert_eq!(tag.get("role"), Some("presentation"), "{what}"),
                "img" => assert!(tag.get("alt").is_some_and(|alt| !alt.is_empty()), "{what}"),
                // Readers that know no classes still show it.
                "td" => assert!(tag.get("style").is_some(), "{what}"),
                _ => {}
            }
        }
        for name in ["href", "src"] {
            let whole = |address: &&str| address.starts_with("http:") || address.starts_with("https:");
            assert!(attributes(&tags, name).iter().all(whole), "{what}: {name}");
        }
        let between = |start: &str, end: &str| {
            html.split_once(start).unwrap().1.split_once('>').unwrap().1.split_once(end).unwrap().0.trim()
        };
        let (preheader, heading) = (between("<div aria-hidden", "</div>"), between("<h1", "</h1>"));
        assert!(!preheader.is_empty() && !heading.is_empty(), "{what}");
        assert!(preheader != heading && tera::escape_html(&subject) != preheader, "{what}: {preheader}");
    });
}

#[test]
fn a_mail_has_the_colours_of_the_site() {
    let [branded, plain] = renderers();
    for renderer in [&branded, &plain] {
        let locale = renderer.catalog().fallback();
        let site = renderer.site_in_mails();
        let (_, mail) = RecoveryMail::samples(Words { renderer, locale }).remove(0);
        let html = renderer.mail(locale, &mail).unwrap().html;
        let (head, body) = html.split_once("</style>").unwrap();
        let (_, night) = head.split_once("prefers-color-scheme: dark").unwrap();
        assert!(body.contains(&format!("bgcolor=\"{}\"", site.accent)), "{body}");
        assert!(body.contains(&format!("color:{};font-weight", site.on_accent)), "{body}");
        assert!(night.contains(site.accent_dark) && night.contains(site.on_accent_dark), "{night}");
    }
    assert_ne!(branded.site_in_mails().accent, plain.site_in_mails().accent);
}

/// What themes for contract 1 have been told: `mail/layout.html` has one block, `content`.
const FORMER_LAYOUT: &str = "<!doctype html>\n<html lang=\"{{ lang }}\">\n<head><title>{{ subject }}</title></head>\n\
     <body style=\"background:#000;color:#fff\">\n<p>{{ site.name }}</p>\n{% block content %}{% endblock content %}\n\
     </body>\n</html>\n";

#[test]
fn a_layout_that_knows_only_the_content_goes_on_working() {
    let theme = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(theme.path().join("templates/mail")).unwrap();
    std::fs::write(theme.path().join("templates/mail/layout.html"), FORMER_LAYOUT).unwrap();
    let renderer = Renderer::load(Some(theme.path()), "en", facts()).unwrap();
    for mail in mails(&renderer, renderer.catalog().fallback()) {
        assert!(mail.html.contains("background:#000"), "{}: {}", mail.what, mail.html);
        let links = attributes(&tags(&mail.html), "href").len();
        assert_eq!(links, 2, "{}: {}", mail.what, mail.html);
    }
}

#[test]
fn a_theme_changes_the_colours_of_all_mails_and_one_mail_alone() {
    let theme = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(theme.path().join("templates/mail")).unwrap();
    let layout = "{% extends \"builtin/mail/layout.html\" %}\n{% block palette -%}\n{{ super() }}\n\
         {%- set accent = \"#123456\" %}{% set button_radius = \"3px\" -%}\n{%- endblock palette %}\n";
    std::fs::write(theme.path().join("templates/mail/layout.html"), layout).unwrap();
    let own = "{% extends \"mail/layout.html\" %}\n\
         {% block content %}<a href=\"{{ mail.link }}\">Go</a>{% endblock content %}\n";
    std::fs::write(theme.path().join("templates/mail/test.html"), own).unwrap();
    let renderer = Renderer::load(Some(theme.path()), "en", facts()).unwrap();
    for mail in mails(&renderer, renderer.catalog().fallback()) {
        let is_own = mail.what.contains("mail/test.html");
        assert!(mail.html.starts_with("<!doctype html>"), "{}: {}", mail.what, mail.html);
        assert_eq!(mail.html.contains("border-radius:3px"), !is_own, "{}: {}", mail.what, mail.html);
        assert_eq!(mail.html.contains("#123456"), !is_own, "{}: {}", mail.what, mail.html);
        assert_eq!(mail.html.contains(">Go</a>"), is_own, "{}: {}", mail.what, mail.html);
        let subject = tera::escape_html(&mail.subject);
        assert_eq!(mail.html.contains(&format!(">{subject}</h1>")), is_own, "{}", mail.html);
    }
}

#[test]
fn a_notice_says_when_and_from_where_in_its_readers_language() {
    let [renderer, _] = renderers();
    for (code, when, with, from) in [
        ("en", "When: March 1, 2024 at 2:00 AM UTC", "Device: Firefox, Android", "Network: 203.0.113.0/24"),
        (
            "fr",
            "Date\u{a0}: 1er mars 2024 à 02:00 UTC",
            "Appareil\u{a0}: Firefox, Android",
            "Réseau\u{a0}: 203.0.113.0/24",
        ),
        ("ru", "Когда: 1 марта 2024 г. в 02:00 UTC", "Устройство: Firefox, Android", "Сеть: 203.0.113.0/24"),
    ] {
        let locale = renderer.catalog().find(code).unwrap();
        let samples = NewBrowserMail::samples(Words { renderer: &renderer, locale });
        let (_, mail) = samples.into_iter().find(|(_, mail)| mail.device == "Firefox, Android").unwrap();
        let mail = renderer.mail(locale, &mail).unwrap();
        assert_eq!(mail.language, code);
        assert!(mail.text.contains(&format!("\n{when}\n{with}\n{from}\n")), "{}", mail.text);
        let html = mail.html.replace("&#x2F;", "/");
        assert!(html.contains(&format!("{when}<br>{with}<br>{from}</p>")), "{html}");
    }
}

#[test]
fn a_link_says_until_when_it_works() {
    let [renderer, _] = renderers();
    for (code, until) in [
        ("en", "Valid until March 1, 2024 at 2:00 AM UTC."),
        ("fr", "Valable jusqu’au 1er mars 2024 à 02:00 UTC."),
        ("ru", "Ссылка перестанет работать 1 марта 2024 г. в 02:00 UTC."),
    ] {
        let locale = renderer.catalog().find(code).unwrap();
        let (_, mail) = RecoveryMail::samples(Words { renderer: &renderer, locale }).remove(0);
        let mail = renderer.mail(locale, &mail).unwrap();
        assert!(mail.text.contains(&format!("\n{until}\n")), "{}", mail.text);
        assert!(mail.html.contains(&format!("<br>{until}</p>")), "{}", mail.html);
    }
}

#[test]
fn english_mail_travels_as_it_is_written() {
    for renderer in renderers() {
        for mail in mails(&renderer, renderer.catalog().find("en").unwrap()) {
            assert!(mail.text.is_ascii() && mail.html.is_ascii(), "{}", mail.what);
        }
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
