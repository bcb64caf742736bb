//! One mail that became a file, for a developer.

use serde::Serialize;
use utoipa::ToSchema;

use super::dev_mails::{DevMailView, mail};
use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};

/// One mail that became a file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DevMailPage {
    /// Its file, recipient, subject and time.
    pub mail: DevMailView,
    /// Its text, line by line.
    pub lines: Vec<DevMailLine>,
}

impl Page for DevMailPage {
    const TEMPLATE: &'static str = "pages/dev_mail.html";
}

/// A line of a mail's text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DevMailLine {
    /// Text of the line.
    pub text: String,
    /// Path on this site, if the line is a URL of this site; else empty.
    pub href: String,
}

impl PageSamples for DevMailPage {
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
