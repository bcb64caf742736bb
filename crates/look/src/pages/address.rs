//! Confirming a new e-mail address, where the link that was sent to it leads.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};

/// Where the link leads that went to an account's new address.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AddressPage {
    /// The form.
    pub form: AddressForm,
    /// The new address; empty: the link does not work, and there is no form.
    pub email: String,
}

impl Page for AddressPage {
    const TEMPLATE: &'static str = "pages/address.html";
}

/// The form that confirms a new address.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct AddressForm {
    /// `token`, the secret of the link.
    pub token: String,
}

impl PageSamples for AddressPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page =
            |email: &str| Self { form: AddressForm { token: "Zm9v".repeat(10) }, email: email.to_owned() };
        let hostile = Self { form: AddressForm { token: HOSTILE.to_owned() }, email: HOSTILE.to_owned() };
        let none = || Self { form: AddressForm::default(), email: String::new() };
        vec![
            Sample::of("ordinary", page("ada@example.org")),
            Sample::of("signed in", page("ada@example.org")).seen_by("Ada Lovelace"),
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
