//! Tells that a recovery code was used.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// Somebody signed in with a recovery code.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecoveryCodeUsedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
    /// How many codes are left.
    pub left: u64,
}

impl MailTemplate for RecoveryCodeUsedMail {
    const SUBJECT: &'static str = "mail-recovery-code-used-subject";
    const TEXT: &'static str = "mail/recovery_code_used.txt";
    const HTML: &'static str = "mail/recovery_code_used.html";
}

impl MailSamples for RecoveryCodeUsedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        let left = |left| Self { link: mailed_link(), at: words.mailed_moment(), left };
        vec![("several left".into(), left(7)), ("one left".into(), left(1)), ("none left".into(), left(0))]
    }
}
