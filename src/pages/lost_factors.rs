//! `/user/login/lost` and `/user/recover-factors`: second factors that were lost.

use std::time::Duration;

use domain::{AccountError, AccountId, Millis, Token};
use look::pages::{FactorRecoveryForm, FactorRecoveryPage, TimeView, iso};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::shown_again::FormState;
use crate::urls::{self, LOST_FACTORS, REQUESTED, SECURITY, SIGN_IN};
use crate::web::{Form, Refusal, Reply, Visit, cookies};

/// The secret of the sign-in of this browser that still wants a second factor.
fn pending(visit: &Visit<'_>) -> Option<Token> {
    cookies::read(visit.request, visit.cookies.step_name()).find_map(Token::parse)
}

/// Offers to mail a link to whoever has proven the password, or with `requested` says that it is on its way.
#[get("/user/login/lost?<requested>")]
pub async fn lost(visit: Visit<'_>, requested: Option<&str>) -> Result<Reply, Refusal> {
    if visit.json {
        return Err(Refusal::MethodNotAllowed("POST".into()));
    }
    let step = if requested.is_some() { "sent" } else { "lost" };
    show_lost(&visit, step, FormState::untouched()).await
}

#[post("/user/login/lost", data = "<_form>")]
pub async fn request(visit: Visit<'_>, _form: Form) -> Result<Reply, Refusal> {
    let Some(pending) = pending(&visit) else { return sign_in_first(&visit) };
    match visit.flows.factor_recovery.request(&pending, &visit.client()).await {
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "requested": true }))),
        Ok(()) => Ok(Reply::see_other(urls::requested(LOST_FACTORS, REQUESTED, ""))),
        Err(AccountError::NotFound) => sign_in_first(&visit),
        Err(error) => show_lost(&visit, "lost", FormState::refused(&visit, error)?).await,
    }
}

async fn show_lost(visit: &Visit<'_>, step: &'static str, state: FormState) -> Result<Reply, Refusal> {
    let Some(pending) = pending(visit) else { return sign_in_first(visit) };
    let account = match visit.flows.factor_recovery.asker(&pending).await {
        Ok(account) => account,
        Err(AccountError::NotFound) => return sign_in_first(visit),
        Err(error) => return Err(error.into()),
    };
    // Whoever signs in by a username need not know the address.
    let page = step_page(visit, step, "", account.email.masked(), Millis(0));
    state.of(account.id, visit).page(visit, page)
}

/// The sign-in has ended, or its password was never proven.
fn sign_in_first(visit: &Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json {
        return Err(AccountError::Unauthenticated.into());
    }
    Ok(Reply::see_other(SIGN_IN))
}

/// Target of the mailed link. A `GET` does not use the link up, because mail scanners open links.
#[get("/user/recover-factors?<token>")]
pub async fn link(visit: Visit<'_>, token: Option<&str>) -> Result<Reply, Refusal> {
    let token = token.unwrap_or_default();
    if visit.json {
        let offer = visit.flows.factor_recovery.offer(token).await?;
        let offer = json!({ "email": offer.account.email.as_str(), "due_at": iso(offer.due) });
        return Ok(Reply::json(Status::Ok, &offer).with_bare_referrer());
    }
    show_offer(&visit, token, FormState::untouched()).await
}

#[post("/user/recover-factors", data = "<form>")]
pub async fn ask(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let token = form.text("token")?;
    let due = match visit.flows.factor_recovery.ask(token, &visit.client()).await {
        Ok(due) => due,
        Err(AccountError::TicketSpent) if !visit.json => {
            // A browser without script sends a form twice when its button is pressed twice, and shows the
            // second answer.
            match visit.flows.factor_recovery.was_asked(token).await? {
                Some(due) => due,
                None => return gone(&visit),
            }
        }
        Err(error) => return show_offer(&visit, token, FormState::refused(&visit, error)?).await,
    };
    if visit.json {
        return Ok(Reply::json(Status::Ok, &json!({ "due_at": iso(due) })).with_bare_referrer());
    }
    let page = step_page(&visit, "asked", "", String::new(), due);
    FormState::untouched().of_somebody_else().page_of_link(&visit, page)
}

async fn show_offer(visit: &Visit<'_>, token: &str, state: FormState) -> Result<Reply, Refusal> {
    let offer = match visit.flows.factor_recovery.offer(token).await {
        Ok(offer) => offer,
        Err(AccountError::TicketSpent) => return gone(visit),
        Err(error) => return Err(error.into()),
    };
    let email = offer.account.email.as_str().to_owned();
    let page = step_page(visit, "ask", token, email, offer.due);
    shown(visit, offer.account.id, state, page)
}

/// Target of the link in each notice.
#[get("/user/recover-factors/cancel?<token>")]
pub async fn keep_link(visit: Visit<'_>, token: Option<&str>) -> Result<Reply, Refusal> {
    let token = token.unwrap_or_default();
    if visit.json {
        let (account, due) = visit.flows.factor_recovery.keep_offer(token).await?;
        let offer = json!({ "email": account.email.as_str(), "due_at": iso(due) });
        return Ok(Reply::json(Status::Ok, &offer).with_bare_referrer());
    }
    show_keep(&visit, token, FormState::untouched()).await
}

#[post("/user/recover-factors/cancel", data = "<form>")]
pub async fn keep_by_link(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let token = form.text("token")?;
    match visit.flows.factor_recovery.keep_by_link(token, &visit.client()).await {
        Ok(()) if visit.json => return Ok(cancelled().with_bare_referrer()),
        Ok(()) => {}
        Err(AccountError::TicketSpent) if !visit.json => {
            if !visit.flows.factor_recovery.were_kept(token).await? {
                return gone(&visit);
            }
        }
        Err(error) => return show_keep(&visit, token, FormState::refused(&visit, error)?).await,
    }
    let page = step_page(&visit, "kept", "", String::new(), Millis(0));
    FormState::untouched().of_somebody_else().page_of_link(&visit, page)
}

async fn show_keep(visit: &Visit<'_>, token: &str, state: FormState) -> Result<Reply, Refusal> {
    let (account, due) = match visit.flows.factor_recovery.keep_offer(token).await {
        Ok(offer) => offer,
        Err(AccountError::TicketSpent) => return gone(visit),
        Err(error) => return Err(error.into()),
    };
    let page = step_page(visit, "keep", token, account.email.as_str().to_owned(), due);
    shown(visit, account.id, state, page)
}

/// The button of the banner on every page of whoever is signed in.
#[post("/user/security/recovery/cancel", data = "<form>")]
pub async fn keep(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    match visit.flows.factor_recovery.keep(who, &visit.client()).await {
        // It was cancelled meanwhile, or the button was pressed twice.
        Err(AccountError::NotFound) if !visit.json => return Ok(Reply::see_other(SECURITY)),
        kept => kept?,
    }
    if visit.json {
        return Ok(cancelled());
    }
    Ok(Reply::see_other(SECURITY).cookie(visit.cookies.notice("factors_kept")))
}

/// A reload may send a `GET` to where the button leads.
#[get("/user/security/recovery/cancel")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json { Err(Refusal::MethodNotAllowed("POST".into())) } else { Ok(Reply::see_other(SECURITY)) }
}

fn cancelled() -> Reply {
    Reply::json(Status::Ok, &json!({ "cancelled": true }))
}

fn shown(
    visit: &Visit<'_>,
    owner: AccountId,
    state: FormState,
    page: FactorRecoveryPage,
) -> Result<Reply, Refusal> {
    state.of(owner, visit).page_of_link(visit, page)
}

/// The link is no longer valid.
fn gone(visit: &Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json {
        return Err(AccountError::TicketSpent.into());
    }
    let page = step_page(visit, "gone", "", String::new(), Millis(0));
    FormState::gone(visit, "link_gone").page_of_link(visit, page)
}

fn step_page(
    visit: &Visit<'_>,
    step: &'static str,
    token: &str,
    email: String,
    until: Millis,
) -> FactorRecoveryPage {
    let waits: Duration = visit.flows.policy().factor_recovery;
    FactorRecoveryPage {
        step,
        form: FactorRecoveryForm { token: token.to_owned() },
        email,
        days: waits.as_secs() / 86_400,
        until: TimeView::minute(until, visit.dates()),
    }
}
