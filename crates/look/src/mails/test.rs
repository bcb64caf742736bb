//! The message by which an operator tries whether mail arrives.

use serde::Serialize;
use utoipa::ToSchema;

use crate::MailTemplate;
use crate::samples::{MailSamples, Words, mailed_link};

/// An operator tries whether mail arrives.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TestMail {
    /// Where the site is.
    pub link: String,
}

impl MailTemplate for TestMail {
    const SUBJECT: &'static str = "mail-test-subject";
    const TEXT: &'static str = "mail/test.txt";
    const HTML: &'static str = "mail/test.html";
}

impl MailSamples for TestMail {
    fn samples(_: Words<'_>) -> Vec<(String, Self)> {
        vec![("ordinary".into(), Self { link: mailed_link() })]
    }
}
