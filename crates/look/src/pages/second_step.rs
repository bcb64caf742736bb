//! The second step of signing in: a code after the password.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{PageSamples, Sample, Words};
use crate::values::SecretView;
use domain::FieldCode;

/// The second step of signing in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SecondStepPage {
    /// The form.
    pub form: SecondStepForm,
    /// Where to go afterwards; may be empty.
    pub next: String,
    /// For how many days this browser is not asked again, if its owner wants it so.
    pub trust_days: u64,
    /// Whether a passkey may be the second factor.
    pub passkeys: bool,
}

impl Page for SecondStepPage {
    const TEMPLATE: &'static str = "pages/second_step.html";
}

/// The form of the second step.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct SecondStepForm {
    /// `code`, of an authenticator app or a recovery code.
    pub code: SecretView,
    /// `trust`: whether it is ticked.
    pub trust: bool,
}

impl PageSamples for SecondStepPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |trust, next: &str| Self {
            form: SecondStepForm { trust, ..SecondStepForm::default() },
            next: next.to_owned(),
            trust_days: 30,
            passkeys: false,
        };
        let wrong = SecondStepForm { code: words.wrong_secret(), trust: true };
        vec![
            Sample::of("ordinary", page(false, "")),
            Sample::of("with passkeys", Self { passkeys: true, ..page(false, "") }),
            Sample::of("passkey refused", Self { passkeys: true, ..page(false, "") })
                .with_alert(words.refused(&FieldCode::PasskeyRefused)),
            Sample::of("on the way elsewhere", page(true, "/user/devices?x=1&y=\"2\"")),
            Sample::of("wrong code", Self { form: wrong, ..page(true, "") }).refused(),
            Sample::of("too many tries", page(false, ""))
                .with_alert(words.counted("throttled", "seconds", 30))
                .waiting(30),
        ]
    }
}
