//! The parts of the samples of pages and mails. A sample is a page or mail in a state that a reader can meet.
//! Tests, the check of a theme and the gallery render all samples.

use domain::{FieldCode, FieldKind, Millis};

use crate::values::{CustomFieldView, FieldView, SecretView, TimeView};
use crate::{Dates, Locale, MailTemplate, Notice, Page, Problem, Renderer};

/// A hostile value: markup, an attribute and template code. Pages must escape it.
pub(crate) const HOSTILE: &str =
    "<script>alert('x')</script>\" onfocus=\"alert(1) &amp; {{ site }} {% raw %}";

/// A page in one state.
pub(crate) struct Sample<P> {
    /// The state's name, for reports.
    pub state: String,
    /// The name of the signed-in person; empty if nobody is signed in.
    pub viewer: String,
    /// Whether the viewer must still prove the e-mail address.
    pub unverified: bool,
    /// Whether the viewer administers the site.
    pub administers: bool,
    /// When the viewer's second factors are taken off; empty if they stay.
    pub recovery_until: String,
    pub notice: Option<Notice>,
    pub alert: Option<Notice>,
    /// Whether it answers a form or link that was refused.
    pub refused: bool,
    /// In how many seconds the form may be sent again.
    pub wait: u64,
    pub page: P,
}

impl<P> Sample<P> {
    pub fn of(state: impl Into<String>, page: P) -> Self {
        let viewer = String::new();
        Self {
            state: state.into(),
            viewer,
            unverified: false,
            administers: false,
            recovery_until: String::new(),
            notice: None,
            alert: None,
            refused: false,
            wait: 0,
            page,
        }
    }

    pub fn seen_by(self, viewer: &str) -> Self {
        Self { viewer: viewer.to_owned(), ..self }
    }

    pub fn unverified(self) -> Self {
        Self { unverified: true, ..self }
    }

    pub fn administering(self) -> Self {
        Self { administers: true, ..self }
    }

    pub fn recovering(self, words: Words<'_>) -> Self {
        let until = TimeView::minute(Millis(1_717_200_000_000), words.dates());
        Self { recovery_until: until.text, ..self }
    }

    pub fn with_notice(self, notice: Notice) -> Self {
        Self { notice: Some(notice), ..self }
    }

    pub fn with_alert(self, alert: Notice) -> Self {
        Self { alert: Some(alert), ..self.refused() }
    }

    pub fn waiting(self, seconds: u64) -> Self {
        Self { wait: seconds, ..self }
    }

    /// The answer to a form whose only wrong field says so itself.
    pub fn refused(self) -> Self {
        Self { refused: true, ..self }
    }
}

/// A page with a sample for every state.
pub(crate) trait PageSamples: Page + Sized {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>>;
}

/// A mail with a named sample for every state.
pub(crate) trait MailSamples: MailTemplate + Sized {
    fn samples(words: Words<'_>) -> Vec<(String, Self)>;
}

/// The sentences of one language, for samples.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    pub renderer: &'a Renderer,
    pub locale: &'a Locale,
}

impl<'a> Words<'a> {
    pub fn sentence(self, key: &str) -> String {
        self.renderer.catalog().text(self.locale, key, &[])
    }

    pub fn dates(self) -> &'a Dates {
        self.renderer.catalog().dates(self.locale)
    }

    pub fn notice(self, code: &str) -> Notice {
        self.renderer.notice(self.locale, "notice", code)
    }

    pub fn alert(self, code: &str) -> Notice {
        self.renderer.notice(self.locale, "alert", code)
    }

    /// An alert that says why a value was refused.
    pub fn refused(self, code: &FieldCode) -> Notice {
        let Problem { code, message } = self.renderer.problem(self.locale, code);
        Notice { code, message, place: "" }
    }

    /// An alert whose sentence contains `number` as the placeholder `name`.
    pub fn counted(self, code: &str, name: &str, number: u64) -> Notice {
        let key = format!("alert-{}", code.replace('_', "-"));
        let message = self.renderer.counted(self.locale, &key, name, number);
        Notice { code: code.to_owned(), message, place: "" }
    }

    /// One problem for each [`FieldCode`].
    fn every_problem(self) -> Vec<Problem> {
        FieldCode::samples().iter().map(|code| self.renderer.problem(self.locale, code)).collect()
    }

    pub fn wrong(self, value: &str) -> FieldView {
        FieldView { value: value.to_owned(), errors: self.every_problem() }
    }

    pub fn wrong_secret(self) -> SecretView {
        SecretView { errors: self.every_problem() }
    }

    /// One field of each kind that an operator can define.
    pub fn custom_fields(self, value: &str, label: &str, wrong: bool) -> Vec<CustomFieldView> {
        use FieldKind::{Boolean, Date, Email, Number, Text, Url};
        let kinds = [Text, Email, Url, Number, Date, Boolean];
        let field = |(number, kind): (usize, FieldKind)| CustomFieldView {
            name: format!("custom_{}", kind.as_str()),
            label: if label.is_empty() { format!("Field {number}") } else { label.to_owned() },
            kind: kind.as_str(),
            value: value.to_owned(),
            shown: value.to_owned(),
            checked: !value.is_empty(),
            required: number % 2 == 0,
            max_length: 200,
            errors: if wrong { self.every_problem() } else { Vec::new() },
        };
        kinds.into_iter().enumerate().map(field).collect()
    }

    /// The time in the samples of notices: 1 March 2024, 02:00:03.
    pub fn mailed_moment(self) -> TimeView {
        TimeView::in_mail(Millis(1_709_258_403_999), self.dates())
    }
}

pub(crate) fn typed(value: &str) -> FieldView {
    FieldView { value: value.to_owned(), errors: Vec::new() }
}

pub(crate) fn long(words: &str) -> String {
    words.repeat(40)
}

/// The link in the samples of mails.
pub(crate) fn mailed_link() -> String {
    "https://accounts.example.org/user/reset?token=Zm9vYmFy-_0".to_owned()
}
