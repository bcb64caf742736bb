//! Asking for the mail by which a forgotten password is replaced.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long, typed};
use crate::values::FieldView;

/// Asking for the mail.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ForgotPage {
    /// The form.
    pub form: ForgotForm,
    /// Never true any more: what is said after somebody has asked is `pages/check_email.html`. Themes of
    /// contract 1 have it in their copies.
    pub requested: bool,
}

impl Page for ForgotPage {
    const TEMPLATE: &'static str = "pages/forgot.html";
}

/// The form that asks for the mail.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ForgotForm {
    /// `email`, which takes the username too.
    pub email: FieldView,
}

impl PageSamples for ForgotPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |email: &str| Self { form: ForgotForm { email: typed(email) }, requested: false };
        let wrong = Self { form: ForgotForm { email: words.wrong(HOSTILE) }, requested: false };
        vec![
            Sample::of("empty", page("")),
            Sample::of("requested", Self { requested: true, ..page("") }),
            Sample::of("the link no longer works", page("")).with_alert(words.alert("ticket_spent")),
            Sample::of("the generated password has ended", page("ada@example.org"))
                .with_alert(words.alert("password_expired")),
            Sample::of("errors everywhere", wrong).refused(),
            Sample::of("hostile", page(HOSTILE)),
            Sample::of("long", page(&long("ada@example.org"))),
        ]
    }
}
