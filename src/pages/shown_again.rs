//! A form as its page shows it: untouched, or refused and shown again with what is wrong.

use std::time::Duration;

use domain::{AccountError, FieldCode, FieldError};
use look::pages::{FieldView, SecretView};
use look::{Notice, Page};
use rocket::http::Status;

use super::fields::wire_name;
use crate::web::{Refusal, Reply, Visit, attempt_words};

/// What a page says about its form.
pub struct FormState {
    status: Status,
    errors: Vec<FieldError>,
    alert: Option<Notice>,
    retry_after: Option<Duration>,
}

impl FormState {
    /// The form of somebody who has not sent it yet.
    pub fn untouched() -> Self {
        Self { status: Status::Ok, errors: Vec::new(), alert: None, retry_after: None }
    }

    /// The form again, after a flow refused it: with its fields' errors, or with an alert about the attempt
    /// and `Retry-After`.
    ///
    /// # Errors
    /// `error` itself where the form is not shown again: the visitor wants JSON, or the refusal is about
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
            | AccountError::Throttled { .. }
            | AccountError::Busy { .. }) => Ok(Self::alerted(visit, error)),
            error => Err(error.into()),
        }
    }

    /// The form again, with an alert that says what was wrong with the attempt.
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

    /// The same with another alert.
    pub fn with_alert(self, alert: Option<Notice>) -> Self {
        Self { alert, ..self }
    }

    /// A field with what was typed into it and what is wrong with that.
    pub fn field(&self, visit: &Visit<'_>, name: &str, typed: &str) -> FieldView {
        FieldView { value: typed.to_owned(), errors: self.secret(visit, name).errors }
    }

    /// What is wrong with a field that is never shown again.
    pub fn secret(&self, visit: &Visit<'_>, name: &str) -> SecretView {
        SecretView {
            errors: visit
                .view
                .problems(visit.locale(), &self.errors, |error| wire_name(&error.field) == name),
        }
    }

    /// The answer that shows `page` with this form.
    ///
    /// # Errors
    /// `Internal` when its template cannot be filled.
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

/// The status of a refused form: 413 and 415 say more than 422 where they are true.
pub fn form_status(errors: &[FieldError]) -> Status {
    match errors {
        [FieldError { code: FieldCode::PictureTooLarge { .. }, .. }] => Status::PayloadTooLarge,
        [FieldError { code: FieldCode::PictureNotAnImage, .. }] => Status::UnsupportedMediaType,
        _ => Status::UnprocessableEntity,
    }
}

/// The alert above a form some of whose fields were refused.
fn fix_the_fields(visit: &Visit<'_>, errors: &[FieldError]) -> Option<Notice> {
    (!errors.is_empty()).then(|| Notice {
        code: "fix_the_fields".into(),
        message: visit.view.counted(visit.locale(), "alert-fix-the-fields", "count", errors.len() as u64),
    })
}
