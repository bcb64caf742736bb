//! `/admin/webhooks`: messages to the operator's sites.

use domain::{AccountError, DeliveryId};
use look::pages::{AdminWebhooksPage, DeliveryView, TimeView};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;
use store::webhook_deliveries::ListedDelivery;

use super::staff::Staff;
use super::{ONE_MORE, rows};
use crate::flows::webhooks::operate;
use crate::urls::ADMIN_WEBHOOKS;
use crate::web::{Form, Refusal, Reply, Visit};

#[get("/admin/webhooks?<failed>&<after>")]
pub async fn page(staff: Staff<'_>, failed: Option<&str>, after: Option<&str>) -> Result<Reply, Refusal> {
    let failed = failed == Some("yes");
    let after: Option<i64> = after.and_then(|number| number.parse().ok());
    let from = DeliveryId(after.unwrap_or_default());
    // The list itself looks for one more.
    let found = operate::list(staff.flows().store(), failed, from, ONE_MORE - 1).await?;
    let only = if failed { "failed=yes&" } else { "" };
    let next = found.next.map(|next| format!("?{only}after={next}"));
    staff.show(AdminWebhooksPage {
        here: "webhooks",
        failed,
        deliveries: found.deliveries.into_iter().map(|delivery| view(&staff.visit, delivery)).collect(),
        next: next.unwrap_or_default(),
        later: after.is_some(),
    })
}

fn view(visit: &Visit<'_>, delivery: ListedDelivery) -> DeliveryView {
    let (state, sentence) = rows::waiting(visit, delivery.failed_at, delivery.leased_until);
    DeliveryView {
        id: delivery.id.0,
        webhook: delivery.webhook,
        event: delivery.event,
        account: delivery.account.0,
        written_at: TimeView::minute(delivery.created_at, visit.dates()),
        state,
        state_text: rows::text(visit, sentence),
        at: TimeView::minute(delivery.failed_at.unwrap_or(delivery.due_at), visit.dates()),
        attempts: delivery.attempts,
        failure: delivery.failure,
    }
}

/// Has one message tried again at once, or all of them.
#[post("/admin/webhooks/retry", data = "<form>")]
pub async fn retry(staff: Staff<'_>, form: Form) -> Result<Reply, Refusal> {
    staff.require_own(&form)?;
    let all = form.0.text("id").ok().flatten() == Some("all");
    let id = if all { None } else { Some(DeliveryId(form.row_id()?)) };
    let flows = staff.flows();
    let due = match operate::retry(flows.store(), flows.clock(), staff.order(""), id).await {
        // It was taken meanwhile, is being sent, or the button was pressed twice.
        Err(AccountError::NotFound) if !staff.visit.json => return Ok(Reply::see_other(ADMIN_WEBHOOKS)),
        due => due?,
    };
    if staff.visit.json {
        return Ok(Reply::json(Status::Ok, &json!({ "due": due })));
    }
    Ok(Reply::see_other(ADMIN_WEBHOOKS).cookie(staff.visit.cookies.notice("admin_webhook_retried")))
}

/// The answer to a form may be shown at its path, so a reload sends a `GET` here.
#[get("/admin/webhooks/retry")]
pub fn stray() -> Reply {
    Reply::see_other(ADMIN_WEBHOOKS)
}
