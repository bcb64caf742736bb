//! Tells the former address that the account has another one.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// The account has another address than the reader's now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AddressChangedMail {
    /// Where people of the site can be reached: its `site.help`, or else its first page.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
}

impl MailTemplate for AddressChangedMail {
    const SUBJECT: &'static str = "mail-address-changed-subject";
    const TEXT: &'static str = "mail/address_changed.txt";
    const HTML: &'static str = "mail/address_changed.html";
}

impl MailSamples for AddressChangedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), at: words.mailed_moment() })]
    }
}
