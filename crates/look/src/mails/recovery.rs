//! The link that lets somebody choose a new password.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// Somebody asked for a new password.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecoveryMail {
    /// Where to choose it.
    pub link: String,
    /// How many hours the link works.
    pub hours: u64,
    /// When it stops working.
    pub until: TimeView,
}

impl MailTemplate for RecoveryMail {
    const SUBJECT: &'static str = "mail-recovery-subject";
    const TEXT: &'static str = "mail/recovery.txt";
    const HTML: &'static str = "mail/recovery.html";
}

impl MailSamples for RecoveryMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        let lasting = |hours| Self { link: mailed_link(), hours, until: words.mailed_moment() };
        vec![("one hour".into(), lasting(1)), ("a day".into(), lasting(24))]
    }
}
