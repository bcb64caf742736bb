//! `/user/providers*`: to another provider, and back from there.

use ::providers::Answer;
use domain::{AccountError, Step};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::authorization::answer::{Onward, go_on};
use super::signed_in::signed_in;
use super::{provider_views, second_step, typed, way_back};
use crate::flows::{Arrived, LoggedIn, ProviderRefused, ProviderReturn, SignInOutcome, SignedIn, Wish};
use crate::urls::{self, IDENTITY, PROFILE, SECURITY, SIGN_IN};
use crate::web::{Form, Refusal, Reply, Visit, is_head};

/// The providers, for programs.
#[get("/user/providers")]
pub fn list(visit: Visit<'_>) -> Reply {
    if !visit.json {
        return Reply::see_other(if visit.who.is_some() { SECURITY } else { SIGN_IN });
    }
    let all: Vec<Value> = visit
        .flows
        .providers
        .offered()
        .map(|(name, label)| json!({ "name": name, "label": label }))
        .collect();
    Reply::json(Status::Ok, &json!({ "providers": all }))
}

/// Sends a browser to a provider, to sign in or to sign up.
#[post("/user/providers?<next>", data = "<form>")]
pub async fn leave(visit: Visit<'_>, form: Form, next: Option<&str>) -> Result<Reply, Refusal> {
    let next = way_back::of(&visit, &form, next)?;
    depart(&visit, form.text("provider")?, None, &next).await
}

/// Sends a browser to the provider `name`. `links`: who wants to link an account there.
///
/// # Errors
/// `NotFound` when there is no such provider; `ProofWanted`, `Throttled`.
pub async fn depart(
    visit: &Visit<'_>,
    name: &str,
    links: Option<&SignedIn>,
    next: &str,
) -> Result<Reply, Refusal> {
    let redirect_uri = callback(visit, name);
    let wish = Wish { provider: name, links, next, redirect_uri: &redirect_uri };
    match visit.flows.providers.depart(&wish, &visit.client()).await {
        Ok(departure) => {
            let cookie = visit.cookies.provider(departure.browser.reveal());
            let reply = if visit.json {
                Reply::json(Status::Ok, &json!({ "redirect_to": departure.address }))
            } else {
                // Chromium holds the policy of the page with the form against every redirect after it, and
                // that policy names no provider.
                go_on(visit, departure.address, Onward::Page)?
            };
            Ok(reply.cookie(cookie))
        }
        Err(error) => provider_views::failed(visit, name, ProviderRefused { error, next: next.to_owned() }),
    }
}

/// What a browser brings back from a provider.
#[get("/user/providers/<name>/callback")]
pub async fn back(visit: Visit<'_>, name: &str) -> Result<Reply, Refusal> {
    // The answer is used up.
    if is_head(visit.request) {
        return Err(Refusal::MethodNotAllowed("GET".into()));
    }
    let query = visit.request.uri().query().map(|query| query.to_string()).unwrap_or_default();
    let said = Said::read(&query)?;
    let browsers = visit.sent_tokens(visit.cookies.provider_name());
    let (known, redirect_uri) = (visit.known_browser().await?, callback(&visit, name));
    let back = ProviderReturn {
        provider: name,
        redirect_uri: &redirect_uri,
        state: said.state.as_deref().unwrap_or_default(),
        answer: Answer {
            code: said.code.as_deref(),
            error: said.error.as_deref(),
            issuer: said.issuer.as_deref(),
        },
        browsers: &browsers,
        known: known.as_ref(),
        who: visit.who.as_ref(),
    };
    let reply = match visit.flows.providers.arrive(&back, &visit.client()).await {
        Ok(Arrived::SignedIn(outcome, next)) => {
            provider_views::forgotten(&visit, entered(&visit, *outcome, next).await?)
        }
        Ok(Arrived::Linked(_)) if visit.json => Reply::json(Status::Ok, &json!({ "linked": 1 })),
        Ok(Arrived::Linked(_)) => Reply::see_other(SECURITY).cookie(visit.cookies.notice("identity_linked")),
        Ok(Arrived::Unknown(token)) => {
            let reply = if visit.json {
                Reply::json(Status::Ok, &json!({ "unknown": visit.outside(IDENTITY) }))
            } else {
                Reply::see_other(IDENTITY)
            };
            reply.cookie(visit.cookies.identity(token.reveal()))
        }
        Err(refused) => provider_views::failed(&visit, name, refused)?,
    };
    // Its address has a code in it.
    Ok(reply.cookie(visit.cookies.no_provider()).with_bare_referrer())
}

/// The answer to a sign-in by an identity.
///
/// # Errors
/// As the second step's; `StepWanted` for a program.
pub async fn entered(
    visit: &Visit<'_>,
    outcome: SignInOutcome<LoggedIn>,
    next: String,
) -> Result<Reply, Refusal> {
    match outcome {
        SignInOutcome::Granted(entered) => Ok(signed_in(visit, &entered, Reply::see_other(PROFILE), next)),
        SignInOutcome::Wanted(Step::SecondFactor, pending) => {
            let token = visit.flows.sign_in.suspend(*pending, &visit.client()).await?;
            Ok(typed::forgotten(visit, second_step::wanted(visit, &token, &next)))
        }
        SignInOutcome::Wanted(step, _) => Err(AccountError::StepWanted(step).into()),
    }
}

/// What stands in the query of an answer. A parameter that comes twice may be read otherwise by others (RFC
/// 6749, section 3.1).
#[derive(Default)]
struct Said {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    issuer: Option<String>,
}

impl Said {
    fn read(query: &str) -> Result<Self, Refusal> {
        let mut said = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "state" => &mut said.state,
                "code" => &mut said.code,
                "error" => &mut said.error,
                "iss" => &mut said.issuer,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(Refusal::Malformed);
            }
        }
        Ok(said)
    }
}

/// Where the answer of a provider goes.
fn callback(visit: &Visit<'_>, name: &str) -> String {
    visit.address(&urls::provider_callback(name))
}
