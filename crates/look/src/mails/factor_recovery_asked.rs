//! Tells, at once and every day, that the second factors are going to be taken off, with the link that keeps
//! them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// The second factors are going to be taken off.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FactorRecoveryAskedMail {
    /// Where to keep them.
    pub link: String,
    /// When this message was caused.
    pub at: TimeView,
    /// When they are taken off.
    pub due: TimeView,
    /// How many devices are paired with the account; often 0.
    pub devices: u64,
}

impl MailTemplate for FactorRecoveryAskedMail {
    const SUBJECT: &'static str = "mail-factors-asked-subject";
    const TEXT: &'static str = "mail/factor_recovery_asked.txt";
    const HTML: &'static str = "mail/factor_recovery_asked.html";
}

impl MailSamples for FactorRecoveryAskedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        let of = |devices| {
            let (at, due) = (words.mailed_moment(), words.mailed_moment());
            Self { link: mailed_link(), at, due, devices }
        };
        vec![("no device".into(), of(0)), ("one device".into(), of(1)), ("several devices".into(), of(12))]
    }
}
