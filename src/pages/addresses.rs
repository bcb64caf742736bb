//! `/user/modify/email` and `/user/email`: from one address to another.

use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::form::form_status;
use super::settings::refused;
use super::{PROFILE, SIGN_IN, show};
use crate::domain::{AccountError, EmailAddress};
use crate::view::Notice;
use crate::view::pages::{AddressForm, AddressPage};
use crate::web::{Form, Refusal, Reply, Visit};

/// Asks for another address. The answer is the same whoever has it.
#[post("/user/modify/email", data = "<form>")]
pub async fn request(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require()?;
    let (typed, current) = (form.text("email")?, form.secret("apassword")?);
    match visit.flows.request_address(who, typed, current, &visit.client()).await {
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "requested": true }))),
        Ok(()) => Ok(Reply::see_other(PROFILE).cookie(visit.cookies.notice("address_requested"))),
        Err(error) => refused(&visit, who, error, vec![("email", typed)]),
    }
}

/// Where the mailed link leads. Looking changes nothing.
#[get("/user/email?<token>")]
pub async fn link(visit: Visit<'_>, token: Option<&str>) -> Result<Reply, Refusal> {
    let token = token.unwrap_or_default();
    match visit.flows.address_offer(token).await {
        Ok(address) if visit.json => {
            Ok(Reply::json(Status::Ok, &json!({ "email": address.as_str() })).without_referrer())
        }
        Ok(address) => page(&visit, Status::Ok, token, Some(address), None),
        Err(AccountError::TicketSpent) if !visit.json => spent(&visit),
        Err(error) => Err(error.into()),
    }
}

/// Makes the address the account's. The link is all that it takes: it went to the new address, and was asked for with
/// the password.
#[post("/user/email", data = "<form>")]
pub async fn confirm(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let token = form.text("token")?;
    match visit.flows.confirm_address(token, &visit.client()).await {
        Ok(account) if visit.json => {
            let account = show::as_json(&visit, &account, &account.display_name());
            Ok(Reply::json(Status::Ok, &account).without_referrer())
        }
        Ok(_) => {
            let to = if visit.who.is_some() { PROFILE } else { SIGN_IN };
            let reply = Reply::see_other(to).cookie(visit.cookies.notice("address_changed"));
            Ok(reply.without_referrer())
        }
        Err(error) if visit.json => Err(error.into()),
        Err(AccountError::Invalid(errors)) => {
            let said = errors.first().map(|error| visit.view.problem(visit.locale(), &error.code));
            page(&visit, form_status(&errors), "", None, said)
        }
        Err(AccountError::TicketSpent) => spent(&visit),
        Err(error @ (AccountError::Throttled { .. } | AccountError::Busy { .. })) => {
            let refusal = Refusal::from(error);
            let alert = show::alert(&visit, &refusal);
            let address = visit.flows.address_offer(token).await.ok();
            let reply = page(&visit, refusal.status(), token, address, alert)?;
            Ok(reply.retry_after(refusal.retry_after()))
        }
        Err(error) => Err(error.into()),
    }
}

/// The form with its one button, or why there is none. The address in the browser holds the link's secret: no other
/// address hears of it.
fn page(
    visit: &Visit<'_>,
    status: Status,
    token: &str,
    address: Option<EmailAddress>,
    alert: Option<Notice>,
) -> Result<Reply, Refusal> {
    let email = address.map(|address| address.as_str().to_owned()).unwrap_or_default();
    let page = AddressPage { form: AddressForm { token: token.to_owned() }, email };
    Ok(visit.page(status, page, alert)?.without_referrer())
}

fn spent(visit: &Visit<'_>) -> Result<Reply, Refusal> {
    let alert = visit.view.notice(visit.locale(), "alert", "address_link_spent");
    page(visit, Status::Gone, "", None, Some(alert))
}
