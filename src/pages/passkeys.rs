//! `/user/security/passkeys*`: adding, renaming and removing passkeys, and doing without a password.

use domain::{AccountError, Field, FieldCode, FieldError, PasskeyId};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::{Value, json};

use super::passkey_views::{alert, as_json, credential};
use super::recovery_codes;
use super::security::{self, Typed};
use super::shown_again::FormState;
use crate::flows::{NewlyAdded, SignedIn};
use crate::urls::SECURITY;
use crate::web::{Form, Refusal, Reply, Visit};

/// The panel of the page.
const PANEL: &str = "passkeys";

/// The forms below `/user/security` are answered at their own paths, so a reload may send a `GET` here. A
/// program gets the list.
#[get("/user/security/passkeys")]
pub async fn list(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if !visit.json {
        return Ok(Reply::see_other(SECURITY));
    }
    let own = visit.flows.passkeys.own(visit.require()?).await?;
    let all: Vec<Value> = own.passkeys.iter().map(as_json).collect();
    Ok(Reply::json(Status::Ok, &json!({ "passkeys": all, "has_password": own.has_password })))
}

#[get("/user/security/passkeys/rename")]
pub fn stray_rename(visit: Visit<'_>) -> Result<Reply, Refusal> {
    stray(&visit)
}

#[get("/user/security/passkeys/remove")]
pub fn stray_remove(visit: Visit<'_>) -> Result<Reply, Refusal> {
    stray(&visit)
}

#[get("/user/security/password/remove")]
pub fn stray_password(visit: Visit<'_>) -> Result<Reply, Refusal> {
    stray(&visit)
}

fn stray(visit: &Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json { Err(Refusal::MethodNotAllowed("POST".into())) } else { Ok(Reply::see_other(SECURITY)) }
}

/// What a browser needs for making a passkey. Only scripts ask for it.
#[post("/user/security/passkeys/begin", data = "<form>")]
pub async fn begin(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let options = visit.flows.passkeys.begin_registration(who, &visit.client()).await?;
    Ok(Reply::json(Status::Ok, &options))
}

#[post("/user/security/passkeys", data = "<form>")]
pub async fn add(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let (answer, name) = (credential(&form)?, form.sent("name")?);
    match visit.flows.passkeys.register(who, answer, name, &visit.client()).await {
        Ok(added) if visit.json => {
            let mut document = as_json(&added.passkey);
            document["recovery_codes"] = added.codes.as_deref().map(recovery_codes::as_texts).into();
            Ok(Reply::json(Status::Created, &document))
        }
        Ok(NewlyAdded { codes: Some(codes), .. }) => recovery_codes::shown_once(&visit, who, &codes),
        Ok(_) => Ok(Reply::see_other(SECURITY).cookie(visit.cookies.notice("passkey_added"))),
        // A script that could not begin sends the form as it is, to hear why. There is no reason any more.
        Err(AccountError::Invalid(errors)) if !visit.json && is_blank(&errors) => {
            Ok(Reply::see_other(SECURITY))
        }
        Err(error) => refused(&visit, who, error, Typed::Nothing).await,
    }
}

#[post("/user/security/passkeys/rename", data = "<form>")]
pub async fn rename(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let (id, name) = (PasskeyId(form.row_id()?), form.text("name")?);
    match visit.flows.passkeys.rename(who, id, name, &visit.client()).await {
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "renamed": 1 }))),
        Ok(()) => Ok(Reply::see_other(SECURITY).cookie(visit.cookies.notice("passkey_renamed"))),
        Err(error) => refused(&visit, who, error, Typed::Passkey(id, name)).await,
    }
}

#[post("/user/security/passkeys/remove", data = "<form>")]
pub async fn remove(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    match visit.flows.passkeys.remove(who, PasskeyId(form.row_id()?), &visit.client()).await {
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "removed": 1 }))),
        Ok(()) => Ok(Reply::see_other(SECURITY).cookie(visit.cookies.notice("passkey_removed"))),
        Err(error) => refused(&visit, who, error, Typed::Nothing).await,
    }
}

#[post("/user/security/password/remove", data = "<form>")]
pub async fn remove_password(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    match visit.flows.passkeys.remove_password(who, &visit.client()).await {
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "removed": 1 }))),
        Ok(()) => Ok(Reply::see_other(SECURITY).cookie(visit.cookies.notice("password_removed"))),
        Err(error) => refused(&visit, who, error, Typed::Nothing).await,
    }
}

fn is_blank(errors: &[FieldError]) -> bool {
    matches!(errors, [FieldError { field: Field::Passkey, code: FieldCode::Required }])
}

/// The answer to a refused form: the page again. `typed` is the name that was refused.
async fn refused(
    visit: &Visit<'_>,
    who: &SignedIn,
    error: AccountError,
    typed: Typed<'_>,
) -> Result<Reply, Refusal> {
    // It is gone already: the button was pressed twice.
    if !visit.json && matches!(error, AccountError::NotFound) {
        return Ok(Reply::see_other(SECURITY));
    }
    let alert = alert(visit, &error, PANEL);
    let state = FormState::refused(visit, error)?.at(PANEL);
    let state = if alert.is_some() { state.with_alert(alert) } else { state };
    security::reply(visit, who, state, typed).await
}
