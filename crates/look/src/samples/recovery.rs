//! The states of the pages by which somebody gets a password.

use super::{HOSTILE, Sample, Samples, Words, long, typed};
use crate::pages::{ForgotForm, ForgotPage, ResetForm, ResetPage, SecretView};

impl Samples for ForgotPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |email: &str| Self { form: ForgotForm { email: typed(email) }, requested: false };
        let wrong = Self { form: ForgotForm { email: words.wrong(HOSTILE) }, requested: false };
        vec![
            Sample::of("empty", page("")),
            Sample::of("requested", Self { requested: true, ..page("") }),
            Sample::of("the link no longer works", page("")).with_alert(words.alert("ticket_spent")),
            Sample::of("errors everywhere", wrong).with_alert(words.counted("fix_the_fields", "count", 1)),
            Sample::of("hostile", page(HOSTILE)),
            Sample::of("long", page(&long("ada@example.org"))),
        ]
    }
}

impl Samples for ResetPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |email: &str, has_password| Self {
            form: ResetForm { token: "Zm9v".repeat(10), npassword: SecretView::default() },
            email: email.to_owned(),
            has_password,
            password_min: 8,
        };
        let form = ResetForm { token: HOSTILE.to_owned(), npassword: words.wrong_secret() };
        vec![
            Sample::of("another password", page("ada@example.org", true)),
            Sample::of("the first password", page("ada@example.org", false)),
            Sample::of("errors everywhere", Self { form, ..page(HOSTILE, true) }).with_alert(words.counted(
                "fix_the_fields",
                "count",
                1,
            )),
            Sample::of("long", page(&long("ada@example.org"), true)),
            Sample::of("too many tries", page("ada@example.org", true)).with_alert(words.counted(
                "throttled",
                "seconds",
                30,
            )),
            Sample::of("too much to do", page("ada@example.org", false)).with_alert(words.alert("busy")),
        ]
    }
}
