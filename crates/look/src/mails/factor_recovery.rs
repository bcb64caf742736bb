//! The link by which somebody who has lost the second factors asks to have them taken off.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// Somebody with the right password has no second factor.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FactorRecoveryMail {
    /// Where to ask for it.
    pub link: String,
    /// How many hours the link works.
    pub hours: u64,
    /// When it stops working.
    pub until: TimeView,
}

impl MailTemplate for FactorRecoveryMail {
    const SUBJECT: &'static str = "mail-factor-recovery-subject";
    const TEXT: &'static str = "mail/factor_recovery.txt";
    const HTML: &'static str = "mail/factor_recovery.html";
}

impl MailSamples for FactorRecoveryMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        let lasting = |hours| Self { link: mailed_link(), hours, until: words.mailed_moment() };
        vec![("one hour".into(), lasting(1)), ("a day".into(), lasting(24))]
    }
}
