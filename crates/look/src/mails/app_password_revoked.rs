//! Tells that a password of one program was revoked.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// A password of one program was revoked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AppPasswordRevokedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
    /// Browser and system by which it was done, such as `Firefox, Android`; may be empty.
    pub device: String,
    /// The network that it was done from, such as `203.0.113.0/24`; may be empty.
    pub place: String,
}

impl MailTemplate for AppPasswordRevokedMail {
    const SUBJECT: &'static str = "mail-app-password-revoked-subject";
    const TEXT: &'static str = "mail/app_password_revoked.txt";
    const HTML: &'static str = "mail/app_password_revoked.html";
}

impl MailSamples for AppPasswordRevokedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        let by = |state: &str, device: &str, place: &str| {
            let (link, at) = (mailed_link(), words.mailed_moment());
            (state.to_owned(), Self { link, at, device: device.to_owned(), place: place.to_owned() })
        };
        vec![by("ordinary", "Firefox, Android", "203.0.113.0/24"), by("by an unknown browser", "", "")]
    }
}
