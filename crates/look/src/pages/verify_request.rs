//! Asking for the link that proves an e-mail address once more.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long, typed};
use crate::values::FieldView;

/// The address is still to be proven: where to ask for the link once more.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VerifyRequestPage {
    /// The form.
    pub form: VerifyRequestForm,
    /// Never true any more: what is said after somebody has asked is `pages/check_email.html`. Themes of
    /// contract 1 have it in their copies.
    pub requested: bool,
}

impl Page for VerifyRequestPage {
    const TEMPLATE: &'static str = "pages/verify_request.html";
}

/// The form that asks for the link.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct VerifyRequestForm {
    /// `email`, which takes the username too.
    pub email: FieldView,
}

impl PageSamples for VerifyRequestPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |email: &str| Self { form: VerifyRequestForm { email: typed(email) }, requested: false };
        let wrong = Self { form: VerifyRequestForm { email: words.wrong(HOSTILE) }, requested: false };
        vec![
            Sample::of("empty", page("")),
            Sample::of("after the right password", page("ada@example.org"))
                .with_alert(words.alert("unverified")),
            Sample::of("requested", Self { requested: true, ..page("") }),
            Sample::of("the link no longer works", page("")).with_alert(words.alert("ticket_spent")),
            Sample::of("errors everywhere", wrong).refused(),
            Sample::of("hostile", page(HOSTILE)),
            Sample::of("long", page(&long("ada@example.org"))),
        ]
    }
}
