//! `/admin/mail`: the outbox.

use domain::{AccountError, MailId};
use look::pages::AdminMailPage;
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::staff::Staff;
use super::{ONE_MORE, cut, rows};
use crate::flows::mail::operate;
use crate::urls::ADMIN_MAIL;
use crate::web::{Form, Refusal, Reply};

#[get("/admin/mail?<failed>&<after>")]
pub async fn page(staff: Staff<'_>, failed: Option<&str>, after: Option<&str>) -> Result<Reply, Refusal> {
    let failed = failed == Some("yes");
    let after: Option<i64> = after.and_then(|number| number.parse().ok());
    let (store, from) = (staff.flows().store(), MailId(after.unwrap_or_default()));
    let mut found = operate::page(store, staff.order(""), failed, from, ONE_MORE).await?;
    let only = if failed { "failed=yes&" } else { "" };
    let next = cut(&mut found).map(|last| format!("?{only}after={}", last.id));
    staff.show(AdminMailPage {
        here: "mail",
        failed,
        mails: found.into_iter().map(|mail| rows::queued(&staff.visit, mail)).collect(),
        next: next.unwrap_or_default(),
        later: after.is_some(),
    })
}

/// Has one message tried again at once, or all of them.
#[post("/admin/mail/retry", data = "<form>")]
pub async fn retry(staff: Staff<'_>, form: Form) -> Result<Reply, Refusal> {
    staff.require_own(&form)?;
    let all = form.0.text("id").ok().flatten() == Some("all");
    let id = if all { None } else { Some(MailId(form.row_id()?)) };
    let flows = staff.flows();
    let due = match operate::retry(flows.store(), flows.clock(), staff.order(""), id).await {
        // It was sent meanwhile, is being sent, or the button was pressed twice.
        Err(AccountError::NotFound) if !staff.visit.json => return Ok(Reply::see_other(ADMIN_MAIL)),
        due => due?,
    };
    if staff.visit.json {
        return Ok(Reply::json(Status::Ok, &json!({ "due": due })));
    }
    Ok(Reply::see_other(ADMIN_MAIL).cookie(staff.visit.cookies.notice("admin_mail_retried")))
}

/// The answer to a form may be shown at its path, so a reload sends a `GET` here.
#[get("/admin/mail/retry")]
pub fn stray() -> Reply {
    Reply::see_other(ADMIN_MAIL)
}
