//! `/user/security/log`: what happened to the account, and what of it was not its owner.

use domain::lifetimes::KEEP_SECURITY_EVENT;
use domain::{AccountError, Factor, SecurityEvent};
use look::pages::{EventView, SecurityEventPage, SecurityLogPage, TimeView, iso};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::{Value, json};

use super::openings::named_browser;
use super::shown_again::FormState;
use crate::flows::{AddressAfter, shown_actor, told};
use crate::urls::{self, SECURITY_LOG, SIGN_IN};
use crate::web::{Form, Refusal, Reply, Visit};

#[get("/user/security/log?<before>")]
pub async fn page(visit: Visit<'_>, before: Option<&str>) -> Result<Reply, Refusal> {
    let Some(who) = &visit.who else { return signed_out(&visit, SECURITY_LOG) };
    let before = before.and_then(|number| number.parse().ok());
    let listed = visit.flows.security_log.list(who, before).await?;
    if visit.json {
        let events: Vec<Value> = listed.events.iter().map(as_json).collect();
        return Ok(Reply::json(Status::Ok, &json!({ "events": events, "next": listed.next })));
    }
    let page = SecurityLogPage {
        here: "security",
        events: listed.events.iter().map(|event| view(&visit, event)).collect(),
        older: listed.next.unwrap_or_default(),
        later: before.is_some(),
        days: KEEP_SECURITY_EVENT.as_secs() / 86_400,
    };
    FormState::untouched().page(&visit, page)
}

/// Asks whether an event was not the account's owner, and says what happens then.
#[get("/user/security/log/<number>")]
pub async fn event(visit: Visit<'_>, number: &str) -> Result<Reply, Refusal> {
    if visit.json {
        return Err(Refusal::NotFound);
    }
    // A form that was refused is shown at its own path, so a reload may send a `GET` there.
    let Ok(number) = number.parse() else { return Ok(Reply::see_other(SECURITY_LOG)) };
    if visit.who.is_none() {
        return signed_out(&visit, &urls::security_event(number));
    }
    show_event(&visit, number, FormState::untouched()).await
}

#[post("/user/security/log/deny", data = "<form>")]
pub async fn deny(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let number = form.0.integer("event").ok().flatten().ok_or(Refusal::NotFound)?;
    let notice = match visit.flows.security_log.deny(who, number, &visit.client()).await {
        Ok(AddressAfter::Lost) => "event_denied_locked",
        Ok(AddressAfter::Kept | AddressAfter::Restored(_)) => "event_denied",
        Err(error @ (AccountError::Throttled { .. } | AccountError::Busy { .. })) => {
            return show_event(&visit, number, FormState::refused(&visit, error)?.at("deny")).await;
        }
        Err(error) => return Err(error.into()),
    };
    let reply = if visit.json {
        Reply::json(Status::Ok, &json!({ "denied": true, "locked": notice == "event_denied_locked" }))
    } else {
        Reply::see_other(SIGN_IN).cookie(visit.cookies.notice(notice))
    };
    Ok(reply.cookie(visit.cookies.no_session()))
}

fn signed_out(visit: &Visit<'_>, path: &str) -> Result<Reply, Refusal> {
    if visit.json {
        return Err(AccountError::Unauthenticated.into());
    }
    Ok(Reply::see_other(urls::sign_in_then(&visit.outside(path))))
}

async fn show_event(visit: &Visit<'_>, number: i64, state: FormState) -> Result<Reply, Refusal> {
    let who = visit.require()?;
    let offer = visit.flows.security_log.denial_offer(who, number).await?;
    let email = match &offer.address {
        AddressAfter::Restored(former) => former,
        AddressAfter::Kept | AddressAfter::Lost => &who.account().email,
    };
    let page = SecurityEventPage {
        here: "security",
        event: view(visit, &offer.event),
        email: email.as_str().to_owned(),
        restores: matches!(offer.address, AddressAfter::Restored(_)),
        locks: offer.address == AddressAfter::Lost,
    };
    state.page(visit, page)
}

/// An event, as the template sees it.
fn view(visit: &Visit<'_>, event: &SecurityEvent) -> EventView {
    let (catalog, locale) = (visit.view.catalog(), visit.locale());
    EventView {
        id: event.number,
        kind: event.kind.as_str(),
        what: told::what(catalog, locale, event),
        by: told::by(catalog, locale, &event.actor),
        factors: told::factors(catalog, locale, event.factors),
        browser: named_browser(visit, &event.label),
        place: event.place.clone(),
        at: TimeView::minute(event.at, visit.dates()),
    }
}

/// An event as JSON.
fn as_json(event: &SecurityEvent) -> Value {
    let factors: Vec<&str> = event.factors.iter().map(Factor::as_str).collect();
    let (actor, key) = shown_actor(&event.actor);
    json!({
        "id": event.number,
        "kind": event.kind.as_str(),
        "at": iso(event.at),
        "actor": actor,
        "key": key,
        "factors": factors,
        "label": event.label,
        "place": event.place,
        "detail": event.detail,
    })
}
