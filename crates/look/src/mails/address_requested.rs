//! Tells the present address that the account is to have another one.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// The account is to have another address than the reader's.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AddressRequestedMail {
    /// Where to choose another password; no secret is in it.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for AddressRequestedMail {
    const SUBJECT: &'static str = "mail-address-requested-subject";
    const TEXT: &'static str = "mail/address_requested.txt";
    const HTML: &'static str = "mail/address_requested.html";
}

impl MailSamples for AddressRequestedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), at: words.mailed_moment() })]
    }
}
