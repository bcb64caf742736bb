//! Confirming a new e-mail address, where the link that was sent to it leads.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::SecretView;

/// Where the link leads that went to an account's new address.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AddressPage {
    /// The forms, which share the secret of the link: one confirms the address, the other voids the link.
    pub form: AddressForm,
    /// The new address; empty: the link does not work, and there is no form.
    pub email: String,
    /// The present address of the account that asked, masked, such as `a•••@example.org`.
    pub account: String,
    /// Whether this browser is signed in to the account, so that a button suffices.
    pub signed_in: bool,
}

impl Page for AddressPage {
    const TEMPLATE: &'static str = "pages/address.html";
}

/// The forms that confirm a new address, or void the link.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct AddressForm {
    /// `token`, the secret of the link.
    pub token: String,
    /// `password`, that of the account.
    pub password: SecretView,
}

impl PageSamples for AddressPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let form = |token: &str| AddressForm { token: token.to_owned(), ..AddressForm::default() };
        let page = |email: &str| Self {
            form: form(&"Zm9v".repeat(10)),
            email: email.to_owned(),
            account: "a•••@example.org".to_owned(),
            signed_in: false,
        };
        let own = |email: &str| Self { signed_in: true, ..page(email) };
        let hostile = Self { form: form(HOSTILE), account: HOSTILE.to_owned(), ..page(HOSTILE) };
        let refused = AddressForm { password: words.wrong_secret(), ..form(HOSTILE) };
        let none = || Self {
            form: AddressForm::default(),
            email: String::new(),
            account: String::new(),
            signed_in: false,
        };
        vec![
            Sample::of("by the password", page("ada@example.org")),
            Sample::of("signed in", own("ada@example.org")).seen_by("Ada Lovelace"),
            Sample::of("password refused", Self { form: refused, ..page("ada@example.org") }).refused(),
            Sample::of("the link no longer works", none()).with_alert(words.alert("address_link_spent")),
            Sample::of("taken meanwhile", none()).with_alert(words.renderer.notice(
                words.locale,
                "error",
                "email_taken",
            )),
            Sample::of("too many tries", page("ada@example.org")).with_alert(words.counted(
                "throttled",
                "seconds",
                30,
            )),
            Sample::of("hostile", hostile),
            Sample::of("long", page(&long("ada@example.org"))),
        ]
    }
}
