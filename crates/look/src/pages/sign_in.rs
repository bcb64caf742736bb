//! Signing in.

use serde::Serialize;
use utoipa::ToSchema;

use super::ProviderView;
use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long, typed};
use crate::values::{FieldView, SecretView};
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
    /// The page of a site that recovers passwords and lets strangers sign up.
    pub fn new(form: SignInForm, next: String) -> Self {
        let (unknown_passkey, providers) = (String::new(), Vec::new());
        Self { form, next, recovery: true, registration: true, passkeys: false, providers, unknown_passkey }
    }

    /// The same where a passkey signs in.
    #[must_use]
    pub fn with_passkeys(self, possible: bool) -> Self {
        Self { passkeys: possible, ..self }
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
const ALERTS: &[&str] = &["invalid_credentials", "locked", "busy", "session_ended_sign_in_again"];

/// The notices that the page shows after a redirect, by key.
const NOTICES: &[&str] = &["signed_out", "password_reset", "verified_sign_in", "event_denied"];

impl PageSamples for SignInPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |email: &str, next: &str| {
            Self::new(SignInForm { email: typed(email), password: SecretView::default() }, next.to_owned())
        };
        let wrong = SignInForm { email: words.wrong(HOSTILE), password: words.wrong_secret() };
        let mut samples = vec![
            Sample::of("empty", page("", "")),
            Sample::of(
                "neither recovery nor registration",
                Self { recovery: false, registration: false, ..page("", "") },
            ),
            Sample::of(
                "with providers",
                page("", "/user/devices").with_passkeys(true).with_providers(ProviderView::samples()),
            ),
            Sample::of("with passkeys", page("", "/user/devices").with_passkeys(true)),
            Sample::of(
                "unknown passkey",
                Self { unknown_passkey: "q83vEjRWeJA".into(), ..page("", "").with_passkeys(true) },
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
