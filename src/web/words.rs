//! The sentence of a refusal, for doors that say no in one.

use std::sync::Arc;

use domain::{AccountError, Field, Step};
use look::{Locale, Renderer};
use rocket::Request;

use super::accept::locale_or;
use super::refusal::{Refusal, whole_seconds};

/// The sentence of a refusal that is about the attempt rather than about a field or the request.
pub fn attempt_words(refusal: &Refusal, view: &Renderer, locale: &Locale) -> Option<String> {
    let Refusal::Account(error) = refusal else { return None };
    match error {
        AccountError::InvalidCredentials => Some(view.notice(locale, "alert", "invalid_credentials").message),
        AccountError::StepWanted(step @ Step::Verify) => {
            Some(view.notice(locale, "alert", step.code()).message)
        }
        AccountError::Throttled { retry_after } => {
            let seconds = whole_seconds(*retry_after);
            Some(if seconds > 90 {
                view.counted(locale, "alert-throttled-minutes", "minutes", seconds.div_ceil(60))
            } else {
                view.counted(locale, "alert-throttled", "seconds", seconds)
            })
        }
        AccountError::Busy { .. } => Some(view.notice(locale, "alert", "busy").message),
        AccountError::Invalid(_)
        | AccountError::Unauthenticated
        | AccountError::Forbidden
        | AccountError::NotFound
        | AccountError::TicketSpent
        | AccountError::Unavailable(_)
        | AccountError::Internal(_) => None,
    }
}

/// One line for a JSON answer, in the language that the caller asks for, else in `fallback`. A refused field
/// stands before its sentence by the name that `wire_name` gives it; a fault says its number and nothing
/// else.
pub fn words(
    refusal: &Refusal,
    incident: Option<&str>,
    request: &Request<'_>,
    fallback: &str,
    wire_name: fn(&Field) -> &str,
) -> String {
    let Some(view) = request.rocket().state::<Arc<Renderer>>() else { return refusal.code().to_owned() };
    words_in(locale_or(view, request, fallback), view, refusal, incident, wire_name)
}

/// As [`words`], in English whatever the caller asks for: for APIs whose clients compare messages.
pub fn english_words(
    refusal: &Refusal,
    incident: Option<&str>,
    request: &Request<'_>,
    wire_name: fn(&Field) -> &str,
) -> String {
    let Some(view) = request.rocket().state::<Arc<Renderer>>() else { return refusal.code().to_owned() };
    let catalog = view.catalog();
    let english = catalog.find("en").unwrap_or_else(|| catalog.fallback());
    words_in(english, view, refusal, incident, wire_name)
}

fn words_in(
    locale: &Locale,
    view: &Renderer,
    refusal: &Refusal,
    incident: Option<&str>,
    wire_name: fn(&Field) -> &str,
) -> String {
    if let Refusal::Account(AccountError::Invalid(errors)) = refusal {
        let said = errors.iter().map(|error| {
            format!("{}: {}", wire_name(&error.field), view.problem(locale, &error.code).message)
        });
        return said.collect::<Vec<_>>().join(" ");
    }
    let sentence = attempt_words(refusal, view, locale).unwrap_or_else(|| {
        let (catalog, code) = (view.catalog(), refusal.status().code);
        let keys = [format!("error-call-{code}"), format!("error-page-{code}-message")];
        let known = keys.iter().find_map(|key| catalog.lookup(locale, key, &[]));
        known.unwrap_or_else(|| catalog.text(locale, "error-page-other-message", &[]))
    });
    match incident {
        Some(number) => format!("{sentence} ({number})"),
        None => sentence,
    }
}
