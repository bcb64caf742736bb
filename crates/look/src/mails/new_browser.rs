//! Tells that a browser signed in which the account did not know.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// A browser signed in that the account did not know.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NewBrowserMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
    /// Browser and system, such as `Firefox, Android`; may be empty.
    pub device: String,
}

impl MailTemplate for NewBrowserMail {
    const SUBJECT: &'static str = "mail-new-device-subject";
    const TEXT: &'static str = "mail/new_device.txt";
    const HTML: &'static str = "mail/new_device.html";
}

impl MailSamples for NewBrowserMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        let by = |device: &str| {
            let (link, at) = (mailed_link(), words.mailed_moment());
            Self { link, at, device: device.to_owned() }
        };
        vec![("a browser".into(), by("Firefox, Android")), ("one without a name".into(), by(""))]
    }
}
