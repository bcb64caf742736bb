//! Tells that a deleted account is there again.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// The account is there again.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountRestoredMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for AccountRestoredMail {
    const SUBJECT: &'static str = "mail-account-restored-subject";
    const TEXT: &'static str = "mail/account_restored.txt";
    const HTML: &'static str = "mail/account_restored.html";
}

impl MailSamples for AccountRestoredMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), at: words.mailed_moment() })]
    }
}
