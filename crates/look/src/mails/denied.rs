//! Tells that the owner said "this was not me", and what was done then.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// Somebody said in the security log that it was not they.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeniedMail {
    /// Where to ask for a link that chooses another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for DeniedMail {
    const SUBJECT: &'static str = "mail-denied-subject";
    const TEXT: &'static str = "mail/denied.txt";
    const HTML: &'static str = "mail/denied.html";
}

impl MailSamples for DeniedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), at: words.mailed_moment() })]
    }
}
