//! The last mail: the account is gone.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};

/// The account is erased, and cannot come back.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountErasedMail {
    /// Where the site is.
    pub link: String,
}

impl MailTemplate for AccountErasedMail {
    const SUBJECT: &'static str = "mail-account-erased-subject";
    const TEXT: &'static str = "mail/account_erased.txt";
    const HTML: &'static str = "mail/account_erased.html";
}

impl MailSamples for AccountErasedMail {
    fn samples(_words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link() })]
    }
}
