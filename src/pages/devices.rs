//! `/user/devices`: an account's paired devices, and the form for the code of a new one.

use domain::{AccountError, Bearer, BearerId, Field, FieldCode, Millis};
use look::Dates;
use look::pages::{DeviceForm, DeviceView, DevicesPage, TimeView, iso};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::{Value, json};

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
        return Ok(Reply::see_other(urls::sign_in_then(DEVICES)));
    };
    if visit.json {
        let devices = visit.flows.paired.list(who.account().id).await?;
        let devices: Vec<Value> = devices.iter().map(as_json).collect();
        return Ok(Reply::json(Status::Ok, &json!({ "devices": devices })));
    }
    show_page(&visit, "", FormState::untouched()).await
}

#[post("/user/devices/pair", data = "<form>")]
pub async fn pair(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require()?;
    let code = form.text("code")?;
    match visit.flows.paired.pair(Pairer::Session(who), code, &visit.client()).await {
        Ok(name) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "name": name }))),
        Ok(_) => Ok(Reply::see_other(DEVICES).cookie(visit.cookies.notice("device_paired"))),
        Err(AccountError::NotFound) if !visit.json => {
            let unknown = AccountError::field(Field::PairingCode, FieldCode::CodeUnknown);
            let state = FormState::refused(&visit, unknown)?.with_status(Status::NotFound);
            show_page(&visit, code, state).await
        }
        Err(error) => show_page(&visit, code, FormState::refused(&visit, error)?).await,
    }
}

#[post("/user/devices/remove", data = "<form>")]
pub async fn remove(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require()?;
    match visit.flows.paired.remove(who, BearerId(form.row_id()?), &visit.client()).await {
        // The device is gone already: the button was pressed twice.
        Err(AccountError::NotFound) if !visit.json => Ok(Reply::see_other(DEVICES)),
        Err(error) => Err(error.into()),
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "removed": 1 }))),
        Ok(()) => Ok(Reply::see_other(DEVICES).cookie(visit.cookies.notice("device_removed"))),
    }
}

async fn show_page(visit: &Visit<'_>, typed: &str, state: FormState) -> Result<Reply, Refusal> {
    let devices = visit.flows.paired.list(visit.require()?.account().id).await?;
    let page = DevicesPage {
        form: DeviceForm { code: state.field(visit, "code", typed) },
        devices: devices.into_iter().map(|bearer| device(bearer, visit.dates())).collect(),
    };
    state.page(visit, page)
}

fn paired_at(bearer: &Bearer) -> Millis {
    bearer.paired_at.unwrap_or(bearer.created_at)
}

fn device(bearer: Bearer, dates: &Dates) -> DeviceView {
    DeviceView {
        id: bearer.id.0,
        paired_at: TimeView::day(paired_at(&bearer), dates),
        seen_at: TimeView::minute(bearer.seen_at, dates),
        name: bearer.holder,
    }
}

fn as_json(bearer: &Bearer) -> Value {
    let (paired_at, seen_at) = (iso(paired_at(bearer)), iso(bearer.seen_at));
    json!({ "id": bearer.id.0, "name": bearer.holder, "paired_at": paired_at, "seen_at": seen_at })
}
