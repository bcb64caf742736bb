//! The states of the pages that show the mail which became files.

use super::{HOSTILE, Sample, Samples, Words, long};
use crate::pages::{DevMailLine, DevMailPage, DevMailView, DevMailsPage, TimeView};
use domain::Millis;

fn mail(words: Words<'_>, to: &str, subject: &str) -> DevMailView {
    DevMailView {
        name: "20260101T000001.234Z-00000007-2.eml".to_owned(),
        to: to.to_owned(),
        subject: subject.to_owned(),
        sent_at: TimeView::minute(Millis(1_767_225_601_234), words.dates()),
    }
}

impl Samples for DevMailsPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |mails: &[DevMailView]| Self { mails: mails.to_vec() };
        let usual = mail(words, "ada@example.org", "Choose a new password");
        vec![
            Sample::of("no mail", page(&[])),
            Sample::of(
                "a little mail",
                page(&[usual.clone(), mail(words, "ada@example.org", "Выберите пароль")]),
            ),
            Sample::of("much mail", page(&vec![usual; 200])),
            Sample::of("hostile", page(&[mail(words, HOSTILE, HOSTILE)])),
            Sample::of("long", page(&[mail(words, &long("ada@example.org"), &long("Choose"))])),
        ]
    }
}

impl Samples for DevMailPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |to: &str, subject: &str, lines: &[(&str, &str)]| {
            let line =
                |(text, href): &(&str, &str)| DevMailLine { text: (*text).into(), href: (*href).into() };
            Self { mail: mail(words, to, subject), lines: lines.iter().map(line).collect() }
        };
        let link = ("http://127.0.0.1:8000/user/reset?token=Zm9v", "/user/reset?token=Zm9v");
        vec![
            Sample::of("a message", page("ada@example.org", "Choose", &[("Hello,", ""), ("", ""), link])),
            Sample::of("hostile", page(HOSTILE, HOSTILE, &[(HOSTILE, "/user/reset?token=\"<>")])),
            Sample::of("long", page(&long("a@b.c"), &long("Choose"), &[(&long("https://"), "")])),
        ]
    }
}
