//! Tells that something new opens the account: a browser or a program that the account did not know signed
//! in, or a device was paired.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// A browser or a program signed in that the account did not know, or a device was paired.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NewBrowserMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
    /// `session` for a browser, `bearer` for an app or another program, `user_secret` for the secret of one,
    /// `device` for a device that was paired.
    pub kind: &'static str,
    /// Browser and system, such as `Firefox, Android`; may be empty.
    pub device: String,
    /// The network that it came from, such as `203.0.113.0/24`; may be empty.
    pub place: String,
}

impl MailTemplate for NewBrowserMail {
    const SUBJECT: &'static str = "mail-new-device-subject";
    const TEXT: &'static str = "mail/new_device.txt";
    const HTML: &'static str = "mail/new_device.html";
}

impl MailSamples for NewBrowserMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        let by = |state: &str, kind: &'static str, device: &str| {
            let (link, at) = (mailed_link(), words.mailed_moment());
            let place = if kind == "device" { "" } else { "203.0.113.0/24" }.to_owned();
            (state.to_owned(), Self { link, at, kind, device: device.to_owned(), place })
        };
        vec![
            by("a browser", "session", "Firefox, Android"),
            by("one without a name", "session", ""),
            by("an app", "bearer", "curl, Linux"),
            by("one that does not say its name", "bearer", ""),
            by("a secret", "user_secret", ""),
            by("a paired device", "device", ""),
        ]
    }
}
