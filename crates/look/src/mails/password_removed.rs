//! Tells that the password was taken away.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// The password was taken away.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PasswordRemovedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for PasswordRemovedMail {
    const SUBJECT: &'static str = "mail-password-removed-subject";
    const TEXT: &'static str = "mail/password_removed.txt";
    const HTML: &'static str = "mail/password_removed.html";
}

impl MailSamples for PasswordRemovedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), at: words.mailed_moment() })]
    }
}
