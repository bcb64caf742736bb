//! Somebody who comes back from another provider.

use domain::FieldCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::ProviderView;
use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long, typed};
use crate::values::{CustomFieldView, FieldView, TermsView};

/// Somebody who comes back from another provider, and whom no account has yet; or who did not get on there.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IdentityPage {
    /// What the page is for: `new`, where somebody signs up or says that they have an account; `link`, where
    /// whoever is signed in links theirs; `failed`, where the alert says what went wrong.
    pub step: &'static str,
    /// What people call the provider; empty for `failed`.
    pub provider: String,
    /// By what its owner recognises the account there: an address or a username; may be empty.
    pub handle: String,
    /// The address of the account here, for `link`.
    pub email: String,
    /// Where whoever has an account signs in to it, to come back and link the two.
    pub sign_in: String,
    /// The form, for `new`.
    pub form: IdentityForm,
    /// Whether a username is asked for.
    pub asks_username: bool,
    /// Whether nobody signs up without one.
    pub needs_username: bool,
    /// Whether the address is another account's, where the page may say so.
    pub taken: bool,
    /// Whether whoever has signed up before may have to prove their address still.
    pub waits: bool,
    /// Who may be tried again, for `failed`.
    pub providers: Vec<ProviderView>,
}

impl Page for IdentityPage {
    const TEMPLATE: &'static str = "pages/identity.html";
}

/// The form that signs up without a password. Its fields are filled in as the provider suggests.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct IdentityForm {
    /// `email`
    pub email: FieldView,
    /// `username`
    pub username: FieldView,
    /// `name`
    pub name: FieldView,
    /// The operator's fields that are asked at sign-up.
    pub fields: Vec<CustomFieldView>,
    /// `terms`
    pub terms: TermsView,
}

/// The alerts of `failed`.
const FAILURES: [FieldCode; 6] = [
    FieldCode::ProviderLost,
    FieldCode::ProviderDenied,
    FieldCode::ProviderUnanswered,
    FieldCode::ProviderRefused,
    FieldCode::IdentityTaken,
    FieldCode::IdentityDouble,
];

impl PageSamples for IdentityPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |step, provider: &str, handle: &str| Self {
            step,
            provider: provider.to_owned(),
            handle: handle.to_owned(),
            email: String::new(),
            sign_in: "/user/login?next=/user/identity".to_owned(),
            form: IdentityForm::default(),
            asks_username: false,
            needs_username: false,
            taken: false,
            waits: false,
            providers: Vec::new(),
        };
        let filled = |email: &str, name: &str| IdentityForm {
            email: typed(email),
            username: typed(""),
            name: typed(name),
            fields: Vec::new(),
            terms: TermsView::default(),
        };
        let new = |handle: &str, form| Self { form, ..page("new", "Google", handle) };
        let ada = || new("ada@example.org", filled("ada@example.org", "Ada Lovelace"));
        let wrong = IdentityForm {
            email: words.wrong(HOSTILE),
            username: words.wrong(HOSTILE),
            name: words.wrong(HOSTILE),
            fields: words.custom_fields(HOSTILE, HOSTILE, true),
            // A theme of before has no box.
            terms: if words.renderer.facts().terms {
                TermsView { url: "/terms".to_owned(), agreed: false, errors: words.wrong_secret().errors }
            } else {
                TermsView::default()
            },
        };
        let taken = FieldView {
            value: "ada@example.org".to_owned(),
            errors: vec![words.renderer.problem(words.locale, &FieldCode::EmailTaken)],
        };
        let linking = |provider: &str, handle: &str, email: &str| Self {
            email: email.to_owned(),
            ..page("link", provider, handle)
        };
        let failed = || Self { providers: ProviderView::samples(), ..page("failed", "", "") };
        let mut samples = vec![
            Sample::of("new", ada()),
            Sample::of("new, of whom nothing is known", new("", IdentityForm::default())),
            Sample::of("new, a username too", Self { asks_username: true, needs_username: true, ..ada() }),
            Sample::of("new, a username if you like", Self { asks_username: true, ..ada() }),
            Sample::of("new, or to be proven", Self { waits: true, ..ada() }),
            Sample::of(
                "new, the address is taken",
                Self { taken: true, ..new("ada", IdentityForm { email: taken, ..IdentityForm::default() }) },
            )
            .refused(),
            Sample::of("new, errors everywhere", Self { asks_username: true, ..new(HOSTILE, wrong) })
                .with_alert(words.counted("fix_the_fields", "count", 10)),
            Sample::of(
                "new, hostile",
                Self { provider: HOSTILE.to_owned(), ..new(HOSTILE, filled(HOSTILE, HOSTILE)) },
            ),
            Sample::of("new, long", new(&long("ada"), filled(&long("ada@example.org"), &long("W")))),
            Sample::of("new, too many tries", ada())
                .with_alert(words.counted("throttled_minutes", "minutes", 12))
                .waiting(720),
            Sample::of("link", linking("Google", "ada@gmail.example", "ada@example.org"))
                .seen_by("Ada Lovelace"),
            Sample::of("link, hostile", linking(HOSTILE, HOSTILE, HOSTILE)).seen_by("Ada Lovelace"),
            Sample::of("failed, while linking", failed())
                .with_alert(words.refused(&FieldCode::ProviderDenied))
                .seen_by("Ada Lovelace"),
            Sample::of("failed, too many tries", failed())
                .with_alert(words.counted("throttled", "seconds", 30))
                .waiting(30),
        ];
        samples.extend(FAILURES.iter().map(|code| {
            Sample::of(format!("failed, {}", code.code()), failed()).with_alert(words.refused(code))
        }));
        samples
    }
}
