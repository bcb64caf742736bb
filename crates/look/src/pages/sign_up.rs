//! Signing up.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long, typed};
use crate::values::{CustomFieldView, FieldView, SecretView};

/// Sign-up.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SignUpPage {
    /// The form.
    pub form: SignUpForm,
    /// Fewest characters of a password.
    pub password_min: usize,
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
}

impl PageSamples for SignUpPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |form| Self { form, password_min: 8 };
        let filled = |email: &str, username: &str, fields| SignUpForm {
            email: typed(email),
            username: typed(username),
            password: SecretView::default(),
            fields,
        };
        let everything_wrong = SignUpForm {
            email: words.wrong("ada"),
            username: words.wrong("a b"),
            password: words.wrong_secret(),
            fields: words.custom_fields("x", "", true),
        };
        vec![
            Sample::of("empty", page(SignUpForm::default())),
            Sample::of("one character is enough", Self { form: SignUpForm::default(), password_min: 1 }),
            Sample::of("custom fields", page(filled("", "", words.custom_fields("", "", false)))),
            Sample::of("errors everywhere", page(everything_wrong)).with_alert(words.counted(
                "fix_the_fields",
                "count",
                9,
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
                .with_alert(words.counted("throttled_minutes", "minutes", 12)),
            Sample::of("too much to do", page(filled("ada@example.org", "ada", Vec::new())))
                .with_alert(words.alert("busy")),
        ]
    }
}
