//! Tells that the second factors stay.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// What somebody asked for is off: the second factors stay.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FactorRecoveryCancelledMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for FactorRecoveryCancelledMail {
    const SUBJECT: &'static str = "mail-factors-kept-subject";
    const TEXT: &'static str = "mail/factor_recovery_cancelled.txt";
    const HTML: &'static str = "mail/factor_recovery_cancelled.html";
}

impl MailSamples for FactorRecoveryCancelledMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), at: words.mailed_moment() })]
    }
}
