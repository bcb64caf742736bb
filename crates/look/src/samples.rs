//! Every page in every state that a reader can meet, for tests and for checking themes: what is rendered here
//! without a fault and escaped as it should be is so for everybody.

mod api;
mod dev_mail;
mod devices;
mod mail;
mod profile;
mod recovery;
mod session;
mod verification;

use super::pages::{
    CustomFieldView, ErrorPage, FieldView, SecretView, SignInForm, SignInPage, SignUpForm, SignUpPage,
};
use super::{Dates, Locale, Notice, Page, Problem, Renderer};
use domain::{FieldCode, FieldKind};

pub use super::registry::{Rendered, render_all};
pub use mail::MailSamples;

/// What nobody is called, and what somebody will try to be called. Nothing of it may reach a page as it is.
pub const HOSTILE: &str = "<script>alert('x')</script>\" onfocus=\"alert(1) &amp; {{ site }} {% raw %}";

/// Statuses that an error page has words of its own for.
const STATUSES: [u16; 13] = [400, 401, 403, 404, 405, 408, 410, 413, 415, 422, 429, 500, 503];

/// What a form can say above itself, by its key.
const ALERTS: [&str; 3] = ["invalid_credentials", "busy", "session_ended_sign_in_again"];

/// What the profile page can say after a redirect, by its key.
pub(super) const NOTICES: [&str; 12] = [
    "welcome",
    "password_changed",
    "picture_changed",
    "picture_removed",
    "username_changed",
    "profile_changed",
    "session_ended",
    "sessions_ended",
    "verification_sent",
    "verified",
    "address_requested",
    "address_changed",
];

/// A page in one state.
pub struct Sample<P> {
    /// What is the matter with it, for whoever reads a report.
    pub state: String,
    /// Who is signed in; empty: nobody.
    pub viewer: String,
    /// Whether they are still to prove their address.
    pub unverified: bool,
    /// What was just done.
    pub notice: Option<Notice>,
    /// What is wrong.
    pub alert: Option<Notice>,
    /// The page.
    pub page: P,
}

impl<P> Sample<P> {
    fn of(state: impl Into<String>, page: P) -> Self {
        let viewer = String::new();
        Self { state: state.into(), viewer, unverified: false, notice: None, alert: None, page }
    }

    fn seen_by(self, viewer: &str) -> Self {
        Self { viewer: viewer.to_owned(), ..self }
    }

    fn unverified(self) -> Self {
        Self { unverified: true, ..self }
    }

    fn with_alert(self, alert: Notice) -> Self {
        Self { alert: Some(alert), ..self }
    }
}

/// A page that shows all its states.
pub trait Samples: Page + Sized {
    /// One of each, with the sentences of `words`.
    fn samples(words: Words<'_>) -> Vec<Sample<Self>>;
}

/// The sentences of one language.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    pub(super) renderer: &'a Renderer,
    pub(super) locale: &'a Locale,
}

impl<'a> Words<'a> {
    fn sentence(self, key: &str) -> String {
        self.renderer.catalog().text(self.locale, key, &[])
    }

    fn dates(self) -> &'a Dates {
        self.renderer.catalog().dates(self.locale)
    }

    fn alert(self, code: &str) -> Notice {
        self.renderer.notice(self.locale, "alert", code)
    }

    fn counted(self, code: &str, name: &str, number: u64) -> Notice {
        let key = format!("alert-{}", code.replace('_', "-"));
        let message = self.renderer.counted(self.locale, &key, name, number);
        Notice { code: code.to_owned(), message }
    }

    /// Everything that can be wrong with a field, at once.
    fn every_problem(self) -> Vec<Problem> {
        FieldCode::samples().iter().map(|code| self.renderer.problem(self.locale, code)).collect()
    }

    fn wrong(self, value: &str) -> FieldView {
        FieldView { value: value.to_owned(), errors: self.every_problem() }
    }

    fn wrong_secret(self) -> SecretView {
        SecretView { errors: self.every_problem() }
    }

    /// The operator's fields, one of each kind.
    fn custom_fields(self, value: &str, label: &str, wrong: bool) -> Vec<CustomFieldView> {
        use FieldKind::{Boolean, Date, Email, Number, Text, Url};
        let kinds = [Text, Email, Url, Number, Date, Boolean];
        let field = |(number, kind): (usize, FieldKind)| CustomFieldView {
            name: format!("custom_{}", kind.as_str()),
            label: if label.is_empty() { format!("Field {number}") } else { label.to_owned() },
            kind: kind.as_str(),
            value: value.to_owned(),
            checked: !value.is_empty(),
            required: number % 2 == 0,
            max_length: 200,
            errors: if wrong { self.every_problem() } else { Vec::new() },
        };
        kinds.into_iter().enumerate().map(field).collect()
    }
}

fn typed(value: &str) -> FieldView {
    FieldView { value: value.to_owned(), errors: Vec::new() }
}

fn long(words: &str) -> String {
    words.repeat(40)
}

impl Samples for SignUpPage {
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
            .with_alert(words.counted("fix_the_fields", "count", 1)),
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

impl Samples for SignInPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |email: &str, next: &str| Self {
            form: SignInForm { email: typed(email), password: SecretView::default() },
            next: next.to_owned(),
            recovery: true,
            registration: true,
        };
        let wrong = SignInForm { email: words.wrong(HOSTILE), password: words.wrong_secret() };
        let mut samples = vec![
            Sample::of("empty", page("", "")),
            Sample::of(
                "neither recovery nor registration",
                Self { recovery: false, registration: false, ..page("", "") },
            ),
            Sample::of("on the way elsewhere", page("", "/user/devices?x=1&y=\"2\"")),
            Sample::of("errors everywhere", Self { form: wrong, ..page("", HOSTILE) })
                .with_alert(words.counted("fix_the_fields", "count", 2)),
            Sample::of("hostile", page(HOSTILE, HOSTILE)).with_alert(words.alert("invalid_credentials")),
            Sample::of("long", page(&long("ada@example.org"), &long("/user"))),
            Sample::of("too many tries", page("ada", "")).with_alert(words.counted(
                "throttled",
                "seconds",
                1,
            )),
        ];
        samples.extend(
            ALERTS.map(|code| {
                Sample::of(format!("alert {code}"), page("ada", "")).with_alert(words.alert(code))
            }),
        );
        samples.extend(["signed_out", "password_reset", "verified_sign_in"].map(|code| {
            let notice = Some(words.renderer.notice(words.locale, "notice", code));
            Sample { notice, ..Sample::of(format!("notice {code}"), page("", "")) }
        }));
        samples
    }
}

impl Samples for ErrorPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |status: u16, key: String, incident: &str| Self {
            status,
            code: "code".to_owned(),
            title: words.sentence(&format!("error-page-{key}-title")),
            message: words.sentence(&format!("error-page-{key}-message")),
            incident: incident.to_owned(),
        };
        let mut samples: Vec<_> = STATUSES
            .map(|status| {
                let incident = if status < 500 { "" } else { "0f3a9c12de45" };
                Sample::of(status.to_string(), page(status, status.to_string(), incident))
            })
            .into();
        samples.push(Sample::of("another status", page(418, "other".to_owned(), "")));
        let hostile = || HOSTILE.to_owned();
        let page =
            Self { status: 500, code: hostile(), title: hostile(), message: hostile(), incident: hostile() };
        samples.push(Sample::of("hostile", page));
        samples
    }
}
