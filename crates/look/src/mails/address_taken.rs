//! Tells an address that somebody wanted it for another account.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// Somebody wanted the reader's address for another account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AddressTakenMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for AddressTakenMail {
    const SUBJECT: &'static str = "mail-address-taken-subject";
    const TEXT: &'static str = "mail/address_taken.txt";
    const HTML: &'static str = "mail/address_taken.html";
}

impl MailSamples for AddressTakenMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), at: words.mailed_moment() })]
    }
}
