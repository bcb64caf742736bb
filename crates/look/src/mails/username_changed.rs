//! Tells that the username was changed.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// The username was changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UsernameChangedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for UsernameChangedMail {
    const SUBJECT: &'static str = "mail-username-changed-subject";
    const TEXT: &'static str = "mail/username_changed.txt";
    const HTML: &'static str = "mail/username_changed.html";
}

impl MailSamples for UsernameChangedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), at: words.mailed_moment() })]
    }
}
