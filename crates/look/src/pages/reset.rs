//! Choosing a password, where the link of a recovery mail or an invitation leads.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::SecretView;

/// Where the mailed link leads.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ResetPage {
    /// The form.
    pub form: ResetForm,
    /// Address of the account.
    pub email: String,
    /// Whether the account has a password already; one that was made for somebody has none.
    pub has_password: bool,
    /// Fewest characters of a password.
    pub password_min: usize,
}

impl Page for ResetPage {
    const TEMPLATE: &'static str = "pages/reset.html";
}

/// The form that takes the password.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ResetForm {
    /// `token`, from the link.
    pub token: String,
    /// `npassword`
    pub npassword: SecretView,
}

impl PageSamples for ResetPage {
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
            Sample::of("errors everywhere", Self { form, ..page(HOSTILE, true) }).refused(),
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
