//! Tells that an account at another provider signs in to the account.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// An account at another provider was linked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IdentityLinkedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
    /// What people call the provider, as the operator has it in the settings, such as `Google`.
    pub provider: String,
}

impl MailTemplate for IdentityLinkedMail {
    const SUBJECT: &'static str = "mail-identity-linked-subject";
    const TEXT: &'static str = "mail/identity_linked.txt";
    const HTML: &'static str = "mail/identity_linked.html";
}

impl MailSamples for IdentityLinkedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        let (link, at) = (mailed_link(), words.mailed_moment());
        vec![("ordinary".into(), Self { link, at, provider: "Google".into() })]
    }
}
