//! Wording of refusals at the pages: an error page, or a problem document (RFC 9457).

use std::sync::Arc;

use domain::{AccountError, FieldError, Step};
use look::pages::{ErrorPage, SignInForm, SignInPage};
use look::{Carried, Locale, Look, Page, PageFrame, Problem, Renderer, ViewError};
use rocket::Request;
use rocket::http::Status;
use rocket::response::Response;
use serde_json::{Map, Value, json};

use super::bare::{bare, redirect};
use super::fields::{self, wire_name};
use super::shown_again::form_status;
use super::{prove, provider_views, way_back};
use crate::flows::Flows;
use crate::urls::{self, WAYS};
use crate::web::accept::wants_json;
use crate::web::language::{self, reader_locale};
use crate::web::{PublicOrigin, Refusal, Reply, Visit, attempt_words, sized, wanted_look};

/// Words a refusal as a page or as a problem document, by the request's preference.
pub fn refuse(refusal: &Refusal, incident: Option<&str>, request: &Request<'_>) -> Response<'static> {
    let Some(view) = request.rocket().state::<Arc<Renderer>>() else {
        return sized(refusal.status(), "text/plain; charset=utf-8", refusal.code().to_owned());
    };
    let wanted = reader_locale(view, request);
    if wants_json(request) {
        return problem(refusal, incident, request, view, wanted);
    }
    match refusal {
        Refusal::OtherAccount => return to_own_page(request),
        Refusal::Account(AccountError::ProofWanted) => return prove::first(request, view, wanted),
        Refusal::Account(AccountError::StepWanted(Step::Terms)) => {
            let to = urls::keeping(urls::TERMS, &way_back::of_ended_session(request));
            return redirect(request, &to, None);
        }
        Refusal::Account(AccountError::StepWanted(Step::SetUpFactor)) => {
            return redirect(request, urls::SECURITY, Some("factor_wanted"));
        }
        _ => {}
    }
    let look = wanted_look(request, view);
    let template = if signed_out_write(refusal) { SignInPage::TEMPLATE } else { ErrorPage::TEMPLATE };
    let locale = view.language_of(look, &[template], wanted);
    let html = if signed_out_write(refusal) {
        sign_in_again(request, view, look, locale)
    } else {
        let back = way_back::to_form(refusal.status(), request);
        let (title, message) = sentences(refusal, view, locale);
        let page = ErrorPage {
            status: refusal.status().code,
            code: refusal.code().to_owned(),
            title,
            message,
            incident: incident.unwrap_or_default().to_owned(),
            back,
        };
        // It shows no signed-in visitor, because reading the session may be what failed.
        let languages = language::choices(view, request, locale, "");
        view.render_in(look, locale, &PageFrame { languages, ..bare(view, locale, None, page) })
    };
    match html {
        Ok(html) => sized(
            refusal.status(),
            "text/html; charset=utf-8",
            look::below(PublicOrigin::base_of(request), html),
        ),
        Err(error) => {
            log::error!("the error page could not be shown: {error}");
            sized(refusal.status(), "text/plain; charset=utf-8", refusal.code().to_owned())
        }
    }
}

/// Words a refusal as a problem document, whatever the request prefers.
pub fn refuse_as_json(refusal: &Refusal, incident: Option<&str>, request: &Request<'_>) -> Response<'static> {
    let Some(view) = request.rocket().state::<Arc<Renderer>>() else {
        return sized(refusal.status(), "text/plain; charset=utf-8", refusal.code().to_owned());
    };
    problem(refusal, incident, request, view, reader_locale(view, request))
}

/// Whether the session ended while a form was open. The sign-in form helps more than an error page then.
fn signed_out_write(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::Account(error) => match error {
            AccountError::Unauthenticated => true,
            AccountError::Invalid(_)
            | AccountError::InvalidCredentials
            | AccountError::Locked
            | AccountError::StepWanted(_)
            | AccountError::ProofWanted
            | AccountError::RegistrationClosed { .. }
            | AccountError::Forbidden
            | AccountError::NotFound
            | AccountError::TicketSpent
            | AccountError::Throttled { .. }
            | AccountError::Busy { .. }
            | AccountError::Unavailable(_)
            | AccountError::Internal(_) => false,
        },
        Refusal::Malformed
        | Refusal::CrossSite
        | Refusal::OtherAccount
        | Refusal::NotFound
        | Refusal::MethodNotAllowed(_)
        | Refusal::TimedOut
        | Refusal::TooLarge
        | Refusal::Misdirected
        | Refusal::HeadersTooLarge
        | Refusal::UnsupportedMediaType => false,
    }
}

fn sentences(refusal: &Refusal, view: &Renderer, locale: &Locale) -> (String, String) {
    let status = refusal.status().code;
    let catalog = view.catalog();
    let sentence = |part: &str| {
        catalog
            .lookup(locale, &format!("error-page-{status}-{part}"), &[])
            .unwrap_or_else(|| catalog.text(locale, &format!("error-page-other-{part}"), &[]))
    };
    let message = attempt_words(refusal, view, locale).unwrap_or_else(|| sentence("message"));
    (sentence("title"), message)
}

/// The sign-in form, for a person whose session ended while another form was open. It leads back to the page
/// of that form.
fn sign_in_again(
    request: &Request<'_>,
    view: &Renderer,
    look: Look,
    locale: &Locale,
) -> Result<String, ViewError> {
    let next = &way_back::of_ended_session(request);
    let others = request.rocket().state::<Flows>().map(provider_views::offered).unwrap_or_default();
    // Whoever opens a page has lost nothing.
    let lost = request.method().supports_payload();
    let alert = lost.then(|| view.notice(locale, "alert", "session_ended_sign_in_again"));
    let page = SignInPage::new(SignInForm::default(), next.to_owned(), view.facts()).with_providers(others);
    let html = view.render_in(look, locale, &bare(view, locale, alert, page))?;
    Ok(Carried { account: None, next, ways: &WAYS }.into_page(html))
}

/// A redirect to the same page of the account that is signed in now, which says that nothing was changed. The
/// form would be sent again if it were answered with the page itself and that were loaded again.
fn to_own_page(request: &Request<'_>) -> Response<'static> {
    let path = urls::page_of_form(request.uri().path().as_str());
    redirect(request, path, Some(Refusal::OtherAccount.code()))
}

fn problem(
    refusal: &Refusal,
    incident: Option<&str>,
    request: &Request<'_>,
    view: &Renderer,
    locale: &Locale,
) -> Response<'static> {
    if let Refusal::Account(AccountError::Invalid(errors)) = refusal {
        let flows = request.rocket().state::<Flows>();
        let said = |error: &FieldError| match flows {
            Some(flows) => fields::problem(view, locale, &flows.policy().fields, error),
            None => view.problem(locale, &error.code),
        };
        return field_problem(form_status(errors), errors, said, view, locale);
    }
    let mut document = document(refusal, view, locale);
    if let Some(incident) = incident {
        // A fault's document contains only its incident number.
        document["incident"] = incident.into();
    }
    sized(refusal.status(), "application/problem+json", document.to_string())
}

fn document(refusal: &Refusal, view: &Renderer, locale: &Locale) -> Value {
    let (title, message) = sentences(refusal, view, locale);
    json!({
        "type": format!("urn:vestibule:error:{}", refusal.code()),
        "title": title,
        "status": refusal.status().code,
        "detail": message,
        "code": refusal.code(),
        "errors": {},
    })
}

/// The problem document of a refusal whose answer has cookies too.
pub fn as_problem(visit: &Visit<'_>, error: AccountError) -> Reply {
    let refusal = Refusal::from(error);
    Reply::problem(refusal.status(), &document(&refusal, visit.view, visit.locale()))
}

/// As [`as_problem`], with the sentence of this alert in place of the status's own, and `more` members.
pub fn as_problem_saying<const MORE: usize>(
    visit: &Visit<'_>,
    error: AccountError,
    alert: &str,
    more: [(&str, Value); MORE],
) -> Reply {
    let refusal = Refusal::from(error);
    let mut document = document(&refusal, visit.view, visit.locale());
    document["detail"] = visit.view.notice(visit.locale(), "alert", alert).message.into();
    for (name, value) in more {
        document[name] = value;
    }
    Reply::problem(refusal.status(), &document)
}

/// A problem document with the errors of each field.
fn field_problem(
    status: Status,
    errors: &[FieldError],
    said: impl Fn(&FieldError) -> Problem,
    view: &Renderer,
    locale: &Locale,
) -> Response<'static> {
    let mut by_field: Map<String, Value> = Map::new();
    let mut codes: Map<String, Value> = Map::new();
    for error in errors {
        let name = wire_name(&error.field).to_owned();
        let said = said(error);
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::InternalError;
    use look::Files;

    use super::*;

    fn refusals() -> Vec<Refusal> {
        let cause = || InternalError::new("a cause");
        let retry_after = Duration::from_secs(3);
        let account = [
            AccountError::Invalid(Vec::new()),
            AccountError::InvalidCredentials,
            AccountError::Locked,
            AccountError::Unauthenticated,
            AccountError::ProofWanted,
            AccountError::RegistrationClosed { by_invitation: true },
            AccountError::RegistrationClosed { by_invitation: false },
            AccountError::Forbidden,
            AccountError::NotFound,
            AccountError::TicketSpent,
            AccountError::Throttled { retry_after },
            AccountError::Busy { retry_after },
            AccountError::Unavailable(cause()),
            AccountError::Internal(cause()),
        ];
        let http = [
            Refusal::Malformed,
            Refusal::CrossSite,
            Refusal::OtherAccount,
            Refusal::NotFound,
            Refusal::MethodNotAllowed("GET".into()),
            Refusal::TimedOut,
            Refusal::TooLarge,
            Refusal::Misdirected,
            Refusal::HeadersTooLarge,
            Refusal::UnsupportedMediaType,
        ];
        let steps = Step::ALL.map(AccountError::StepWanted);
        account.into_iter().chain(steps).map(Refusal::Account).chain(http).collect()
    }

    #[test]
    fn every_step_has_a_sentence_of_its_own_in_every_language() {
        let view = Renderer::load(None, "en", look::Facts::default()).unwrap();
        for locale in view.catalog().locales() {
            for step in Step::ALL {
                let key = format!("alert-{}", step.code().replace('_', "-"));
                let sentence = view.catalog().lookup(locale, &key, &[]);
                assert!(sentence.is_some(), "{key} in {}", locale.as_str());
                let refusal = Refusal::Account(AccountError::StepWanted(step));
                assert_eq!(attempt_words(&refusal, &view, locale), sentence);
            }
        }
    }

    #[test]
    fn every_refusal_has_words_of_its_own_status_in_every_language() {
        let view = Renderer::load(None, "en", look::Facts::default()).unwrap();
        for locale in view.catalog().locales() {
            for refusal in refusals() {
                let status = refusal.status().code;
                for part in ["title", "message"] {
                    let key = format!("error-page-{status}-{part}");
                    assert!(
                        view.catalog().lookup(locale, &key, &[]).is_some(),
                        "{key} in {}",
                        locale.as_str()
                    );
                }
                let (title, message) = sentences(&refusal, &view, locale);
                // A sentence missing from the catalogue is shown as its key.
                for said in [title, message] {
                    assert!(!said.contains("error-page-") && !said.contains("alert-"), "{said}");
                }
            }
        }
    }

    #[test]
    fn no_error_page_has_words_for_a_status_that_is_never_answered() {
        let english = Files::load(None).unwrap().locales["en"].concat();
        let answered: Vec<String> =
            refusals().iter().map(|refusal| refusal.status().code.to_string()).collect();
        for line in english.lines().filter(|line| line.starts_with("error-page-")) {
            let word = line.split(['-', ' ']).nth(2).unwrap();
            assert!(
                ["incident", "other"].contains(&word) || answered.iter().any(|status| status == word),
                "{line}"
            );
        }
    }
}
