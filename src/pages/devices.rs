//! `/user/devices`: what opens an account, and the form for the code of a device that is to be paired.

use domain::{AccountError, Bearer, BearerId, Field, FieldCode};
use look::pages::{DeviceForm, DevicesPage, iso};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::{Value, json};

use super::openings;
use super::shown_again::FormState;
use crate::flows::Pairer;
use crate::urls::{self, DEVICES};
use crate::web::{Form, Refusal, Reply, Visit};

#[get("/user/devices")]
pub async fn page(visit: Visit<'_>) -> Result<Reply, Refusal> {
    let Some(who) = &visit.who else {
        if visit.json {
            return Err(AccountError::Unauthenticated.into());
        }
        return Ok(Reply::see_other(urls::sign_in_then(&visit.outside(DEVICES))));
    };
    if visit.json {
        let devices = visit.flows.paired.list(who.account().id).await?;
        let devices: Vec<Value> = devices.iter().map(as_json).collect();
        let all = openings::list(&visit, who).await?;
        let all: Vec<Value> = all.iter().map(openings::as_json).collect();
        return Ok(Reply::json(Status::Ok, &json!({ "devices": devices, "openings": all })));
    }
    show_page(&visit, "", "", FormState::untouched()).await
}

/// Pairs a device. A browser is asked first whether it is the one: the code alone may come from a stranger,
/// who talks somebody into typing it (RFC 8628, section 5.4).
#[post("/user/devices/pair", data = "<form>")]
pub async fn pair(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let (code, confirmed) = (form.text("code")?, form.text("confirm")? == "yes");
    let paired = if visit.json || confirmed {
        visit.flows.paired.pair(Pairer::Session(who), code, &visit.client()).await
    } else {
        match visit.flows.paired.look_at_device(who, code).await {
            Ok(name) => return show_page(&visit, code, &name, FormState::untouched()).await,
            Err(error) => Err(error),
        }
    };
    match paired {
        Ok(name) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "name": name }))),
        Ok(_) => Ok(Reply::see_other(DEVICES).cookie(visit.cookies.notice("device_paired"))),
        Err(AccountError::NotFound) if !visit.json => {
            let unknown = AccountError::field(Field::PairingCode, FieldCode::CodeUnknown);
            let state = FormState::refused(&visit, unknown)?.at("pair").with_status(Status::NotFound);
            show_page(&visit, code, "", state).await
        }
        Err(error) => show_page(&visit, code, "", FormState::refused(&visit, error)?.at("pair")).await,
    }
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

/// The page. `found` is the name of the device that shows the code `typed`, if that is to be confirmed.
async fn show_page(visit: &Visit<'_>, typed: &str, found: &str, state: FormState) -> Result<Reply, Refusal> {
    let listed = openings::list(visit, visit.require()?).await?;
    let form = DeviceForm { code: state.field(visit, "code", typed) };
    let openings = listed.into_iter().map(|listed| openings::view(visit, listed)).collect();
    let page = DevicesPage::new(form, found.to_owned(), openings);
    state.page(visit, page)
}

fn as_json(bearer: &Bearer) -> Value {
    let (paired_at, seen_at) = (iso(bearer.paired_at.unwrap_or(bearer.created_at)), iso(bearer.seen_at));
    json!({ "id": bearer.id.0, "name": bearer.holder, "paired_at": paired_at, "seen_at": seen_at })
}
