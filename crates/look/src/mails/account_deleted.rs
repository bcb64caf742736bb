//! Tells that an account was deleted by its owner, with the link that brings it back.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// The account is deleted, and can be brought back.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountDeletedMail {
    /// Where to bring it back.
    pub link: String,
    /// When it happened.
    pub at: TimeView,
    /// When the account is erased.
    pub until: TimeView,
}

impl MailTemplate for AccountDeletedMail {
    const SUBJECT: &'static str = "mail-account-deleted-subject";
    const TEXT: &'static str = "mail/account_deleted.txt";
    const HTML: &'static str = "mail/account_deleted.html";
}

impl MailSamples for AccountDeletedMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![(
            "ordinary".into(),
            Self { link: mailed_link(), at: words.mailed_moment(), until: words.mailed_moment() },
        )]
    }
}
