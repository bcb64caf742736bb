//! `/user/security/app-passwords`: passwords that were made for one program each.

use domain::{AccountError, AppPasswordId, StoredAppPassword};
use look::pages::{AppPasswordPage, iso};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::{Value, json};

use super::app_password_views::label;
use super::security::{self, Typed};
use super::shown_again::FormState;
use crate::urls::SECURITY;
use crate::web::{Form, Refusal, Reply, Visit};

/// The list, for programs. The answer to a form is shown at this path, so a reload may send a `GET` here.
#[get("/user/security/app-passwords")]
pub async fn list(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if !visit.json {
        return Ok(Reply::see_other(SECURITY));
    }
    let listed = visit.flows.app_passwords.list(visit.require()?).await?;
    let listed: Vec<Value> = listed.iter().map(as_json).collect();
    Ok(Reply::json(Status::Ok, &json!({ "app_passwords": listed })))
}

/// Makes one. It is shown in this answer and never again.
#[post("/user/security/app-passwords", data = "<form>")]
pub async fn make(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let (name, door) = (form.text("name")?, form.text("dialect")?);
    let made = match visit.flows.app_passwords.make(who, name, door, &visit.client()).await {
        Ok(made) => made,
        Err(error) => {
            let state = FormState::refused(&visit, error)?.at("app-passwords");
            return security::reply(&visit, who, state, Typed::AppPassword(name, door)).await;
        }
    };
    if visit.json {
        let document = json!({
            "id": made.id.0, "name": made.name, "dialect": made.door, "password": made.secret.reveal(),
        });
        return Ok(Reply::json(Status::Created, &document));
    }
    let page = AppPasswordPage {
        here: "security",
        name: made.name,
        dialect: made.door,
        label: label(&visit, made.door),
        password: made.secret.grouped().to_string(),
    };
    FormState::untouched().page(&visit, page)
}

#[post("/user/security/app-passwords/revoke", data = "<form>")]
pub async fn revoke(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    match visit.flows.app_passwords.revoke(who, AppPasswordId(form.row_id()?), &visit.client()).await {
        // It is gone already: the button was pressed twice.
        Err(AccountError::NotFound) if !visit.json => Ok(Reply::see_other(SECURITY)),
        Err(error) => Err(error.into()),
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "revoked": 1 }))),
        Ok(()) => Ok(Reply::see_other(SECURITY).cookie(visit.cookies.notice("app_password_revoked"))),
    }
}

/// A refusal is shown at the path of the form, so a reload sends a `GET` here.
#[get("/user/security/app-passwords/revoke")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json { Err(Refusal::MethodNotAllowed("POST".into())) } else { Ok(Reply::see_other(SECURITY)) }
}

fn as_json(made: &StoredAppPassword) -> Value {
    json!({
        "id": made.id.0,
        "name": made.name,
        "dialect": made.door,
        "place": made.place,
        "created_at": iso(made.created_at),
        "seen_at": made.seen_at.map(iso),
    })
}
