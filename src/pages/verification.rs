//! `/user/verify`: verifying an address by the mailed link, and requesting the link again.

use domain::{AccountError, Step, Verification};
use look::pages::{FieldView, VerifyForm, VerifyPage, VerifyRequestForm, VerifyRequestPage};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::show;
use super::shown_again::FormState;
use crate::flows::{AddressProof, Avatar, OwnerProof};
use crate::urls::{PROFILE, SIGN_IN, VERIFY};
use crate::web::{Form, Refusal, Reply, Visit};

/// Target of the mailed link. A `GET` does not use the link up, because mail scanners open links. Without a
/// token it shows the form that requests a link.
#[get("/user/verify?<token>")]
pub async fn link(visit: Visit<'_>, token: Option<&str>) -> Result<Reply, Refusal> {
    if visit.json {
        let offer =
            visit.flows.links.verification_offer(token.unwrap_or_default(), visit.who.as_ref()).await?;
        let offer = json!({
            "email": offer.account.email.as_str(),
            "has_password": offer.has_password,
            "signed_in": offer.own,
        });
        return Ok(Reply::json(Status::Ok, &offer).without_referrer());
    }
    match token {
        Some(token) => page(&visit, token, FormState::untouched()).await,
        None => request_page(&visit, FieldView::default(), false, FormState::untouched()),
    }
}

/// Verifies the address, with the session of this browser, the account's password, or a new password as
/// proof.
#[post("/user/verify", data = "<form>")]
pub async fn prove(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let token = form.text("token")?;
    let (password, new) = (form.secret("password")?, form.secret("npassword")?);
    let chooses = form.sent("npassword")?.is_some();
    let proof = match &visit.who {
        _ if chooses => AddressProof::NewPassword(new),
        Some(who) if password.0.is_empty() => AddressProof::Owner(OwnerProof::Session(who)),
        _ => AddressProof::Owner(OwnerProof::Password(password)),
    };
    match visit.flows.links.verify_address(token, proof, &visit.client()).await {
        Ok(account) => {
            let stays = matches!(proof, AddressProof::Owner(OwnerProof::Session(_)));
            let reply = if visit.json {
                Reply::json(Status::Ok, &show::as_json(&visit, &account, &Avatar::of(&account)))
            } else if stays {
                Reply::see_other(PROFILE).cookie(visit.cookies.notice("verified"))
            } else {
                Reply::see_other(SIGN_IN).cookie(visit.cookies.notice("verified_sign_in"))
            };
            // The new password has ended the session of this browser, if any.
            let reply =
                if visit.who.is_some() && chooses { reply.cookie(visit.cookies.no_session()) } else { reply };
            Ok(reply.without_referrer())
        }
        Err(AccountError::TicketSpent) if !visit.json => spent(&visit),
        Err(error) => page(&visit, token, FormState::refused(&visit, error)?).await,
    }
}

/// Mails the link again, to the signed-in account or to the typed address. The answer is the same whether or
/// not the account exists.
#[post("/user/verify/send", data = "<form>")]
pub async fn send(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let typed = form.text("email")?;
    let own = visit.who.as_ref().filter(|_| typed.trim().is_empty());
    let identifier = own.map_or(typed, |who| who.account().email.as_str());
    match visit.flows.links.request_verification(identifier, &visit.client()).await {
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "requested": true }))),
        Ok(()) if own.is_some() => {
            Ok(Reply::see_other(PROFILE).cookie(visit.cookies.notice("verification_sent")))
        }
        Ok(()) => request_page(&visit, FieldView::default(), true, FormState::untouched()),
        Err(error @ AccountError::Invalid(_)) => {
            let state = FormState::refused(&visit, error)?;
            let email = state.field(&visit, "email", typed);
            request_page(&visit, email, false, state)
        }
        Err(error) => Err(error.into()),
    }
}

/// The answer to a refused `POST` is shown at this path, so a reload sends a `GET` here.
#[get("/user/verify/send")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json { Err(Refusal::MethodNotAllowed("POST".into())) } else { Ok(Reply::see_other(VERIFY)) }
}

/// The page after a right password for an account with an unverified address. It offers to mail the link
/// again.
///
/// # Errors
/// `Internal` when the template fails to render.
pub fn unverified(visit: &Visit<'_>, identifier: &str) -> Result<Reply, Refusal> {
    let email = FieldView { value: identifier.trim().to_owned(), errors: Vec::new() };
    request_page(visit, email, false, FormState::alerted(visit, AccountError::StepWanted(Step::Verify)))
}

fn request_page(
    visit: &Visit<'_>,
    email: FieldView,
    requested: bool,
    state: FormState,
) -> Result<Reply, Refusal> {
    if visit.flows.policy().verification == Verification::Off {
        return Err(Refusal::NotFound);
    }
    state.page(visit, VerifyRequestPage { form: VerifyRequestForm { email }, requested })
}

/// The form, if the link is still valid. The answer has `no-referrer`, because the page's URL contains the
/// secret of the link.
async fn page(visit: &Visit<'_>, token: &str, state: FormState) -> Result<Reply, Refusal> {
    let offer = match visit.flows.links.verification_offer(token, visit.who.as_ref()).await {
        Ok(offer) => offer,
        Err(AccountError::TicketSpent) => return spent(visit),
        Err(error) => return Err(error.into()),
    };
    let form = VerifyForm {
        token: token.to_owned(),
        password: state.secret(visit, "password"),
        npassword: state.secret(visit, "npassword"),
    };
    let page = VerifyPage {
        form,
        email: offer.account.email.as_str().to_owned(),
        signed_in: offer.own,
        has_password: offer.has_password,
        password_min: visit.view.facts().password_min,
    };
    state.page_of_link(visit, page)
}

/// The link is no longer valid: the form that requests another one.
fn spent(visit: &Visit<'_>) -> Result<Reply, Refusal> {
    if visit.flows.policy().verification == Verification::Off {
        return Err(AccountError::TicketSpent.into());
    }
    let state = FormState::gone(visit, "ticket_spent");
    Ok(request_page(visit, FieldView::default(), false, state)?.without_referrer())
}
