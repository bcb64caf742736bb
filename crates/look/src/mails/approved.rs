//! Tells that the operator has approved of an account.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};

/// The account can be signed in to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApprovedMail {
    /// Where to sign in; no secret is in it.
    pub link: String,
}

impl MailTemplate for ApprovedMail {
    const SUBJECT: &'static str = "mail-approved-subject";
    const TEXT: &'static str = "mail/approved.txt";
    const HTML: &'static str = "mail/approved.html";
}

impl MailSamples for ApprovedMail {
    fn samples(_words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link() })]
    }
}
