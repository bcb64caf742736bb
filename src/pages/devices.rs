//! `/user/devices`: the paired devices of an account, and the code of the next.

use rocket::http::Status;
use rocket::{get, post};
use serde_json::{Value, json};

use super::show;
use crate::domain::{AccountError, Bearer, BearerId, Field, FieldCode, FieldError, Millis};
use crate::flows::Pairer;
use crate::view::pages::{DeviceForm, DeviceView, DevicesPage, TimeView, iso};
use crate::view::{Dates, Notice};
use crate::web::{Form, Refusal, Reply, Visit};

const DEVICES: &str = "/user/devices";

#[get("/user/devices")]
pub async fn page(visit: Visit<'_>) -> Result<Reply, Refusal> {
    let Some(who) = &visit.who else {
        if visit.json {
            return Err(AccountError::Unauthenticated.into());
        }
        return Ok(Reply::see_other("/user/login?next=/user/devices"));
    };
    if visit.json {
        let devices = visit.flows.devices(who.account().id).await?;
        let devices: Vec<Value> = devices.iter().map(as_json).collect();
        return Ok(Reply::json(Status::Ok, &json!({ "devices": devices })));
    }
    show_page(&visit, Status::Ok, "", &[], None).await
}

#[post("/user/devices/pair", data = "<form>")]
pub async fn pair(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require()?;
    let code = form.text("code")?;
    match visit.flows.pair_device(Pairer::Session(who), code).await {
        Ok(name) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "name": name }))),
        Ok(_) => Ok(Reply::see_other(DEVICES).cookie(visit.cookies.notice("device_paired"))),
        Err(error) if visit.json => Err(error.into()),
        Err(AccountError::Invalid(errors)) => {
            let alert = show::fix_the_fields(&visit, &errors);
            show_page(&visit, Status::UnprocessableEntity, code, &errors, alert).await
        }
        Err(AccountError::NotFound) => {
            let errors = [FieldError { field: Field::PairingCode, code: FieldCode::CodeUnknown }];
            let alert = show::fix_the_fields(&visit, &errors);
            show_page(&visit, Status::NotFound, code, &errors, alert).await
        }
        Err(error @ AccountError::Throttled { .. }) => {
            let refusal = Refusal::from(error);
            let alert = show::alert(&visit, &refusal);
            let reply = show_page(&visit, refusal.status(), code, &[], alert).await?;
            Ok(reply.retry_after(refusal.retry_after()))
        }
        Err(error) => Err(error.into()),
    }
}

#[post("/user/devices/remove", data = "<form>")]
pub async fn remove(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require()?;
    let id = form.0.integer("id").map_err(|_| Refusal::NotFound)?.ok_or(Refusal::NotFound)?;
    match visit.flows.remove_device(who, BearerId(id)).await {
        // The button was pressed twice: what was wanted is so.
        Err(AccountError::NotFound) if !visit.json => Ok(Reply::see_other(DEVICES)),
        Err(error) => Err(error.into()),
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "removed": 1 }))),
        Ok(()) => Ok(Reply::see_other(DEVICES).cookie(visit.cookies.notice("device_removed"))),
    }
}

async fn show_page(
    visit: &Visit<'_>,
    status: Status,
    typed: &str,
    errors: &[FieldError],
    alert: Option<Notice>,
) -> Result<Reply, Refusal> {
    let devices = visit.flows.devices(visit.require()?.account().id).await?;
    let page = DevicesPage {
        form: DeviceForm { code: show::field(visit, errors, "code", typed) },
        devices: devices.into_iter().map(|bearer| device(bearer, visit.dates())).collect(),
    };
    visit.page(status, page, alert)
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
