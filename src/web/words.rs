//! The sentence of a refusal, for dialects that answer with one.

use std::sync::Arc;

use domain::{AccountError, Field};
use look::{Locale, Renderer};
use rocket::Request;

use super::accept::locale_or;
use super::refusal::{Refusal, whole_seconds};

/// The sentence of a refusal of the attempt as a whole, such as wrong credentials. `None` for refusals of a
/// field or of the request.
pub fn attempt_words(refusal: &Refusal, view: &Renderer, locale: &Locale) -> Option<String> {
    let Refusal::Account(error) = refusal else { return None };
    match error {
        AccountError::InvalidCredentials => Some(view.notice(locale, "alert", "invalid_credentials").message),
        AccountError::Locked => Some(view.notice(locale, "alert", "locked").message),
        AccountError::StepWanted(step) => Some(view.notice(locale, "alert", step.code()).message),
        AccountError::Throttled { retry_after } => {
            let seconds = whole_seconds(*retry_after);
            Some(if seconds > 2 * 3600 {
                view.counted(locale, "alert-throttled-hours", "hours", seconds.div_ceil(3600))
            } else if seconds > 90 {
                view.counted(locale, "alert-throttled-minutes", "minutes", seconds.div_ceil(60))
            } else {
                view.counted(locale, "alert-throttled", "seconds", seconds)
            })
        }
        AccountError::ProofWanted => Some(view.notice(locale, "alert", "reauthentication_required").message),
        AccountError::RegistrationClosed { .. } => Some(view.notice(locale, "alert", error.code()).message),
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

/// The sentence for a JSON answer, in the caller's language, else in `fallback`. A refused field's sentence
/// begins with the field's name from `wire_name`. A fault's sentence contains only its incident number.
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

/// As [`words`], but always in English: for APIs whose clients compare messages.
pub fn english_words(
    refusal: &Refusal,
    incident: Option<&str>,
    request: &Request<'_>,
    wire_name: fn(&Field) -> &str,
) -> String {
    let Some(view) = request.rocket().state::<Arc<Renderer>>() else { return refusal.code().to_owned() };
    words_in(view.catalog().english(), view, refusal, incident, wire_name)
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
