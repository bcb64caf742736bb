//! Signing in.

use serde::Serialize;
use utoipa::ToSchema;

use super::ProviderView;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long, typed};
use crate::values::{FieldView, SecretView};
use crate::{Facts, Page};
use domain::FieldCode;

/// Sign-in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SignInPage {
    /// The form.
    pub form: SignInForm,
    /// Where to go afterwards; may be empty.
    pub next: String,
    /// Whether forgotten passwords can be recovered by mail.
    pub recovery: bool,
    /// Whether strangers may sign up.
    pub registration: bool,
    /// Whether a passkey signs in.
    pub passkeys: bool,
    /// Other providers that people sign in with.
    pub providers: Vec<ProviderView>,
    /// The number of the passkey that was refused because nobody has it, for the browser; mostly empty.
    pub unknown_passkey: String,
}

impl SignInPage {
    /// The page of the site that these facts are about.
    pub fn new(form: SignInForm, next: String, facts: &Facts) -> Self {
        let (unknown_passkey, providers) = (String::new(), Vec::new());
        let Facts { passkeys, registration, .. } = *facts;
        Self { form, next, recovery: true, registration, passkeys, providers, unknown_passkey }
    }

    /// The same where people sign in with these providers too.
    #[must_use]
    pub fn with_providers(self, providers: Vec<ProviderView>) -> Self {
        Self { providers, ..self }
    }
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "pages/sign_in.html";
}

/// The sign-in form.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct SignInForm {
    /// `email`, which takes the username too.
    pub email: FieldView,
    /// `password`
    pub password: SecretView,
}

/// The alerts above the form, by key.
const ALERTS: &[&str] =
    &["invalid_credentials", "locked", "approval_wanted", "busy", "session_ended_sign_in_again"];

/// The notices that the page shows after a redirect, by key.
const NOTICES: &[&str] =
    &["signed_out", "approval_wanted", "password_reset", "verified_sign_in", "event_denied"];

impl PageSamples for SignInPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |email: &str, next: &str| Self {
            form: SignInForm { email: typed(email), password: SecretView::default() },
            next: next.to_owned(),
            recovery: true,
            registration: true,
            passkeys: false,
            providers: Vec::new(),
            unknown_passkey: String::new(),
        };
        let with_passkeys = |next: &str| Self { passkeys: true, ..page("", next) };
        let wrong = SignInForm { email: words.wrong(HOSTILE), password: words.wrong_secret() };
        let mut samples = vec![
            Sample::of("empty", page("", "")),
            Sample::of(
                "neither recovery nor registration",
                Self { recovery: false, registration: false, ..page("", "") },
            ),
            Sample::of(
                "with providers",
                with_passkeys("/user/devices").with_providers(ProviderView::samples()),
            ),
            Sample::of("with passkeys", with_passkeys("/user/devices")),
            Sample::of(
                "unknown passkey",
                Self { unknown_passkey: "q83vEjRWeJA".into(), ..with_passkeys("") },
            )
            .with_alert(words.refused(&FieldCode::PasskeyUnknown)),
            Sample::of("on the way elsewhere", page("", "/user/devices?x=1&y=\"2\"")),
            Sample::of("errors everywhere", Self { form: wrong, ..page("", HOSTILE) })
                .with_alert(words.counted("fix_the_fields", "count", 2)),
            Sample::of("hostile", page(HOSTILE, HOSTILE)).with_alert(words.alert("invalid_credentials")),
            Sample::of("long", page(&long("ada@example.org"), &long("/user"))),
            Sample::of("too many tries", page("ada", ""))
                .with_alert(words.counted("throttled", "seconds", 1))
                .waiting(1),
        ];
        samples.extend(
            ALERTS.iter().map(|code| {
                Sample::of(format!("alert {code}"), page("ada", "")).with_alert(words.alert(code))
            }),
        );
        samples.extend(
            NOTICES.iter().map(|code| {
                Sample::of(format!("notice {code}"), page("", "")).with_notice(words.notice(code))
            }),
        );
        samples
    }
}
