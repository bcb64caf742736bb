//! Tells that an account at another provider signs in no more.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// An account at another provider was unlinked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IdentityUnlinkedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
    /// What people call the provider, as the operator has it in the settings, such as `Google`.
    pub provider: String,
}

impl MailTemplate for IdentityUnlinkedMail {
    const SUBJECT: &'static str = "mail-identity-unlinked-subject";
    const TEXT: &'static str = "mail/identity_unlinked.txt";
    const HTML: &'static str = "mail/identity_unlinked.html";
}

impl MailSamples for IdentityUnlinkedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        let (link, at) = (mailed_link(), words.mailed_moment());
        vec![("ordinary".into(), Self { link, at, provider: "Google".into() })]
    }
}
