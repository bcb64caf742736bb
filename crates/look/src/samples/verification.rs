//! The states of the pages by which somebody proves an address.

use super::{HOSTILE, Sample, Samples, Words, long, typed};
use crate::pages::{
    AddressForm, AddressPage, SecretView, VerifyForm, VerifyPage, VerifyRequestForm, VerifyRequestPage,
};

impl Samples for VerifyRequestPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |email: &str| Self { form: VerifyRequestForm { email: typed(email) }, requested: false };
        let wrong = Self { form: VerifyRequestForm { email: words.wrong(HOSTILE) }, requested: false };
        vec![
            Sample::of("empty", page("")),
            Sample::of("after the right password", page("ada@example.org"))
                .with_alert(words.alert("unverified")),
            Sample::of("requested", Self { requested: true, ..page("") }),
            Sample::of("the link no longer works", page("")).with_alert(words.alert("ticket_spent")),
            Sample::of("errors everywhere", wrong).with_alert(words.counted("fix_the_fields", "count", 1)),
            Sample::of("hostile", page(HOSTILE)),
            Sample::of("long", page(&long("ada@example.org"))),
        ]
    }
}

impl Samples for VerifyPage {
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
        let fix = || words.counted("fix_the_fields", "count", 1);
        vec![
            Sample::of("by the password", page("ada@example.org")),
            Sample::of("signed in", Self { signed_in: true, ..page("ada@example.org") })
                .seen_by("Ada Lovelace")
                .unverified(),
            Sample::of("without a password", Self { has_password: false, ..page("ada@example.org") }),
            Sample::of("password refused", Self { form: wrong(true), ..page(HOSTILE) }).with_alert(fix()),
            Sample::of("new password refused", Self { form: wrong(false), ..page(HOSTILE) })
                .with_alert(fix()),
            Sample::of("too many tries", page("ada@example.org")).with_alert(words.counted(
                "throttled",
                "seconds",
                30,
            )),
            Sample::of("long", page(&long("ada@example.org"))),
        ]
    }
}

impl Samples for AddressPage {
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
