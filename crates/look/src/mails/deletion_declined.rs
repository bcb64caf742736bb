//! Tells somebody who asked to have their account deleted that it stays.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// The account stays, although its owner asked to have it deleted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeletionDeclinedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for DeletionDeclinedMail {
    const SUBJECT: &'static str = "mail-deletion-declined-subject";
    const TEXT: &'static str = "mail/deletion_declined.txt";
    const HTML: &'static str = "mail/deletion_declined.html";
}

impl MailSamples for DeletionDeclinedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), at: words.mailed_moment() })]
    }
}
