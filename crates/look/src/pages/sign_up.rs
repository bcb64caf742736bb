//! Signing up.

use domain::FieldCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::ProviderView;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long, typed};
use crate::values::{CustomFieldView, FieldView, SecretView, TermsView};
use crate::{Facts, Page};

/// Sign-up.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SignUpPage {
    /// The form.
    pub form: SignUpForm,
    /// Whether a username is asked for.
    pub asks_username: bool,
    /// Whether nobody signs up without one.
    pub needs_username: bool,
    /// Whether the address is another account's, where the page may say so: the reader may want to sign in.
    pub taken: bool,
    /// Fewest characters of a password.
    pub password_min: usize,
    /// Whether the form has the field that nobody sees, `contact_url`.
    pub trap: bool,
    /// What browsers with script work for before they send the form; empty where no work is asked for.
    pub challenge: String,
    /// How many bits are to be zero.
    pub bits: u32,
    /// Other providers that people sign up with.
    pub providers: Vec<ProviderView>,
}

impl Page for SignUpPage {
    const TEMPLATE: &'static str = "pages/sign_up.html";
}

/// The sign-up form.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct SignUpForm {
    /// `email`
    pub email: FieldView,
    /// `username`
    pub username: FieldView,
    /// `password`
    pub password: SecretView,
    /// The operator's fields that are asked at sign-up.
    pub fields: Vec<CustomFieldView>,
    /// `terms`
    pub terms: TermsView,
    /// `contact_url`: seen by whoever filled it in.
    pub trap: FieldView,
}

impl PageSamples for SignUpPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |form: SignUpForm| Self {
            asks_username: !form.username.value.is_empty() || !form.username.errors.is_empty(),
            needs_username: false,
            taken: false,
            trap: true,
            challenge: String::new(),
            bits: 0,
            form,
            password_min: 8,
            providers: Vec::new(),
        };
        let filled = |email: &str, username: &str, fields| SignUpForm {
            email: typed(email),
            username: typed(username),
            password: SecretView::default(),
            fields,
            terms: TermsView::default(),
            trap: FieldView::default(),
        };
        // A theme of before has neither box nor proof: its page is left out where they are asked for,
        // and only there.
        let Facts { terms: has_terms, work: has_work, .. } = *words.renderer.facts();
        let terms = |errors| TermsView { url: "/terms".into(), agreed: false, errors };
        let everything_wrong = SignUpForm {
            email: words.wrong("ada"),
            username: words.wrong("a b"),
            password: words.wrong_secret(),
            fields: words.custom_fields("x", "", true),
            terms: if has_terms { terms(words.wrong_secret().errors) } else { TermsView::default() },
            trap: FieldView::default(),
        };
        let email = FieldView {
            value: "ada@example.org".to_owned(),
            errors: vec![words.renderer.problem(words.locale, &FieldCode::EmailTaken)],
        };
        let taken = SignUpForm { email, ..SignUpForm::default() };
        let mut samples = vec![
            Sample::of("empty", page(SignUpForm::default())),
            Sample::of("one character is enough", Self { password_min: 1, ..page(SignUpForm::default()) }),
            Sample::of("a username if you like", Self { asks_username: true, ..page(SignUpForm::default()) }),
            Sample::of(
                "a username too",
                Self { asks_username: true, needs_username: true, ..page(SignUpForm::default()) },
            ),
            Sample::of(
                "with providers",
                Self { providers: ProviderView::samples(), ..page(SignUpForm::default()) },
            ),
            Sample::of("no trap", Self { trap: false, ..page(SignUpForm::default()) }),
            Sample::of("custom fields", page(filled("", "", words.custom_fields("", "", false)))),
            Sample::of("the address is taken", Self { taken: true, ..page(taken) }).refused(),
            Sample::of("errors everywhere", page(everything_wrong)).with_alert(words.counted(
                "fix_the_fields",
                "count",
                11,
            )),
            Sample::of(
                "hostile",
                page(filled(HOSTILE, HOSTILE, words.custom_fields(HOSTILE, HOSTILE, true))),
            )
            .with_alert(words.counted("fix_the_fields", "count", 6)),
            Sample::of(
                "long",
                page(filled(
                    &long("ada"),
                    &long("W"),
                    words.custom_fields(&long("x"), &long("word "), false),
                )),
            ),
            Sample::of("too many tries", page(filled("ada@example.org", "", Vec::new())))
                .with_alert(words.counted("throttled_minutes", "minutes", 12))
                .waiting(720),
            Sample::of("too much to do", page(filled("ada@example.org", "ada", Vec::new())))
                .with_alert(words.alert("busy")),
        ];
        if has_work {
            let work =
                Self { challenge: "AXp1c3QgYW4gZXhhbXBsZQ".into(), bits: 8, ..page(SignUpForm::default()) };
            samples.push(Sample::of("with work", work));
        }
        if has_terms {
            let asked = SignUpForm { terms: terms(Vec::new()), ..SignUpForm::default() };
            samples.push(Sample::of("with terms", page(asked)));
            let not_agreed = SignUpForm {
                terms: terms(words.wrong_secret().errors),
                ..filled("a@example.org", "", Vec::new())
            };
            samples.push(Sample::of("terms not agreed to", page(not_agreed)).refused());
        }
        samples
    }
}
