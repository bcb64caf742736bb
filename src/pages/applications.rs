//! `/user/security/applications`: the clients that the owner of an account permits to learn who they are.

use domain::{AccountError, OidcGrantId, OidcScope};
use look::pages::{ApplicationView, TimeView, iso};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::{Value, json};

use super::authorization::scope_view;
use crate::flows::SignedIn;
use crate::urls::SECURITY;
use crate::web::{Form, Refusal, Reply, Visit};

/// The list, for programs.
#[get("/user/security/applications")]
pub async fn list(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if !visit.json {
        return Ok(Reply::see_other(SECURITY));
    }
    let listed = visit.flows.oidc.applications(visit.require()?).await?;
    let listed: Vec<Value> = listed
        .into_iter()
        .map(|grant| {
            let scopes: Vec<&str> = grant.scopes.iter().map(OidcScope::as_str).collect();
            json!({
                "id": grant.id.0,
                "name": grant.name,
                "client_id": grant.identifier,
                "scopes": scopes,
                "created_at": iso(grant.created_at),
                "used_at": iso(grant.used_at),
            })
        })
        .collect();
    Ok(Reply::json(Status::Ok, &json!({ "applications": listed })))
}

#[post("/user/security/applications/end", data = "<form>")]
pub async fn end(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    match visit.flows.oidc.end_application(who, OidcGrantId(form.row_id()?), &visit.client()).await {
        // It is gone already: the button was pressed twice.
        Err(AccountError::NotFound) if !visit.json => Ok(Reply::see_other(SECURITY)),
        Err(error) => Err(error.into()),
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "ended": 1 }))),
        Ok(()) => Ok(Reply::see_other(SECURITY).cookie(visit.cookies.notice("application_ended"))),
    }
}

/// A refusal is shown at the path of the form, so a reload sends a `GET` here.
#[get("/user/security/applications/end")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json { Err(Refusal::MethodNotAllowed("POST".into())) } else { Ok(Reply::see_other(SECURITY)) }
}

/// The panel of the Security page.
///
/// # Errors
/// `Unavailable`.
pub async fn panel(visit: &Visit<'_>, who: &SignedIn) -> Result<Vec<ApplicationView>, AccountError> {
    let dates = visit.dates();
    let listed = visit.flows.oidc.applications(who).await?;
    Ok(listed
        .into_iter()
        .map(|grant| ApplicationView {
            id: grant.id.0,
            name: grant.name,
            scopes: grant.scopes.iter().map(|scope| scope_view(visit, scope)).collect(),
            created_at: TimeView::day(grant.created_at, dates),
            used_at: TimeView::day(grant.used_at, dates),
        })
        .collect())
}
