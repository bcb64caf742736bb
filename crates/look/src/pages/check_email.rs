//! What to do after asking for a mail.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};

/// A mail is on its way, if there is whom to send it to: the page says the same to everybody.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CheckEmailPage {
    /// What the mail is for: `recovery`, `verification`, or `welcome` right after sign-up.
    pub reason: &'static str,
    /// The address or username that was typed; empty if the browser does not tell.
    pub email: String,
}

impl Page for CheckEmailPage {
    const TEMPLATE: &'static str = "pages/check_email.html";
}

impl PageSamples for CheckEmailPage {
    fn samples(_: Words<'_>) -> Vec<Sample<Self>> {
        let page = |reason, email: &str| Self { reason, email: email.to_owned() };
        vec![
            Sample::of("recovery", page("recovery", "ada@example.org")),
            Sample::of("verification", page("verification", "ada@example.org")),
            Sample::of("after sign-up", page("welcome", "ada@example.org")),
            Sample::of("recovery, address not known", page("recovery", "")),
            Sample::of("verification, address not known", page("verification", "")),
            Sample::of("hostile", page("recovery", HOSTILE)),
            Sample::of("long", page("verification", &long("ada@example.org"))),
        ]
    }
}
