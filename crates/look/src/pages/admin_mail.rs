//! The outbox, for the operator's staff.

use serde::Serialize;
use utoipa::ToSchema;

use super::admin_account::{MailView, mail};
use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};

/// Mail that waits, and mail that was set aside.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AdminMailPage {
    /// Which page of the administration it is: `mail`.
    pub here: &'static str,
    /// Whether only what was set aside is listed.
    pub failed: bool,
    /// The messages, the oldest first.
    pub mails: Vec<MailView>,
    /// The query of the page that goes on; empty if this is the last one.
    pub next: String,
    /// Whether this is not the first page.
    pub later: bool,
}

impl Page for AdminMailPage {
    const TEMPLATE: &'static str = "pages/admin_mail.html";
    const PANELS: &'static [&'static str] = &["outbox"];
}

impl PageSamples for AdminMailPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |mails| Self { here: "mail", failed: false, mails, next: String::new(), later: false };
        let several = || {
            vec![
                mail(words, 1, "failed", "550 no such user"),
                mail(words, 2, "waiting", "connection refused"),
                mail(words, 3, "sending", ""),
            ]
        };
        let hostile = MailView {
            kind: HOSTILE.to_owned(),
            recipient: HOSTILE.to_owned(),
            ..mail(words, 1, "failed", HOSTILE)
        };
        let samples = vec![
            Sample::of("several", page(several())),
            Sample::of("nothing", page(Vec::new())),
            Sample::of("set aside", Self { failed: true, ..page(several()) }),
            Sample::of("just tried again", page(several())).with_notice(words.notice("admin_mail_retried")),
            Sample::of("in the middle", Self { next: "?after=3".to_owned(), later: true, ..page(several()) }),
            Sample::of("hostile", page(vec![hostile])),
            Sample::of("long", page(vec![mail(words, 1, "failed", &long("no "))])),
        ];
        samples.into_iter().map(|sample| sample.seen_by("Grace Hopper").administering()).collect()
    }
}
