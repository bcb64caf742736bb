//! The list of the mails that became files, for a developer.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::TimeView;
use domain::Millis;

/// All mails that became files.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DevMailsPage {
    /// The mails, newest first.
    pub mails: Vec<DevMailView>,
}

impl Page for DevMailsPage {
    const TEMPLATE: &'static str = "pages/dev_mails.html";
}

/// A mail in the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DevMailView {
    /// Name of its file, the last part of its URL.
    pub name: String,
    /// E-mail address of the recipient.
    pub to: String,
    /// Subject, one line.
    pub subject: String,
    /// When it was sent.
    pub sent_at: TimeView,
}

impl PageSamples for DevMailsPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |mails: &[DevMailView]| Self { mails: mails.to_vec() };
        let usual = mail(words, "ada@example.org", "Choose a new password");
        vec![
            Sample::of("no mail", page(&[])),
            Sample::of(
                "a little mail",
                page(&[usual.clone(), mail(words, "ada@example.org", "Придумайте пароль")]),
            ),
            Sample::of("much mail", page(&vec![usual; 200])),
            Sample::of("hostile", page(&[mail(words, HOSTILE, HOSTILE)])),
            Sample::of("long", page(&[mail(words, &long("ada@example.org"), &long("Choose"))])),
        ]
    }
}

pub(super) fn mail(words: Words<'_>, to: &str, subject: &str) -> DevMailView {
    DevMailView {
        name: "20260101T000001.234Z-00000007-2.eml".to_owned(),
        to: to.to_owned(),
        subject: subject.to_owned(),
        sent_at: TimeView::minute(Millis(1_767_225_601_234), words.dates()),
    }
}
