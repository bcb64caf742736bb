//! The link that lets somebody choose the first password of an account that was made for them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};
use crate::values::TimeView;

/// Somebody made an account for the reader.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InvitationMail {
    /// Where to choose its password.
    pub link: String,
    /// How many days the link works.
    pub days: u64,
    /// When it stops working.
    pub until: TimeView,
}

impl MailTemplate for InvitationMail {
    const SUBJECT: &'static str = "mail-invitation-subject";
    const TEXT: &'static str = "mail/invitation.txt";
    const HTML: &'static str = "mail/invitation.html";
}

impl MailSamples for InvitationMail {
    fn samples(words: Words<'_>) -> Vec<(String, Self)> {
        let lasting = |days| Self { link: mailed_link(), days, until: words.mailed_moment() };
        vec![("one day".into(), lasting(1)), ("a week".into(), lasting(7))]
    }
}
