//! The link that proves the address of an account.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// Somebody made an account with the reader's address.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VerificationMail {
    /// Where to confirm it.
    pub link: String,
    /// How many hours the link works.
    pub hours: u64,
    /// When it stops working.
    pub until: TimeView,
}

impl MailTemplate for VerificationMail {
    const SUBJECT: &'static str = "mail-verification-subject";
    const TEXT: &'static str = "mail/verification.txt";
    const HTML: &'static str = "mail/verification.html";
}

impl MailSamples for VerificationMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), hours: 24, until: words.mailed_moment() })]
    }
}
