//! The state of a form on its page: untouched, or refused and shown again with the errors.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::{AccountError, AccountId, FieldCode, FieldError, Step};
use look::pages::{FieldView, SecretView};
use look::{Notice, Page};
use rocket::http::Status;

use super::fields::{problem, wire_name};
use crate::web::{Around, Refusal, Reply, Visit, attempt_words};

/// Status, errors and alert of a page with a form.
pub struct FormState {
    status: Status,
    errors: Vec<FieldError>,
    alert: Option<Notice>,
    retry_after: Option<Duration>,
    next: String,
    of_somebody_else: bool,
}

impl FormState {
    /// The state of a form that was not sent yet.
    pub fn untouched() -> Self {
        Self {
            status: Status::Ok,
            errors: Vec::new(),
            alert: None,
            retry_after: None,
            next: String::new(),
            of_somebody_else: false,
        }
    }

    /// The state of a form that a flow refused: its fields' errors, or an alert about the attempt with
    /// `Retry-After`.
    ///
    /// # Errors
    /// `error` itself where the form is not shown again: the request prefers JSON, or the refusal is about
    /// neither the fields nor the attempt.
    pub fn refused(visit: &Visit<'_>, error: AccountError) -> Result<Self, Refusal> {
        if visit.json {
            return Err(error.into());
        }
        match error {
            AccountError::Invalid(errors) => Ok(Self {
                status: form_status(&errors),
                alert: fix_the_fields(visit, &errors),
                errors,
                ..Self::untouched()
            }),
            error @ (AccountError::InvalidCredentials
            | AccountError::Locked
            | AccountError::StepWanted(
                Step::Restore
                | Step::Approval
                | Step::NewPassword
                | Step::SecondFactor
                | Step::Terms
                | Step::SetUpFactor,
            )
            | AccountError::Throttled { .. }
            | AccountError::Busy { .. }) => Ok(Self::alerted(visit, error)),
            error => Err(error.into()),
        }
    }

    /// The state of a form with an alert about the attempt.
    pub fn alerted(visit: &Visit<'_>, error: AccountError) -> Self {
        let refusal = Refusal::from(error);
        Self {
            status: refusal.status(),
            alert: attempt_words(&refusal, visit.view, visit.locale()).map(|message| Notice {
                code: refusal.code().to_owned(),
                message,
                place: "",
            }),
            retry_after: refusal.retry_after(),
            ..Self::untouched()
        }
    }

    /// The form of a mailed link that no longer works, with the alert of this code. Whose link it was is not
    /// known, so the header shows nobody.
    pub fn gone(visit: &Visit<'_>, code: &str) -> Self {
        let alert = visit.view.notice(visit.locale(), "alert", code);
        Self { status: Status::Gone, alert: Some(alert), of_somebody_else: true, ..Self::untouched() }
    }

    /// The same with its alert in the panel `place`, where the page has it.
    pub fn at(self, place: &'static str) -> Self {
        Self { alert: self.alert.map(|alert| alert.at(place)), ..self }
    }

    /// The same with another status.
    pub fn with_status(self, status: Status) -> Self {
        Self { status, ..self }
    }

    /// Replaces the alert.
    pub fn with_alert(self, alert: Option<Notice>) -> Self {
        Self { alert, ..self }
    }

    /// Keeps the way back in the page's links and forms.
    pub fn keeping(self, next: &str) -> Self {
        Self { next: next.to_owned(), ..self }
    }

    /// The page is about a link of `owner`; the header does not show another account that is signed in.
    pub fn of(self, owner: AccountId, visit: &Visit<'_>) -> Self {
        let own = visit.who.as_ref().is_some_and(|who| who.account().id == owner);
        if own { self } else { self.of_somebody_else() }
    }

    /// The page is about a link of an account that is not signed in.
    pub fn of_somebody_else(self) -> Self {
        Self { of_somebody_else: true, ..self }
    }

    /// The view of a field, with the typed text and its errors.
    pub fn field(&self, visit: &Visit<'_>, name: &str, typed: &str) -> FieldView {
        FieldView { value: typed.to_owned(), errors: self.secret(visit, name).errors }
    }

    /// The errors of a field whose text is never sent back.
    pub fn secret(&self, visit: &Visit<'_>, name: &str) -> SecretView {
        let fields = &visit.flows.policy().fields;
        let here = self.errors.iter().filter(|error| wire_name(&error.field) == name);
        SecretView { errors: here.map(|error| problem(visit.view, visit.locale(), fields, error)).collect() }
    }

    /// Whether the address of the form is another account's.
    pub fn taken_address(&self) -> bool {
        self.errors.iter().any(|error| error.code == FieldCode::EmailTaken)
    }

    /// Renders `page` with this state.
    ///
    /// # Errors
    /// `Internal` when the template fails to render.
    pub fn page<P: Page>(self, visit: &Visit<'_>, page: P) -> Result<Reply, Refusal> {
        let Self { status, alert, next, of_somebody_else, retry_after: wait, .. } = self;
        let around = Around { alert, next: &next, wait, of_somebody_else };
        Ok(visit.page_in(status, page, around)?.retry_after(wait))
    }

    /// [`page`](Self::page) at a URL that holds the secret of a mailed link.
    ///
    /// # Errors
    /// `Internal` when its template cannot be filled.
    pub fn page_of_link<P: Page>(self, visit: &Visit<'_>, page: P) -> Result<Reply, Refusal> {
        Ok(self.page(visit, page)?.with_bare_referrer())
    }
}

/// The status of a refused form. 413 and 415 are more exact than 422 where they apply.
pub fn form_status(errors: &[FieldError]) -> Status {
    match errors {
        [FieldError { code: FieldCode::PictureTooLarge { .. }, .. }] => Status::PayloadTooLarge,
        [FieldError { code: FieldCode::PictureNotAnImage, .. }] => Status::UnsupportedMediaType,
        _ => Status::UnprocessableEntity,
    }
}

/// The alert above a form with several refused fields; it counts them. One field has its own message and the
/// focus, and an alert would say the same twice.
fn fix_the_fields(visit: &Visit<'_>, errors: &[FieldError]) -> Option<Notice> {
    let fields: BTreeSet<&str> = errors.iter().map(|error| wire_name(&error.field)).collect();
    (fields.len() > 1).then(|| Notice {
        code: "fix_the_fields".into(),
        message: visit.view.counted(visit.locale(), "alert-fix-the-fields", "count", fields.len() as u64),
        place: "",
    })
}
