//! `/user/devices`: what opens an account, and the form for the code of a device that is to be paired.

use domain::{AccountError, Bearer, BearerId, Field, FieldCode, PairingCode};
use look::pages::{DeviceForm, DevicesPage, iso};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::{Value, json};

use super::authorization::scope_view;
use super::openings;
use super::shown_again::FormState;
use crate::flows::oidc::WaitingClient;
use crate::flows::{Pairer, SignedIn};
use crate::urls::{self, DEVICES};
use crate::web::{Form, Refusal, Reply, Visit};

/// What opens the account, and the form for a code. A device may have somebody opened the page with its
/// `code` in the address (RFC 8628, section 3.3.1): it stands in the form then.
#[get("/user/devices?<code>")]
pub async fn page(visit: Visit<'_>, code: Option<&str>) -> Result<Reply, Refusal> {
    let code = code.and_then(PairingCode::parse);
    let code = code.as_ref().map(PairingCode::as_str).unwrap_or_default();
    let Some(who) = &visit.who else {
        if visit.json {
            return Err(AccountError::Unauthenticated.into());
        }
        let here = if code.is_empty() { DEVICES.to_owned() } else { format!("{DEVICES}?code={code}") };
        return Ok(Reply::see_other(urls::sign_in_then(&visit.outside(&here))));
    };
    if visit.json {
        let devices = visit.flows.paired.list(who.account().id).await?;
        let devices: Vec<Value> = devices.iter().map(as_json).collect();
        let all = openings::list(&visit, who).await?;
        let all: Vec<Value> = all.iter().map(openings::as_json).collect();
        return Ok(Reply::json(Status::Ok, &json!({ "devices": devices, "openings": all })));
    }
    show_page(&visit, code, Found::Nothing, FormState::untouched()).await
}

/// Pairs a device. A browser is asked first whether it is the one: the code alone may come from a stranger,
/// who talks somebody into typing it (RFC 8628, section 5.4).
#[post("/user/devices/pair", data = "<form>")]
pub async fn pair(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let (code, confirmed) = (form.text("code")?, form.text("confirm")? == "yes");
    match visit.flows.oidc.waiting_device(who, code).await {
        Ok(None) => {}
        Ok(Some(waiting)) if !visit.json && !confirmed => {
            return show_page(&visit, code, Found::Client(waiting), FormState::untouched()).await;
        }
        Ok(Some(_)) => return decide(&visit, who, code, form.text("decision")? != "deny").await,
        Err(error) => return refused(&visit, code, error).await,
    }
    let paired = if visit.json || confirmed {
        visit.flows.paired.pair(Pairer::Session(who), code, &visit.client()).await
    } else {
        match visit.flows.paired.look_at_device(who, code).await {
            Ok(name) => return show_page(&visit, code, Found::Device(name), FormState::untouched()).await,
            Err(error) => Err(error),
        }
    };
    match paired {
        Ok(name) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "name": name }))),
        Ok(_) => Ok(Reply::see_other(DEVICES).cookie(visit.cookies.notice("device_paired"))),
        Err(error) => refused(&visit, code, error).await,
    }
}

/// Permits the device of a client to learn who its owner is, or does not.
async fn decide(visit: &Visit<'_>, who: &SignedIn, code: &str, allowed: bool) -> Result<Reply, Refusal> {
    match visit.flows.oidc.decide_device(who, code, allowed, &visit.client()).await {
        Ok(name) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "name": name }))),
        Ok(_) => {
            let notice = if allowed { "device_permitted" } else { "device_denied" };
            Ok(Reply::see_other(DEVICES).cookie(visit.cookies.notice(notice)))
        }
        Err(error) => refused(visit, code, error).await,
    }
}

/// The form again, with why the code did nothing.
async fn refused(visit: &Visit<'_>, code: &str, error: AccountError) -> Result<Reply, Refusal> {
    let state = match error {
        AccountError::NotFound if !visit.json => {
            let unknown = AccountError::field(Field::PairingCode, FieldCode::CodeUnknown);
            FormState::refused(visit, unknown)?.at("pair").with_status(Status::NotFound)
        }
        error => FormState::refused(visit, error)?.at("pair"),
    };
    show_page(visit, code, Found::Nothing, state).await
}

/// The question whether to pair, and a refused code, are shown at this path, so a reload may send a `GET`
/// here.
#[get("/user/devices/pair")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json { Err(Refusal::MethodNotAllowed("POST".into())) } else { Ok(Reply::see_other(DEVICES)) }
}

#[post("/user/devices/remove", data = "<form>")]
pub async fn remove(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    match visit.flows.paired.remove(who, BearerId(form.row_id()?), &visit.client()).await {
        // The device is gone already: the button was pressed twice.
        Err(AccountError::NotFound) if !visit.json => Ok(Reply::see_other(DEVICES)),
        Err(error) => Err(error.into()),
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "removed": 1 }))),
        Ok(()) => Ok(Reply::see_other(DEVICES).cookie(visit.cookies.notice("device_removed"))),
    }
}

/// What shows the code that was typed, if that is to be confirmed.
enum Found {
    /// Nothing, or nobody has asked yet.
    Nothing,
    /// The device of this name.
    Device(String),
    /// A device of a client of OpenID Connect.
    Client(WaitingClient),
}

async fn show_page(visit: &Visit<'_>, typed: &str, found: Found, state: FormState) -> Result<Reply, Refusal> {
    let listed = openings::list(visit, visit.require()?).await?;
    let form = DeviceForm { code: state.field(visit, "code", typed) };
    let openings = listed.into_iter().map(|listed| openings::view(visit, listed)).collect();
    let page = DevicesPage::new(form, openings);
    let page = match found {
        Found::Nothing => page,
        Found::Device(name) => DevicesPage { found: name, ..page },
        Found::Client(WaitingClient { client, scopes }) => {
            let scopes = scopes.iter().map(|scope| scope_view(visit, scope)).collect();
            DevicesPage { found: client.name, scopes, ..page }
        }
    };
    state.page(visit, page)
}

fn as_json(bearer: &Bearer) -> Value {
    let (paired_at, seen_at) = (iso(bearer.paired_at.unwrap_or(bearer.created_at)), iso(bearer.seen_at));
    json!({ "id": bearer.id.0, "name": bearer.holder, "paired_at": paired_at, "seen_at": seen_at })
}
