//! `/user/identity`: somebody who came back from a provider, and whom no account has yet.

use domain::{AccountError, Field, FieldCode, MailedLink, SignUpUsername, Step, Verification};
use look::pages::{FieldView, IdentityForm, IdentityPage};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::provider_views::{blank, failed};
use super::refuse::as_problem;
use super::shown_again::FormState;
use super::{providers, show, typed, way_back};
use crate::flows::{NewRegistration, ProviderRefused, ProviderSignUp, SignedUp, WaitingIdentity};
use crate::urls::{self, IDENTITY, SECURITY, SIGN_IN, VERIFY, WELCOMED};
use crate::web::{Form, Refusal, Reply, Visit};

/// The form that signs up, or the question whether to link the account that is signed in.
#[get("/user/identity")]
pub async fn page(visit: Visit<'_>) -> Result<Reply, Refusal> {
    let Some(waiting) = waiting(&visit).await? else { return gone(&visit) };
    if visit.who.is_none() {
        visit.flows.registration.require_open(&visit.client())?;
    }
    if visit.json {
        let told = json!({
            "provider": waiting.provider,
            "label": waiting.label,
            "handle": waiting.handle,
            "email": waiting.email,
            "name": waiting.name,
        });
        return Ok(Reply::json(Status::Ok, &told));
    }
    if let Some(who) = &visit.who {
        let email = who.account().email.as_str().to_owned();
        let page = IdentityPage { email, ..empty("link", &visit, &waiting) };
        return FormState::untouched().page(&visit, page);
    }
    let state = FormState::untouched();
    let fields = show::custom_fields(&visit, |field| field.sign_up, |_| String::new(), &state);
    let suggested = |value: &str| FieldView { value: value.to_owned(), errors: Vec::new() };
    let (email, name) = (suggested(&waiting.email), suggested(&waiting.name));
    let terms = show::terms(&visit, false, &state);
    let form = IdentityForm { email, name, username: FieldView::default(), fields, terms };
    new_page(&visit, &waiting, form, state)
}

/// Signs up without a password.
#[post("/user/identity", data = "<form>")]
pub async fn sign_up(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let browsers = visit.sent_tokens(visit.cookies.identity_name());
    let known = visit.known_browser().await?;
    let policy = visit.flows.policy();
    let sent = form.custom(&policy.fields, visit.decimal_mark())?;
    let given = |name: &str| sent.get(name);
    let new = NewRegistration {
        email: form.text("email")?,
        username: form.text("username")?,
        needs_username: policy.sign_up_username == SignUpUsername::Required,
        name: form.text("name")?,
        agrees: show::agrees(&form)?,
        asks_fields: true,
        ..NewRegistration::default()
    };
    let wanted = ProviderSignUp {
        form: new.clone(),
        browsers: &browsers,
        known: known.as_ref(),
        replaces: visit.who.as_ref(),
    };
    let error = match visit.flows.providers.sign_up(&wanted, given, &visit.client()).await {
        Ok(SignedUp::Entered(outcome, _)) if outcome.wants(Step::Approval) => {
            let reply = match visit.json {
                true => as_problem(&visit, AccountError::StepWanted(Step::Approval)),
                false => Reply::see_other(SIGN_IN).cookie(visit.cookies.notice("approval_wanted")),
            };
            return Ok(reply.cookie(visit.cookies.no_identity()));
        }
        Ok(SignedUp::Entered(outcome, next)) => {
            let reply = providers::entered(&visit, *outcome, next).await?;
            let reply = reply.cookie(visit.cookies.no_identity());
            return Ok(if visit.json { reply } else { reply.cookie(visit.cookies.notice("welcome")) });
        }
        Ok(SignedUp::ToVerify(_)) if visit.json => {
            return Ok(Reply::json(Status::Accepted, &json!({ "requested": true })));
        }
        Ok(SignedUp::ToVerify(next)) => {
            let reply = Reply::see_other(urls::requested(VERIFY, WELCOMED, &next));
            let reply = typed::kept(&visit, reply, new.email);
            return Ok(way_back::kept(&visit, reply, &next, MailedLink::Verification));
        }
        Err(error) => error,
    };
    if is_of_identity(&error) && !visit.json {
        return gone(&visit);
    }
    let Some(waiting) = waiting(&visit).await? else { return Err(error.into()) };
    let state = FormState::refused(&visit, error)?;
    let given = |name: &str| given(name).unwrap_or_default().to_owned();
    let form = IdentityForm {
        email: state.field(&visit, "email", new.email),
        username: state.field(&visit, "username", new.username),
        name: state.field(&visit, "name", new.name),
        fields: show::custom_fields(&visit, |field| field.sign_up, given, &state),
        terms: show::terms(&visit, new.agrees, &state),
    };
    if state.taken_address() {
        // For the link to recover the account.
        return Ok(typed::kept(&visit, new_page(&visit, &waiting, form, state)?, new.email));
    }
    new_page(&visit, &waiting, form, state)
}

/// Links the account that is signed in, or leaves it as it is.
#[post("/user/identity/link", data = "<form>")]
pub async fn link(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    if form.text("decision")? == "leave" {
        let reply = match visit.json {
            true => Reply::json(Status::Ok, &json!({ "linked": 0 })),
            false => Reply::see_other(SECURITY),
        };
        return Ok(reply.cookie(visit.cookies.no_identity()));
    }
    let browsers = visit.sent_tokens(visit.cookies.identity_name());
    match visit.flows.providers.link_waiting(who, &browsers, &visit.client()).await {
        Ok(_) if visit.json => {
            Ok(Reply::json(Status::Ok, &json!({ "linked": 1 })).cookie(visit.cookies.no_identity()))
        }
        Ok(next) => {
            let reply = if next.is_empty() { Reply::see_other(SECURITY) } else { Reply::back_to(next) };
            Ok(reply.cookie(visit.cookies.no_identity()).cookie(visit.cookies.notice("identity_linked")))
        }
        Err(error) if is_of_identity(&error) => {
            failed(&visit, "", ProviderRefused { error, next: String::new() })
        }
        Err(error) => Err(error.into()),
    }
}

/// The answer to a refused form is shown at its path, so a reload sends a `GET` here.
#[get("/user/identity/link")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json { Err(Refusal::MethodNotAllowed("POST".into())) } else { Ok(Reply::see_other(IDENTITY)) }
}

fn is_of_identity(error: &AccountError) -> bool {
    matches!(error, AccountError::Invalid(errors) if errors.iter().any(|error| error.field == Field::Identity))
}

async fn waiting(visit: &Visit<'_>) -> Result<Option<WaitingIdentity>, AccountError> {
    let browsers = visit.sent_tokens(visit.cookies.identity_name());
    visit.flows.providers.waiting(&browsers).await
}

/// Nobody waits in this browser any more. The first copy of a form that was sent twice may have signed in.
fn gone(visit: &Visit<'_>) -> Result<Reply, Refusal> {
    if visit.who.is_some() && !visit.json {
        return Ok(Reply::see_other(SECURITY));
    }
    let error = AccountError::field(Field::Identity, FieldCode::ProviderLost);
    failed(visit, "", ProviderRefused { error, next: String::new() })
}

fn new_page(
    visit: &Visit<'_>,
    waiting: &WaitingIdentity,
    form: IdentityForm,
    state: FormState,
) -> Result<Reply, Refusal> {
    let wanted = visit.flows.policy().sign_up_username;
    let page = IdentityPage {
        form,
        asks_username: wanted != SignUpUsername::Off,
        needs_username: wanted == SignUpUsername::Required,
        taken: state.taken_address(),
        waits: visit.flows.policy().verification == Verification::Required,
        ..empty("new", visit, waiting)
    };
    state.page(visit, page)
}

fn empty(step: &'static str, visit: &Visit<'_>, waiting: &WaitingIdentity) -> IdentityPage {
    IdentityPage {
        provider: waiting.label.clone(),
        handle: waiting.handle.clone(),
        sign_in: urls::sign_in_then(&visit.outside(IDENTITY)),
        ..blank(step)
    }
}
