//! `/user/delete` and `/user/restore`: deleting one's own account, and taking that back.

use domain::{AccountError, Millis};
use look::pages::{AccountDeletionForm, AccountDeletionPage, TimeView, iso};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::shown_again::FormState;
use crate::flows::DeletionOutcome;
use crate::urls::{self, DELETE_ACCOUNT};
use crate::web::{Form, Refusal, Reply, Visit};

/// Says what deleting the account does, and offers it; with `done`, that it is deleted.
#[get("/user/delete?<done>")]
pub fn page(visit: Visit<'_>, done: Option<&str>) -> Result<Reply, Refusal> {
    match &visit.who {
        Some(_) => show(&visit, FormState::untouched()),
        None if visit.json => Err(AccountError::Unauthenticated.into()),
        None if done.is_some() => {
            let step = step_page(&visit, "deleted", "", String::new(), Millis(0));
            FormState::untouched().page(&visit, step)
        }
        None => Ok(Reply::see_other(urls::sign_in_then(&visit.outside(DELETE_ACCOUNT)))),
    }
}

fn show(visit: &Visit<'_>, state: FormState) -> Result<Reply, Refusal> {
    let who = visit.require()?;
    let offer = visit.flows.own_deletion.offer(who)?;
    let asked_at = offer.asked_at.filter(|_| offer.asks);
    if visit.json {
        let mode = if offer.asks { "ask" } else { "self" };
        let grace = visit.flows.policy().deletion_grace.as_secs() / 86_400;
        let told = json!({ "mode": mode, "asked_at": asked_at.map(iso), "grace_days": grace });
        return Ok(Reply::json(Status::Ok, &told));
    }
    let step = match (offer.asks, asked_at) {
        (true, Some(_)) => "asked",
        (true, None) => "ask",
        (false, _) => "offer",
    };
    let email = who.account().email.as_str().to_owned();
    state.page(visit, step_page(visit, step, "", email, asked_at.unwrap_or(Millis(0))))
}

#[post("/user/delete", data = "<form>")]
pub async fn submit(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    match visit.flows.own_deletion.delete(who, &visit.client()).await {
        Ok(DeletionOutcome::Deleted(until)) => {
            let reply = match visit.json {
                true => Reply::json(Status::Ok, &json!({ "deleted": true, "until": iso(until) })),
                false => Reply::see_other(format!("{DELETE_ACCOUNT}?done=")),
            };
            Ok(reply.cookie(visit.cookies.no_session()))
        }
        Ok(DeletionOutcome::Asked) if visit.json => {
            Ok(Reply::json(Status::Ok, &json!({ "deleted": false, "asked": true })))
        }
        Ok(DeletionOutcome::Asked) => Ok(Reply::see_other(DELETE_ACCOUNT)),
        Err(error @ AccountError::Invalid(_)) if !visit.json => {
            let alert = visit.view.notice(visit.locale(), "alert", "administrator_last");
            show(&visit, FormState::refused(&visit, error)?.with_alert(Some(alert)))
        }
        Err(error) => show(&visit, FormState::refused(&visit, error)?),
    }
}

/// Takes back that the operator was asked.
#[post("/user/delete/cancel", data = "<form>")]
pub async fn cancel(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    visit.flows.own_deletion.stop_asking(who, &visit.client()).await?;
    if visit.json {
        return Ok(Reply::json(Status::Ok, &json!({ "cancelled": true })));
    }
    Ok(Reply::see_other(DELETE_ACCOUNT))
}

/// A reload may send a `GET` to where the button leads.
#[get("/user/delete/cancel")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json {
        Err(Refusal::MethodNotAllowed("POST".into()))
    } else {
        Ok(Reply::see_other(DELETE_ACCOUNT))
    }
}

/// Target of the mailed link. A `GET` does not use the link up, because mail scanners open links.
#[get("/user/restore?<token>")]
pub async fn link(visit: Visit<'_>, token: Option<&str>) -> Result<Reply, Refusal> {
    let token = token.unwrap_or_default();
    if visit.json {
        let (account, until) = visit.flows.own_deletion.undo_offer(token).await?;
        let offer = json!({ "email": account.email.as_str(), "until": iso(until) });
        return Ok(Reply::json(Status::Ok, &offer).with_bare_referrer());
    }
    show_link(&visit, token, FormState::untouched()).await
}

#[post("/user/restore", data = "<form>")]
pub async fn restore(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let token = form.text("token")?;
    match visit.flows.own_deletion.undo(token, &visit.client()).await {
        Ok(_) if visit.json => {
            return Ok(Reply::json(Status::Ok, &json!({ "restored": true })).with_bare_referrer());
        }
        Ok(_) => {}
        // A browser without script sends a form twice when its button is pressed twice, and shows the second
        // answer.
        Err(AccountError::TicketSpent) if !visit.json => {
            if !visit.flows.own_deletion.was_undone(token).await? {
                return gone(&visit);
            }
        }
        Err(error) => return show_link(&visit, token, FormState::refused(&visit, error)?).await,
    }
    let page = step_page(&visit, "restored", "", String::new(), Millis(0));
    FormState::untouched().of_somebody_else().page_of_link(&visit, page)
}

async fn show_link(visit: &Visit<'_>, token: &str, state: FormState) -> Result<Reply, Refusal> {
    let (account, until) = match visit.flows.own_deletion.undo_offer(token).await {
        Ok(offer) => offer,
        Err(AccountError::TicketSpent) => return gone(visit),
        Err(error) => return Err(error.into()),
    };
    let email = account.email.as_str().to_owned();
    let page = step_page(visit, "restore", token, email, until);
    state.of(account.id, visit).page_of_link(visit, page)
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
    at: Millis,
) -> AccountDeletionPage {
    let policy = visit.flows.policy();
    let days = |duration: std::time::Duration| duration.as_secs() / 86_400;
    AccountDeletionPage {
        step,
        form: AccountDeletionForm { token: token.to_owned() },
        email,
        days: days(policy.deletion_grace),
        reserved_days: days(policy.usernames.reserved),
        log_days: days(policy.audit_kept),
        at: TimeView::minute(at, visit.dates()),
    }
}
