//! `/user/forgot` and `/user/reset`

use domain::{AccountError, Step};
use look::pages::{FieldView, ForgotForm, ForgotPage, ResetForm, ResetPage};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::show;
use super::shown_again::FormState;
use crate::flows::Avatar;
use crate::urls::SIGN_IN;
use crate::web::{Form, Refusal, Reply, Visit};

#[get("/user/forgot")]
pub fn forgot(visit: Visit<'_>) -> Result<Reply, Refusal> {
    let page = ForgotPage { form: ForgotForm::default(), requested: false };
    FormState::untouched().page(&visit, page)
}

/// Requests a recovery mail. The answer is the same whether or not the account exists.
#[post("/user/forgot", data = "<form>")]
pub async fn request(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let identifier = form.text("email")?;
    let locale = visit.locale().as_str();
    match visit.flows.links.request_recovery(identifier, Some(locale), &visit.client()).await {
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "requested": true }))),
        Ok(()) => {
            let page = ForgotPage { form: ForgotForm::default(), requested: true };
            FormState::untouched().page(&visit, page)
        }
        Err(error @ AccountError::Invalid(_)) => {
            let state = FormState::refused(&visit, error)?;
            let email = state.field(&visit, "email", identifier);
            state.page(&visit, ForgotPage { form: ForgotForm { email }, requested: false })
        }
        Err(error) => Err(error.into()),
    }
}

/// The page after a right password that was generated and has expired. It offers to mail a link.
///
/// # Errors
/// `Internal` when the template fails to render.
pub fn expired(visit: &Visit<'_>, identifier: &str) -> Result<Reply, Refusal> {
    let email = FieldView { value: identifier.trim().to_owned(), errors: Vec::new() };
    let page = ForgotPage { form: ForgotForm { email }, requested: false };
    FormState::alerted(visit, AccountError::StepWanted(Step::NewPassword)).page(visit, page)
}

/// Target of the mailed link. A `GET` does not use the link up, because mail scanners open links.
#[get("/user/reset?<token>")]
pub async fn reset(visit: Visit<'_>, token: Option<&str>) -> Result<Reply, Refusal> {
    if visit.json {
        let offer = visit.flows.links.reset_offer(token.unwrap_or_default()).await?;
        let offer = json!({ "email": offer.account.email.as_str(), "has_password": offer.has_password });
        return Ok(Reply::json(Status::Ok, &offer).without_referrer());
    }
    page(&visit, token.unwrap_or_default(), FormState::untouched()).await
}

#[post("/user/reset", data = "<form>")]
pub async fn choose(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let (token, password) = (form.text("token")?, form.secret("npassword")?);
    match visit.flows.links.reset_password(token, password, &visit.client()).await {
        Ok(account) => {
            let reply = if visit.json {
                let account = show::as_json(&visit, &account, &Avatar::of(&account));
                Reply::json(Status::Ok, &account)
            } else {
                Reply::see_other(SIGN_IN).cookie(visit.cookies.notice("password_reset"))
            };
            // The new password has ended the session of this browser, if any.
            let reply = if visit.who.is_some() { reply.cookie(visit.cookies.no_session()) } else { reply };
            Ok(reply.without_referrer())
        }
        Err(AccountError::TicketSpent) if !visit.json => spent(&visit),
        Err(error) => page(&visit, token, FormState::refused(&visit, error)?).await,
    }
}

/// The form, if the link is still valid. The answer has `no-referrer`, because the page's URL contains the
/// secret of the link.
async fn page(visit: &Visit<'_>, token: &str, state: FormState) -> Result<Reply, Refusal> {
    let offer = match visit.flows.links.reset_offer(token).await {
        Ok(offer) => offer,
        Err(AccountError::TicketSpent) => return spent(visit),
        Err(error) => return Err(error.into()),
    };
    let page = ResetPage {
        form: ResetForm { token: token.to_owned(), npassword: state.secret(visit, "npassword") },
        email: offer.account.email.as_str().to_owned(),
        has_password: offer.has_password,
        password_min: visit.view.facts().password_min,
    };
    state.page_of_link(visit, page)
}

/// The link is no longer valid: the form that requests another one.
fn spent(visit: &Visit<'_>) -> Result<Reply, Refusal> {
    let page = ForgotPage { form: ForgotForm::default(), requested: false };
    FormState::gone(visit, "ticket_spent").page_of_link(visit, page)
}
