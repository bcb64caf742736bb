//! Tells that codes of an authenticator app were taken off.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// The authenticator app was taken off.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TotpRemovedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for TotpRemovedMail {
    const SUBJECT: &'static str = "mail-totp-removed-subject";
    const TEXT: &'static str = "mail/totp_removed.txt";
    const HTML: &'static str = "mail/totp_removed.html";
}

impl MailSamples for TotpRemovedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), at: words.mailed_moment() })]
    }
}
