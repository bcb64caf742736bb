//! This door's words for every refusal: an error page, or a problem document (RFC 9457).

use std::sync::Arc;

use rocket::Request;
use rocket::http::Status;
use rocket::response::Response;
use serde_json::{Map, Value, json};

use super::form::{form_status, wire_name};
use super::show;
use crate::domain::{AccountError, FieldError};
use crate::view::{Locale, Renderer};
use crate::web::{Refusal, sized, wants_json};

/// Words a refusal as a page or as a problem document, whichever is preferred.
pub fn refuse(refusal: &Refusal, incident: Option<&str>, request: &Request<'_>) -> Response<'static> {
    let Some(view) = request.rocket().state::<Arc<Renderer>>() else {
        return sized(refusal.status(), "text/plain; charset=utf-8", refusal.code().to_owned());
    };
    let locale = view.catalog().negotiate(request.headers().get_one("accept-language"));
    if wants_json(request.headers().get_one("accept")) {
        return problem(refusal, incident, view, locale);
    }
    let words = sentences(refusal, view, locale);
    let html = if signed_out_write(refusal) {
        show::sign_in_again(view, locale)
    } else {
        show::error_page(view, locale, refusal.status(), refusal.code(), words, incident)
    };
    match html {
        Ok(html) => sized(refusal.status(), "text/html; charset=utf-8", html),
        Err(error) => {
            log::error!("the error page could not be shown: {error}");
            sized(refusal.status(), "text/plain; charset=utf-8", refusal.code().to_owned())
        }
    }
}

/// Somebody's session ended while a form was open: the sign-in form helps more than an error page.
fn signed_out_write(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::Account(error) => match error {
            AccountError::Unauthenticated => true,
            AccountError::Invalid(_)
            | AccountError::InvalidCredentials
            | AccountError::NotFound
            | AccountError::Throttled { .. }
            | AccountError::Busy { .. }
            | AccountError::Unavailable(_)
            | AccountError::Internal(_) => false,
        },
        Refusal::Malformed
        | Refusal::CrossSite
        | Refusal::Forbidden
        | Refusal::NotFound
        | Refusal::MethodNotAllowed(_)
        | Refusal::TimedOut
        | Refusal::TooLarge
        | Refusal::UnsupportedMediaType => false,
    }
}

/// Title and message of an error page.
fn sentences(refusal: &Refusal, view: &Renderer, locale: &Locale) -> (String, String) {
    let status = refusal.status().code;
    let catalog = view.catalog();
    let sentence = |part: &str| {
        catalog
            .lookup(locale, &format!("error-page-{status}-{part}"), &[])
            .unwrap_or_else(|| catalog.text(locale, &format!("error-page-other-{part}"), &[]))
    };
    let message = show::alert_message(refusal, view, locale).unwrap_or_else(|| sentence("message"));
    (sentence("title"), message)
}

/// A problem document.
fn problem(refusal: &Refusal, incident: Option<&str>, view: &Renderer, locale: &Locale) -> Response<'static> {
    if let Refusal::Account(AccountError::Invalid(errors)) = refusal {
        return field_problem(form_status(errors), errors, view, locale);
    }
    let (title, message) = sentences(refusal, view, locale);
    let mut document = json!({
        "type": format!("urn:vestibule:error:{}", refusal.code()),
        "title": title,
        "status": refusal.status().code,
        "detail": message,
        "code": refusal.code(),
        "errors": {},
    });
    if let Some(incident) = incident {
        // A fault says its number and nothing else.
        document["incident"] = incident.into();
    }
    sized(refusal.status(), "application/problem+json", document.to_string())
}

/// A problem document that says what is wrong with which field.
fn field_problem(
    status: Status,
    errors: &[FieldError],
    view: &Renderer,
    locale: &Locale,
) -> Response<'static> {
    let mut by_field: Map<String, Value> = Map::new();
    let mut codes: Map<String, Value> = Map::new();
    for error in errors {
        let name = wire_name(&error.field).to_owned();
        let said = view.problem(locale, &error.code);
        push(&mut by_field, &name, said.message);
        push(&mut codes, &name, said.code);
    }
    let document = json!({
        "type": "urn:vestibule:error:invalid",
        "title": view.catalog().text(locale, "error-page-422-title", &[]),
        "status": status.code,
        "detail": view.counted(locale, "alert-fix-the-fields", "count", errors.len() as u64),
        "code": "invalid",
        "errors": by_field,
        "codes": codes,
    });
    sized(status, "application/problem+json", document.to_string())
}

fn push(map: &mut Map<String, Value>, name: &str, text: String) {
    let list = map.entry(name).or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(list) = list {
        list.push(text.into());
    }
}
