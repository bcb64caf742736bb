//! Tells that codes of an authenticator app were set up.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// An authenticator app was set up.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TotpAddedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for TotpAddedMail {
    const SUBJECT: &'static str = "mail-totp-added-subject";
    const TEXT: &'static str = "mail/totp_added.txt";
    const HTML: &'static str = "mail/totp_added.html";
}

impl MailSamples for TotpAddedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), at: words.mailed_moment() })]
    }
}
