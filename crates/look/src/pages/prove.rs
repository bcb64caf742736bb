//! Proving once more who one is, before what matters most.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words};
use crate::values::SecretView;

/// Proving once more who one is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProvePage {
    /// The forms: one takes the password, one a code.
    pub form: ProveForm,
    /// Whether the account has a password.
    pub has_password: bool,
    /// Whether the account wants a second factor, so that a code may be right.
    pub has_codes: bool,
    /// Whether the account has passkeys that work here.
    pub passkeys: bool,
    /// The account's address, for password managers.
    pub email: String,
    /// Where to go afterwards; may be empty.
    pub next: String,
    /// The path to which the interrupted form goes on, with its fields; may be empty.
    pub then: String,
    /// The fields of the interrupted form, which each form of this page sends along as hidden fields.
    pub kept: Vec<KeptField>,
}

impl Page for ProvePage {
    const TEMPLATE: &'static str = "pages/prove.html";
}

/// The forms that take a proof.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ProveForm {
    /// `password`
    pub password: SecretView,
    /// `code`, of an authenticator app or a recovery code.
    pub code: SecretView,
}

/// A field of the form that was interrupted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeptField {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl PageSamples for ProvePage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |has_password, has_codes| Self {
            form: ProveForm::default(),
            has_password,
            has_codes,
            passkeys: false,
            email: "ada@example.org".to_owned(),
            next: "/user/security".to_owned(),
            then: String::new(),
            kept: Vec::new(),
        };
        let show = |state: &str, page: Self| Sample::of(state, page).seen_by("Ada Lovelace");
        let kept = |name: &str, value: &str| KeptField { name: name.to_owned(), value: value.to_owned() };
        let interrupted = |page: Self| Self {
            then: "/user/devices/ask".to_owned(),
            kept: vec![kept("id", "7"), kept("name", HOSTILE)],
            ..page
        };
        let wrong = |password: bool| ProveForm {
            password: if password { words.wrong_secret() } else { SecretView::default() },
            code: if password { SecretView::default() } else { words.wrong_secret() },
        };
        vec![
            show("password alone", page(true, false)),
            show("password or code", page(true, true)),
            show("code alone", page(false, true)),
            show("passkey, password or code", Self { passkeys: true, ..page(true, true) }),
            show("passkey alone", Self { passkeys: true, ..interrupted(page(false, true)) }),
            show("no way but a link", page(false, false)),
            show("interrupted", interrupted(page(true, true))),
            show("password refused", Self { form: wrong(true), ..page(true, true) }).refused(),
            show("code refused", Self { form: wrong(false), ..interrupted(page(true, true)) }).refused(),
            show("too many tries", page(true, true))
                .with_alert(words.counted("throttled", "seconds", 30))
                .waiting(30),
        ]
    }
}
