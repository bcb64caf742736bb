//! Tells that a passkey was removed.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// A passkey was removed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PasskeyRemovedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for PasskeyRemovedMail {
    const SUBJECT: &'static str = "mail-passkey-removed-subject";
    const TEXT: &'static str = "mail/passkey_removed.txt";
    const HTML: &'static str = "mail/passkey_removed.html";
}

impl MailSamples for PasskeyRemovedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), at: words.mailed_moment() })]
    }
}
