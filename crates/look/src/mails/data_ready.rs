//! Tells that the file with what the account has is there.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// The file that the owner asked for can be fetched.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DataReadyMail {
    /// The page where it can be fetched by whoever is signed in; no secret is in it.
    pub link: String,
    /// Until when.
    pub until: TimeView,
}

impl MailTemplate for DataReadyMail {
    const SUBJECT: &'static str = "mail-data-ready-subject";
    const TEXT: &'static str = "mail/data_ready.txt";
    const HTML: &'static str = "mail/data_ready.html";
}

impl MailSamples for DataReadyMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link(), until: words.mailed_moment() })]
    }
}
