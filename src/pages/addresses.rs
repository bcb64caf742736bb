//! `/user/modify/email` and `/user/email`: changing an account's e-mail address.

use domain::{AccountError, EmailAddress};
use look::pages::{AddressForm, AddressPage};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::profile::refused;
use super::show;
use super::shown_again::FormState;
use crate::flows::Avatar;
use crate::urls::{PROFILE, SIGN_IN};
use crate::web::{Form, Refusal, Reply, Visit};

/// Requests a change of address. The answer is the same whether or not another account has the new address.
#[post("/user/modify/email", data = "<form>")]
pub async fn request(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require()?;
    let (typed, current) = (form.text("email")?, form.secret("apassword")?);
    match visit.flows.links.request_address(who, typed, current, &visit.client()).await {
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "requested": true }))),
        Ok(()) => Ok(Reply::see_other(PROFILE).cookie(visit.cookies.notice("address_requested"))),
        Err(error) => refused(&visit, who, error, &[("email", typed)]),
    }
}

/// Target of the mailed link. A `GET` changes nothing, because mail scanners open links.
#[get("/user/email?<token>")]
pub async fn link(visit: Visit<'_>, token: Option<&str>) -> Result<Reply, Refusal> {
    let token = token.unwrap_or_default();
    match visit.flows.links.address_offer(token).await {
        Ok(address) if visit.json => {
            Ok(Reply::json(Status::Ok, &json!({ "email": address.as_str() })).without_referrer())
        }
        Ok(address) => page(&visit, token, Some(address), FormState::untouched()),
        Err(AccountError::TicketSpent) if !visit.json => spent(&visit),
        Err(error) => Err(error.into()),
    }
}

/// Changes the address. The link suffices as proof: it was mailed to the new address, and its request took
/// the password.
#[post("/user/email", data = "<form>")]
pub async fn confirm(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let token = form.text("token")?;
    match visit.flows.links.confirm_address(token, &visit.client()).await {
        Ok(account) if visit.json => {
            let account = show::as_json(&visit, &account, &Avatar::of(&account));
            Ok(Reply::json(Status::Ok, &account).without_referrer())
        }
        Ok(_) => {
            let to = if visit.who.is_some() { PROFILE } else { SIGN_IN };
            let reply = Reply::see_other(to).cookie(visit.cookies.notice("address_changed"));
            Ok(reply.without_referrer())
        }
        Err(AccountError::TicketSpent) if !visit.json => spent(&visit),
        Err(AccountError::Invalid(errors)) if !visit.json => {
            // The form has no field for the error, because the new address was typed in another form.
            let said = errors.first().map(|error| visit.view.problem(visit.locale(), &error.code));
            let state = FormState::refused(&visit, AccountError::Invalid(errors))?;
            page(&visit, "", None, state.with_alert(said))
        }
        Err(error) => {
            let state = FormState::refused(&visit, error)?;
            let address = visit.flows.links.address_offer(token).await.ok();
            page(&visit, token, address, state)
        }
    }
}

/// The form with its one button, or the reason why there is none. The answer has `no-referrer`, because the
/// page's URL contains the secret of the link.
fn page(
    visit: &Visit<'_>,
    token: &str,
    address: Option<EmailAddress>,
    state: FormState,
) -> Result<Reply, Refusal> {
    let email = address.map(|address| address.as_str().to_owned()).unwrap_or_default();
    let page = AddressPage { form: AddressForm { token: token.to_owned() }, email };
    state.page_of_link(visit, page)
}

fn spent(visit: &Visit<'_>) -> Result<Reply, Refusal> {
    page(visit, "", None, FormState::gone(visit, "address_link_spent"))
}
