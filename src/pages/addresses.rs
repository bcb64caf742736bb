//! `/user/modify/email`, `/user/email` and `/user/email/decline`: changing an account's e-mail address.

use domain::{AccountError, AccountId, Field};
use look::pages::{AddressForm, AddressPage};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::profile::refused;
use super::show;
use super::shown_again::FormState;
use crate::flows::{AddressOffer, Avatar, OwnerProof};
use crate::urls::{PROFILE, SIGN_IN};
use crate::web::{Form, Refusal, Reply, Visit};

/// Requests a change of address. The answer is the same whether or not another account has the new address.
#[post("/user/modify/email", data = "<form>")]
pub async fn request(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let (typed, current) = (form.text("email")?, form.secret("apassword")?);
    match visit.flows.links.request_address(who, typed, current, &visit.client()).await {
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "requested": true }))),
        Ok(()) => Ok(Reply::see_other(PROFILE).cookie(visit.cookies.notice("address_requested"))),
        Err(error) => refused(&visit, who, error, "email", &[("email", typed)]).await,
    }
}

/// Target of the mailed link. A `GET` changes nothing, because mail scanners open links.
#[get("/user/email?<token>")]
pub async fn link(visit: Visit<'_>, token: Option<&str>) -> Result<Reply, Refusal> {
    let token = token.unwrap_or_default();
    match visit.flows.links.address_offer(token, visit.who.as_ref()).await {
        Ok(offer) if visit.json => {
            let offer = json!({
                "email": offer.address.as_str(),
                "account": offer.account,
                "signed_in": offer.own,
            });
            Ok(Reply::json(Status::Ok, &offer).with_bare_referrer())
        }
        Ok(offer) => page(&visit, token, Some(offer), FormState::untouched()),
        Err(AccountError::TicketSpent) if !visit.json => spent(&visit),
        Err(error) => Err(error.into()),
    }
}

/// Changes the address, with the session of this browser or the account's password as proof of whose account
/// it is.
#[post("/user/email", data = "<form>")]
pub async fn confirm(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let (token, password) = (form.text("token")?, form.secret("password")?);
    let proof = match &visit.who {
        Some(who) if password.0.is_empty() => OwnerProof::Session(who),
        _ => OwnerProof::Password(password),
    };
    let error = match visit.flows.links.confirm_address(token, proof, &visit.client()).await {
        Ok(account) if visit.json => {
            let account = show::as_json(&visit, &account, &Avatar::of(&account));
            return Ok(Reply::json(Status::Ok, &account).with_bare_referrer());
        }
        Ok(account) => return Ok(went(&visit, changed_notice(&visit, account.id))),
        Err(AccountError::TicketSpent) if !visit.json => {
            // A browser without script sends a form twice when its button is pressed twice, and shows the
            // second answer.
            return match &visit.who {
                Some(who) if visit.flows.links.was_confirmed(token, who).await? => {
                    Ok(went(&visit, "address_changed"))
                }
                _ => spent(&visit),
            };
        }
        Err(error) => error,
    };
    let taken = match &error {
        AccountError::Invalid(errors) => errors.iter().find(|error| error.field == Field::Email).cloned(),
        _ => None,
    };
    let state = FormState::refused(&visit, error)?;
    match taken {
        // The form has no field for the error, because the new address was typed in another form.
        Some(taken) => {
            let said = visit.view.problem(visit.locale(), &taken.code);
            page(&visit, "", None, state.with_alert(Some(said.into())))
        }
        None => {
            let offer = visit.flows.links.address_offer(token, visit.who.as_ref()).await.ok();
            page(&visit, token, offer, state)
        }
    }
}

/// Voids the link. Whoever holds it may: it was mailed to an address of theirs.
#[post("/user/email/decline", data = "<form>")]
pub async fn decline(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    match visit.flows.links.decline_address(form.text("token")?, &visit.client()).await {
        Ok(()) if visit.json => {
            Ok(Reply::json(Status::Ok, &json!({ "declined": true })).with_bare_referrer())
        }
        Ok(()) => Ok(went(&visit, "address_declined")),
        Err(AccountError::TicketSpent) if !visit.json => spent(&visit),
        Err(error) => Err(error.into()),
    }
}

/// The answer to a refused `POST` is shown at this path, so a reload sends a `GET` here.
#[get("/user/email/decline")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json {
        return Err(Refusal::MethodNotAllowed("POST".into()));
    }
    Ok(Reply::see_other(if visit.who.is_some() { PROFILE } else { SIGN_IN }))
}

/// What the page after the change says, on a page of another account too.
fn changed_notice(visit: &Visit<'_>, changed: AccountId) -> &'static str {
    let own = visit.who.as_ref().is_none_or(|who| who.account().id == changed);
    if own { "address_changed" } else { "address_changed_elsewhere" }
}

fn went(visit: &Visit<'_>, notice: &str) -> Reply {
    let to = if visit.who.is_some() { PROFILE } else { SIGN_IN };
    Reply::see_other(to).cookie(visit.cookies.notice(notice)).with_bare_referrer()
}

/// The two forms, or the reason why there are none.
fn page(
    visit: &Visit<'_>,
    token: &str,
    offer: Option<AddressOffer>,
    state: FormState,
) -> Result<Reply, Refusal> {
    // The link names an account of somebody else's only in part, so the header shows nobody else either.
    let state = if offer.as_ref().is_some_and(|offer| offer.own) { state } else { state.of_somebody_else() };
    let form = AddressForm { token: token.to_owned(), password: state.secret(visit, "password") };
    let page = match offer {
        Some(AddressOffer { address, account, own }) => {
            AddressPage { form, email: address.as_str().to_owned(), account, signed_in: own }
        }
        None => AddressPage { form, email: String::new(), account: String::new(), signed_in: false },
    };
    state.page_of_link(visit, page)
}

fn spent(visit: &Visit<'_>) -> Result<Reply, Refusal> {
    page(visit, "", None, FormState::gone(visit, "address_link_spent"))
}
