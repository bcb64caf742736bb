//! `/user/modify/email/again` and `/user/modify/email/cancel`: a new address that is not proven yet.

use domain::AccountError;
use rocket::http::Status;
use rocket::{get, post};
use serde_json::{Value, json};

use super::profile::refused;
use crate::flows::SignedIn;
use crate::urls::{self, PROFILE};
use crate::web::{Form, Refusal, Reply, Visit};

/// Sends the message to the new address again.
#[post("/user/modify/email/again", data = "<form>")]
pub async fn again(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let sent = visit.flows.links.send_address_again(who, &visit.client()).await;
    answer(&visit, who, sent, "address_sent_again", json!({ "requested": true })).await
}

/// Cancels the change.
#[post("/user/modify/email/cancel", data = "<form>")]
pub async fn cancel(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let cancelled = visit.flows.links.cancel_address(who, &visit.client()).await;
    answer(&visit, who, cancelled, "address_cancelled", json!({ "cancelled": true })).await
}

async fn answer(
    visit: &Visit<'_>,
    who: &SignedIn,
    done: Result<(), AccountError>,
    notice: &str,
    json: Value,
) -> Result<Reply, Refusal> {
    match done {
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json)),
        Ok(()) => Ok(Reply::see_other(PROFILE).cookie(visit.cookies.notice(notice))),
        // It was proven or cancelled meanwhile, or the button was pressed twice.
        Err(AccountError::NotFound) if !visit.json => Ok(Reply::see_other(PROFILE)),
        Err(error) => refused(visit, who, error, "email", &[]).await,
    }
}

/// The answer to a refused `POST` is shown at this path, so a reload sends a `GET` here.
#[get("/user/modify/email/<form>")]
pub fn stray(visit: Visit<'_>, form: &str) -> Result<Reply, Refusal> {
    let path = urls::PENDING_ADDRESS.replace("<form>", form);
    if ![urls::SEND_ADDRESS_AGAIN, urls::CANCEL_ADDRESS].contains(&path.as_str()) {
        return Err(Refusal::NotFound);
    }
    if visit.json { Err(Refusal::MethodNotAllowed("POST".into())) } else { Ok(Reply::see_other(PROFILE)) }
}
