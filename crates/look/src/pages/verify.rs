//! Proving an e-mail address, where the link of the mail leads.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::SecretView;

/// Where the link in the mail leads.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VerifyPage {
    /// The forms, which share the secret of the link.
    pub form: VerifyForm,
    /// The address that is proven.
    pub email: String,
    /// Whether this browser is signed in to the account, so that a button suffices.
    pub signed_in: bool,
    /// Whether the account has a password.
    pub has_password: bool,
    /// Fewest characters of a password.
    pub password_min: usize,
}

impl Page for VerifyPage {
    const TEMPLATE: &'static str = "pages/verify.html";
}

/// The forms that prove an address.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct VerifyForm {
    /// `token`, the secret of the link.
    pub token: String,
    /// `password`, the one that was chosen at sign-up.
    pub password: SecretView,
    /// `npassword`, a new one.
    pub npassword: SecretView,
}

impl PageSamples for VerifyPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |email: &str| Self {
            form: VerifyForm { token: "Zm9v".repeat(10), ..VerifyForm::default() },
            email: email.to_owned(),
            signed_in: false,
            has_password: true,
            password_min: 8,
        };
        let wrong = |password: bool| VerifyForm {
            token: HOSTILE.to_owned(),
            password: if password { words.wrong_secret() } else { SecretView::default() },
            npassword: if password { SecretView::default() } else { words.wrong_secret() },
        };
        vec![
            Sample::of("by the password", page("ada@example.org")),
            Sample::of("signed in", Self { signed_in: true, ..page("ada@example.org") })
                .seen_by("Ada Lovelace")
                .unverified(),
            Sample::of("without a password", Self { has_password: false, ..page("ada@example.org") }),
            Sample::of("password refused", Self { form: wrong(true), ..page(HOSTILE) }).refused(),
            Sample::of("new password refused", Self { form: wrong(false), ..page(HOSTILE) }).refused(),
            Sample::of("too many tries", page("ada@example.org"))
                .with_alert(words.counted("throttled", "seconds", 30))
                .waiting(30),
            Sample::of("long", page(&long("ada@example.org"))),
        ]
    }
}
