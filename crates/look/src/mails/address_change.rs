//! The link that proves the address which an account is to have instead.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// Somebody wants to use the reader's address for an account that has another.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AddressChangeMail {
    /// Where to confirm it.
    pub link: String,
    /// How many hours the link works.
    pub hours: u64,
    /// When it stops working.
    pub until: TimeView,
    /// The present address of the account that asked, masked, such as `a***@example.org`.
    pub account: String,
}

impl MailTemplate for AddressChangeMail {
    const SUBJECT: &'static str = "mail-address-change-subject";
    const TEXT: &'static str = "mail/address_change.txt";
    const HTML: &'static str = "mail/address_change.html";
}

impl MailSamples for AddressChangeMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        let (link, until) = (mailed_link(), words.mailed_moment());
        vec![("ordinary".into(), Self { link, hours: 24, until, account: "a***@example.org".into() })]
    }
}
