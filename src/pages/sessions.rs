//! `/user/sessions/*`: ending sessions from the profile page.

use domain::{AccountError, SessionId};
use rocket::http::Status;
use rocket::post;
use serde_json::json;

use crate::urls::{PROFILE, SIGN_IN};
use crate::web::{Form, Refusal, Reply, Visit};

#[post("/user/sessions/end", data = "<form>")]
pub async fn end(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let id = form.row_id()?;
    match visit.flows.sessions.end(who, SessionId(id), &visit.client()).await {
        // The session ended meanwhile, or the button was pressed twice.
        Err(AccountError::NotFound) if !visit.json => return Ok(Reply::see_other(PROFILE)),
        ended => ended?,
    }
    if visit.json {
        return Ok(Reply::json(Status::Ok, &json!({ "ended": 1 })));
    }
    if who.session.id == SessionId(id) {
        return Ok(Reply::see_other(SIGN_IN)
            .cookie(visit.cookies.no_session())
            .cookie(visit.cookies.notice("signed_out")));
    }
    Ok(Reply::see_other(PROFILE).cookie(visit.cookies.notice("session_ended")))
}

#[post("/user/sessions/end-others", data = "<form>")]
pub async fn end_others(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let ended = visit.flows.sessions.end_others(who, &visit.client()).await?;
    if visit.json {
        return Ok(Reply::json(Status::Ok, &json!({ "ended": ended })));
    }
    Ok(Reply::see_other(PROFILE).cookie(visit.cookies.notice("sessions_ended")))
}
