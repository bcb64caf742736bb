//! Tells that the password was changed.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// The password was changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PasswordChangedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for PasswordChangedMail {
    const SUBJECT: &'static str = "mail-password-changed-subject";
    const TEXT: &'static str = "mail/password_changed.txt";
    const HTML: &'static str = "mail/password_changed.html";
}

impl MailSamples for PasswordChangedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), at: words.mailed_moment() })]
    }
}
