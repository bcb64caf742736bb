//! Tells that new recovery codes were made.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// New recovery codes were made, and the earlier ones work no longer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecoveryCodesMadeMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for RecoveryCodesMadeMail {
    const SUBJECT: &'static str = "mail-recovery-codes-made-subject";
    const TEXT: &'static str = "mail/recovery_codes_made.txt";
    const HTML: &'static str = "mail/recovery_codes_made.html";
}

impl MailSamples for RecoveryCodesMadeMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), at: words.mailed_moment() })]
    }
}
