//! `/user/security/providers*`: the accounts at other providers that sign in.

use domain::{AccountError, IdentityId};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::security::{self, Typed};
use super::shown_again::FormState;
use super::{provider_views, providers};
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
    let listed = provider_views::as_json(&visit, visit.require()?).await?;
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
