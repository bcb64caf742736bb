//! `/user/security/providers*`: the accounts at other providers that sign in.

use domain::{AccountError, IdentityId};
use look::pages::{ProviderStateView, TimeView, iso};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::{Value, json};

use super::security::{self, Typed};
use super::shown_again::FormState;
use super::{provider_views, providers};
use crate::flows::{ProviderState, SignedIn};
use crate::urls::SECURITY;
use crate::web::{Form, Refusal, Reply, Visit};

/// The panel of the page.
const PANEL: &str = "providers";

/// The list, for programs.
#[get("/user/security/providers")]
pub async fn list(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if !visit.json {
        return Ok(Reply::see_other(SECURITY));
    }
    let listed = as_json(&visit, visit.require()?).await?;
    Ok(Reply::json(Status::Ok, &json!({ "providers": listed })))
}

/// Sends the browser to a provider, to link the account there.
#[post("/user/security/providers", data = "<form>")]
pub async fn link(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    providers::depart(&visit, form.text("provider")?, Some(who), "").await
}

/// Unlinks an account at a provider.
#[post("/user/security/providers/unlink", data = "<form>")]
pub async fn unlink(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let error = match visit.flows.providers.unlink(who, IdentityId(form.row_id()?), &visit.client()).await {
        Ok(()) if visit.json => return Ok(Reply::json(Status::Ok, &json!({ "unlinked": 1 }))),
        Ok(()) => {
            return Ok(Reply::see_other(SECURITY).cookie(visit.cookies.notice("identity_unlinked")));
        }
        // It is gone already: the button was pressed twice.
        Err(AccountError::NotFound) if !visit.json => return Ok(Reply::see_other(SECURITY)),
        Err(error) => error,
    };
    let alert = provider_views::alert(&visit, &error, PANEL);
    let state = FormState::refused(&visit, error)?.at(PANEL);
    let state = if alert.is_some() { state.with_alert(alert) } else { state };
    security::reply(&visit, who, state, Typed::Nothing).await
}

/// A refusal is shown at the path of the form, so a reload sends a `GET` here.
#[get("/user/security/providers/unlink")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json { Err(Refusal::MethodNotAllowed("POST".into())) } else { Ok(Reply::see_other(SECURITY)) }
}

/// The panel of the Security page.
///
/// # Errors
/// `Unavailable`.
pub async fn panel(visit: &Visit<'_>, who: &SignedIn) -> Result<Vec<ProviderStateView>, AccountError> {
    let dates = visit.dates();
    let view = |ProviderState { name, label, linked }| match linked {
        Some(identity) => ProviderStateView {
            name,
            label,
            linked: true,
            id: identity.id.0,
            handle: identity.handle,
            created_at: TimeView::day(identity.created_at, dates),
            used: identity.seen_at.is_some(),
            seen_at: TimeView::minute(identity.seen_at.unwrap_or(identity.created_at), dates),
        },
        None => ProviderStateView {
            name,
            label,
            linked: false,
            id: 0,
            handle: String::new(),
            created_at: TimeView::default(),
            used: false,
            seen_at: TimeView::default(),
        },
    };
    Ok(visit.flows.providers.states(who).await?.into_iter().map(view).collect())
}

/// The same as JSON.
///
/// # Errors
/// `Unavailable`.
pub async fn as_json(visit: &Visit<'_>, who: &SignedIn) -> Result<Value, AccountError> {
    let states = visit.flows.providers.states(who).await?.into_iter();
    let listed = states.map(|state| {
        let linked = state.linked.map(|identity| {
            json!({
                "id": identity.id.0,
                "handle": identity.handle,
                "created_at": iso(identity.created_at),
                "seen_at": identity.seen_at.map(iso),
            })
        });
        json!({ "name": state.name, "label": state.label, "linked": linked })
    });
    Ok(listed.collect())
}
