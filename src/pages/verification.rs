//! `/user/verify`: proving one's address by the mailed link, and asking for the link once more.

use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::form::form_status;
use super::{PROFILE, SIGN_IN, show};
use crate::domain::{AccountError, FieldError, Verification};
use crate::flows::AddressProof;
use crate::view::Notice;
use crate::view::pages::{FieldView, VerifyForm, VerifyPage, VerifyRequestForm, VerifyRequestPage};
use crate::web::{Form, Refusal, Reply, Visit};

const VERIFY: &str = "/user/verify";

/// Where the mailed link leads. Looking uses nothing up: mail scanners look. Without a link it is where one is asked for.
#[get("/user/verify?<token>")]
pub async fn link(visit: Visit<'_>, token: Option<&str>) -> Result<Reply, Refusal> {
    if visit.json {
        let offer = visit.flows.verification_offer(token.unwrap_or_default(), visit.who.as_ref()).await?;
        let offer = json!({
            "email": offer.account.email.as_str(),
            "has_password": offer.has_password,
            "signed_in": offer.own,
        });
        return Ok(Reply::json(Status::Ok, &offer).without_referrer());
    }
    match token {
        Some(token) => page(&visit, Status::Ok, token, &[], None).await,
        None => request_page(&visit, Status::Ok, FieldView::default(), false, None),
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
    let refused = match visit.flows.verify_address(token, proof, &visit.client()).await {
        Ok(account) => {
            let stays = matches!(proof, AddressProof::Session(_));
            let reply = if visit.json {
                Reply::json(Status::Ok, &show::as_json(&visit, &account, &account.display_name()))
            } else if stays {
                Reply::see_other(PROFILE).cookie(visit.cookies.notice("verified"))
            } else {
                Reply::see_other(SIGN_IN).cookie(visit.cookies.notice("verified_sign_in"))
            };
            // Whoever was signed in here no longer is.
            let reply =
                if visit.who.is_some() && chooses { reply.cookie(visit.cookies.no_session()) } else { reply };
            return Ok(reply.without_referrer());
        }
        Err(error) if visit.json => return Err(error.into()),
        Err(refused) => refused,
    };
    match refused {
        AccountError::Invalid(errors) => {
            let alert = show::fix_the_fields(&visit, &errors);
            page(&visit, form_status(&errors), token, &errors, alert).await
        }
        AccountError::TicketSpent => spent(&visit),
        error @ (AccountError::Throttled { .. } | AccountError::Busy { .. }) => {
            let refusal = Refusal::from(error);
            let alert = show::alert(&visit, &refusal);
            let reply = page(&visit, refusal.status(), token, &[], alert).await?;
            Ok(reply.retry_after(refusal.retry_after()))
        }
        error => Err(error.into()),
    }
}

/// Mails the link once more: to whoever is signed in, else to the address that was typed. The answer is the same whoever
/// there is.
#[post("/user/verify/send", data = "<form>")]
pub async fn send(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let typed = form.text("email")?;
    let own = visit.who.as_ref().filter(|_| typed.trim().is_empty());
    let identifier = own.map_or(typed, |who| who.account().email.as_str());
    match visit.flows.request_verification(identifier, &visit.client()).await {
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "requested": true }))),
        Ok(()) if own.is_some() => {
            Ok(Reply::see_other(PROFILE).cookie(visit.cookies.notice("verification_sent")))
        }
        Ok(()) => request_page(&visit, Status::Ok, FieldView::default(), true, None),
        Err(AccountError::Invalid(errors)) if !visit.json => {
            let email = show::field(&visit, &errors, "email", typed);
            let alert = show::fix_the_fields(&visit, &errors);
            request_page(&visit, form_status(&errors), email, false, alert)
        }
        Err(error) => Err(error.into()),
    }
}

/// Somebody reloads or shares the address that the answer stands at.
#[get("/user/verify/send")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json { Err(Refusal::MethodNotAllowed("POST".into())) } else { Ok(Reply::see_other(VERIFY)) }
}

/// The password was right, the address is still to be proven: what to do about it.
///
/// # Errors
/// When its template cannot be filled.
pub fn unverified(visit: &Visit<'_>, identifier: &str) -> Result<Reply, Refusal> {
    let refusal = Refusal::from(AccountError::Unverified);
    let email = FieldView { value: identifier.trim().to_owned(), errors: Vec::new() };
    request_page(visit, refusal.status(), email, false, show::alert(visit, &refusal))
}

fn request_page(
    visit: &Visit<'_>,
    status: Status,
    email: FieldView,
    requested: bool,
    alert: Option<Notice>,
) -> Result<Reply, Refusal> {
    if visit.flows.policy().verification == Verification::Off {
        return Err(Refusal::NotFound);
    }
    visit.page(status, VerifyRequestPage { form: VerifyRequestForm { email }, requested }, alert)
}

/// The form, if the link still works. The address in the browser holds the link's secret: no other address hears of it.
async fn page(
    visit: &Visit<'_>,
    status: Status,
    token: &str,
    errors: &[FieldError],
    alert: Option<Notice>,
) -> Result<Reply, Refusal> {
    let offer = match visit.flows.verification_offer(token, visit.who.as_ref()).await {
        Ok(offer) => offer,
        Err(AccountError::TicketSpent) => return spent(visit),
        Err(error) => return Err(error.into()),
    };
    let form = VerifyForm {
        token: token.to_owned(),
        password: show::secret(visit, errors, "password"),
        npassword: show::secret(visit, errors, "npassword"),
    };
    let page = VerifyPage {
        form,
        email: offer.account.email.as_str().to_owned(),
        signed_in: offer.own,
        has_password: offer.has_password,
        password_min: visit.flows.policy().password.min_length,
    };
    Ok(visit.page(status, page, alert)?.without_referrer())
}

/// The link no longer works: here is where one asks for another.
fn spent(visit: &Visit<'_>) -> Result<Reply, Refusal> {
    if visit.flows.policy().verification == Verification::Off {
        return Err(AccountError::TicketSpent.into());
    }
    let alert = visit.view.notice(visit.locale(), "alert", "ticket_spent");
    Ok(request_page(visit, Status::Gone, FieldView::default(), false, Some(alert))?.without_referrer())
}
