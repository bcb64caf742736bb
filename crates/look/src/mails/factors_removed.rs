//! Tells that all second factors were taken off.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// All second factors were taken off, and everything but the password has ended.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FactorsRemovedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for FactorsRemovedMail {
    const SUBJECT: &'static str = "mail-factors-removed-subject";
    const TEXT: &'static str = "mail/factors_removed.txt";
    const HTML: &'static str = "mail/factors_removed.html";
}

impl MailSamples for FactorsRemovedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), at: words.mailed_moment() })]
    }
}
