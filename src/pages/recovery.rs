//! `/user/forgot` and `/user/reset`

use domain::{Account, AccountError, MailedLink, Step};
use look::pages::{CheckEmailPage, FieldView, ForgotForm, ForgotPage, ResetForm, ResetPage};
use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::shown_again::FormState;
use super::{show, typed, way_back};
use crate::flows::Avatar;
use crate::urls::{self, FORGOT, REQUESTED};
use crate::web::{Form, Refusal, Reply, Visit};

/// The form, or with `requested` what happens next: the same for everybody.
#[get("/user/forgot?<requested>&<next>")]
pub fn forgot(visit: Visit<'_>, requested: Option<&str>, next: Option<&str>) -> Result<Reply, Refusal> {
    let (email, state) =
        (typed::last(&visit), FormState::untouched().keeping(&way_back::in_query(&visit, next)));
    if requested.is_some() {
        return state.page(&visit, CheckEmailPage { reason: "recovery", email });
    }
    let email = FieldView { value: email, errors: Vec::new() };
    state.page(&visit, ForgotPage { form: ForgotForm { email }, requested: false })
}

/// Requests a recovery mail. The answer is the same whether or not the account exists.
#[post("/user/forgot?<next>", data = "<form>")]
pub async fn request(visit: Visit<'_>, form: Form, next: Option<&str>) -> Result<Reply, Refusal> {
    let identifier = form.text("email")?;
    let next = way_back::of(&visit, &form, next)?;
    let locale = visit.locale().as_str();
    match visit.flows.links.request_recovery(identifier, Some(locale), &visit.client()).await {
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "requested": true }))),
        Ok(()) => {
            let reply = Reply::see_other(urls::requested(FORGOT, REQUESTED, &next));
            let reply = typed::kept(&visit, reply, identifier);
            Ok(way_back::kept(&visit, reply, &next, MailedLink::Recovery))
        }
        Err(error @ AccountError::Invalid(_)) => {
            let state = FormState::refused(&visit, error)?.keeping(&next);
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
pub fn expired(visit: &Visit<'_>, identifier: &str, next: &str) -> Result<Reply, Refusal> {
    let email = FieldView { value: identifier.trim().to_owned(), errors: Vec::new() };
    let page = ForgotPage { form: ForgotForm { email }, requested: false };
    let wanted = AccountError::StepWanted(Step::NewPassword);
    FormState::alerted(visit, wanted).keeping(next).page(visit, page)
}

/// Target of the mailed link. A `GET` does not use the link up, because mail scanners open links.
#[get("/user/reset?<token>")]
pub async fn reset(visit: Visit<'_>, token: Option<&str>) -> Result<Reply, Refusal> {
    if visit.json {
        let offer = visit.flows.links.reset_offer(token.unwrap_or_default()).await?;
        let offer = json!({ "email": offer.account.email.as_str(), "has_password": offer.has_password });
        return Ok(Reply::json(Status::Ok, &offer).with_bare_referrer());
    }
    page(&visit, token.unwrap_or_default(), FormState::untouched()).await
}

#[post("/user/reset", data = "<form>")]
pub async fn choose(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let (token, password) = (form.text("token")?, form.secret("npassword")?);
    let client = visit.client();
    let links = &visit.flows.links;
    let error = match links.reset_password(token, password, &client).await {
        Ok(account) => return Ok(chosen(&visit, &account)),
        Err(error) => error,
    };
    if visit.json || !matches!(error, AccountError::TicketSpent) {
        return page(&visit, token, FormState::refused(&visit, error)?).await;
    }
    // A browser without script sends a form twice when its button is pressed twice, and shows the second
    // answer.
    match links.was_reset(token, password, &client).await {
        Ok(Some(account)) => Ok(chosen(&visit, &account)),
        Ok(None) => spent(&visit),
        Err(error) => {
            let state = FormState::refused(&visit, error)?;
            let page = ForgotPage { form: ForgotForm::default(), requested: false };
            state.page_of_link(&visit, page)
        }
    }
}

/// The answer to a password that was chosen for `account`.
fn chosen(visit: &Visit<'_>, account: &Account) -> Reply {
    let present = visit.who.as_ref().map(|who| who.account().id);
    let reply = if visit.json {
        Reply::json(Status::Ok, &show::as_json(visit, account, &Avatar::of(account)))
    } else {
        let of_other = present.is_some_and(|present| present != account.id);
        let notice = if of_other { "password_reset_elsewhere" } else { "password_reset" };
        let reply = way_back::taken(visit, |next| Reply::see_other(urls::sign_in_then(&next)));
        reply.cookie(visit.cookies.notice(notice))
    };
    // The new password has ended the session of this browser, if that was the account's.
    let reply = if present == Some(account.id) { reply.cookie(visit.cookies.no_session()) } else { reply };
    reply.with_bare_referrer()
}

/// The form, if the link is still valid.
async fn page(visit: &Visit<'_>, token: &str, state: FormState) -> Result<Reply, Refusal> {
    let offer = match visit.flows.links.reset_offer(token).await {
        Ok(offer) => offer,
        Err(AccountError::TicketSpent) => return spent(visit),
        Err(error) => return Err(error.into()),
    };
    let owner = offer.account.id;
    let page = ResetPage {
        form: ResetForm { token: token.to_owned(), npassword: state.secret(visit, "npassword") },
        email: offer.account.email.as_str().to_owned(),
        has_password: offer.has_password,
        password_min: visit.view.facts().password_min,
    };
    state.of(owner, visit).page_of_link(visit, page)
}

/// The link is no longer valid: the form that requests another one.
fn spent(visit: &Visit<'_>) -> Result<Reply, Refusal> {
    let page = ForgotPage { form: ForgotForm::default(), requested: false };
    FormState::gone(visit, "ticket_spent").page_of_link(visit, page)
}
