//! `/user/verify`: proving one's address by the mailed link, and asking for the link once more.

use domain::{AccountError, Step, Verification};
use look::pages::{FieldView, VerifyForm, VerifyPage, VerifyRequestForm, VerifyRequestPage};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::show;
use super::shown_again::FormState;
use crate::flows::{AddressProof, Avatar};
use crate::urls::{PROFILE, SIGN_IN, VERIFY};
use crate::web::{Form, Refusal, Reply, Visit};

/// Where the mailed link leads. Opening it does not use it up: mail scanners open links. Without a token it
/// is the form that asks for a link.
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

/// Proves the address: by the session of this browser, by the password that was chosen, or with a new one.
#[post("/user/verify", data = "<form>")]
pub async fn prove(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let token = form.text("token")?;
    let (password, new) = (form.secret("password")?, form.secret("npassword")?);
    let chooses = form.sent("npassword")?.is_some();
    let proof = match &visit.who {
        _ if chooses => AddressProof::NewPassword(new),
        Some(who) if password.0.is_empty() => AddressProof::Session(who),
        _ => AddressProof::Password(password),
    };
    match visit.flows.links.verify_address(token, proof, &visit.client()).await {
        Ok(account) => {
            let stays = matches!(proof, AddressProof::Session(_));
            let reply = if visit.json {
                Reply::json(Status::Ok, &show::as_json(&visit, &account, &Avatar::of(&account)))
            } else if stays {
                Reply::see_other(PROFILE).cookie(visit.cookies.notice("verified"))
            } else {
                Reply::see_other(SIGN_IN).cookie(visit.cookies.notice("verified_sign_in"))
            };
            // The new password has ended the session of whoever was signed in here.
            let reply =
                if visit.who.is_some() && chooses { reply.cookie(visit.cookies.no_session()) } else { reply };
            Ok(reply.without_referrer())
        }
        Err(AccountError::TicketSpent) if !visit.json => spent(&visit),
        Err(error) => page(&visit, token, FormState::refused(&visit, error)?).await,
    }
}

/// Mails the link once more: to whoever is signed in, else to the address that was typed. The answer is the
/// same whether or not there is such an account.
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

/// The answer to a refused `POST` stands at this path, so browsers reload it with `GET`.
#[get("/user/verify/send")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json { Err(Refusal::MethodNotAllowed("POST".into())) } else { Ok(Reply::see_other(VERIFY)) }
}

/// The page after a right password of an account whose address is still to be proven: it offers to send the
/// link.
///
/// # Errors
/// `Internal` when its template cannot be filled.
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

/// The form, if the link still works.
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

/// The link no longer works: the form that asks for another one.
fn spent(visit: &Visit<'_>) -> Result<Reply, Refusal> {
    if visit.flows.policy().verification == Verification::Off {
        return Err(AccountError::TicketSpent.into());
    }
    let state = FormState::gone(visit, "ticket_spent");
    Ok(request_page(visit, FieldView::default(), false, state)?.without_referrer())
}
