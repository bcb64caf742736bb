//! The state of a form on its page: untouched, or refused and shown again with the errors.

use std::time::Duration;

use domain::{AccountError, FieldCode, FieldError};
use look::pages::{FieldView, SecretView};
use look::{Notice, Page};
use rocket::http::Status;

use super::fields::wire_name;
use crate::web::{Refusal, Reply, Visit, attempt_words};

/// Status, errors and alert of a page with a form.
pub struct FormState {
    status: Status,
    errors: Vec<FieldError>,
    alert: Option<Notice>,
    retry_after: Option<Duration>,
}

impl FormState {
    /// The state of a form that was not sent yet.
    pub fn untouched() -> Self {
        Self { status: Status::Ok, errors: Vec::new(), alert: None, retry_after: None }
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
                retry_after: None,
            }),
            error @ (AccountError::InvalidCredentials
            | AccountError::Locked
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
            errors: Vec::new(),
            alert: attempt_words(&refusal, visit.view, visit.locale())
                .map(|message| Notice { code: refusal.code().to_owned(), message }),
            retry_after: refusal.retry_after(),
        }
    }

    /// The form of a mailed link that no longer works, with the alert of this code.
    pub fn gone(visit: &Visit<'_>, code: &str) -> Self {
        let alert = visit.view.notice(visit.locale(), "alert", code);
        Self { status: Status::Gone, alert: Some(alert), ..Self::untouched() }
    }

    /// The same with another status.
    pub fn with_status(self, status: Status) -> Self {
        Self { status, ..self }
    }

    /// Replaces the alert.
    pub fn with_alert(self, alert: Option<Notice>) -> Self {
        Self { alert, ..self }
    }

    /// The view of a field, with the typed text and its errors.
    pub fn field(&self, visit: &Visit<'_>, name: &str, typed: &str) -> FieldView {
        FieldView { value: typed.to_owned(), errors: self.secret(visit, name).errors }
    }

    /// The errors of a field whose text is never sent back.
    pub fn secret(&self, visit: &Visit<'_>, name: &str) -> SecretView {
        SecretView {
            errors: visit
                .view
                .problems(visit.locale(), &self.errors, |error| wire_name(&error.field) == name),
        }
    }

    /// Renders `page` with this state.
    ///
    /// # Errors
    /// `Internal` when the template fails to render.
    pub fn page<P: Page>(self, visit: &Visit<'_>, page: P) -> Result<Reply, Refusal> {
        Ok(visit.page(self.status, page, self.alert)?.retry_after(self.retry_after))
    }

    /// [`page`](Self::page) with `no-referrer`, because its URL holds the secret of a mailed link.
    ///
    /// # Errors
    /// `Internal` when its template cannot be filled.
    pub fn page_of_link<P: Page>(self, visit: &Visit<'_>, page: P) -> Result<Reply, Refusal> {
        Ok(self.page(visit, page)?.without_referrer())
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

/// The alert above a form with refused fields; it counts them.
fn fix_the_fields(visit: &Visit<'_>, errors: &[FieldError]) -> Option<Notice> {
    (!errors.is_empty()).then(|| Notice {
        code: "fix_the_fields".into(),
        message: visit.view.counted(visit.locale(), "alert-fix-the-fields", "count", errors.len() as u64),
    })
}
