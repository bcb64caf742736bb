//! Tells that a passkey was added.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// A passkey was added.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PasskeyAddedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for PasskeyAddedMail {
    const SUBJECT: &'static str = "mail-passkey-added-subject";
    const TEXT: &'static str = "mail/passkey_added.txt";
    const HTML: &'static str = "mail/passkey_added.html";
}

impl MailSamples for PasskeyAddedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), at: words.mailed_moment() })]
    }
}
