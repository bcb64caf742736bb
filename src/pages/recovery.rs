//! `/user/forgot` and `/user/reset`

use rocket::http::Status;
use rocket::{get, post};
use serde_json::json;

use super::form::form_status;
use super::{SIGN_IN, show};
use crate::domain::{AccountError, FieldError};
use crate::view::Notice;
use crate::view::pages::{ForgotForm, ForgotPage, ResetForm, ResetPage};
use crate::web::{Form, Refusal, Reply, Visit};

#[get("/user/forgot")]
pub fn forgot(visit: Visit<'_>) -> Result<Reply, Refusal> {
    let page = ForgotPage { form: ForgotForm::default(), requested: false };
    visit.page(Status::Ok, page, None)
}

/// Asks for the mail. The answer is the same whoever there is.
#[post("/user/forgot", data = "<form>")]
pub async fn request(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let identifier = form.text("email")?;
    let locale = visit.locale().as_str();
    match visit.flows.request_recovery(identifier, Some(locale), &visit.client()).await {
        Ok(()) if visit.json => Ok(Reply::json(Status::Ok, &json!({ "requested": true }))),
        Ok(()) => {
            let page = ForgotPage { form: ForgotForm::default(), requested: true };
            visit.page(Status::Ok, page, None)
        }
        Err(AccountError::Invalid(errors)) if !visit.json => {
            let email = show::field(&visit, &errors, "email", identifier);
            let page = ForgotPage { form: ForgotForm { email }, requested: false };
            visit.page(form_status(&errors), page, show::fix_the_fields(&visit, &errors))
        }
        Err(error) => Err(error.into()),
    }
}

/// Where the mailed link leads. Looking uses nothing up: mail scanners look.
#[get("/user/reset?<token>")]
pub async fn reset(visit: Visit<'_>, token: Option<&str>) -> Result<Reply, Refusal> {
    if visit.json {
        let offer = visit.flows.reset_offer(token.unwrap_or_default()).await?;
        let offer = json!({ "email": offer.account.email.as_str(), "has_password": offer.has_password });
        return Ok(Reply::json(Status::Ok, &offer).without_referrer());
    }
    page(&visit, Status::Ok, token.unwrap_or_default(), &[], None).await
}

/// Sets the password.
#[post("/user/reset", data = "<form>")]
pub async fn choose(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let (token, password) = (form.text("token")?, form.secret("npassword")?);
    let refused = match visit.flows.reset_password(token, password, &visit.client()).await {
        Ok(account) => {
            let reply = if visit.json {
                let account = show::as_json(&visit, &account, &account.display_name());
                Reply::json(Status::Ok, &account)
            } else {
                Reply::see_other(SIGN_IN).cookie(visit.cookies.notice("password_reset"))
            };
            // Whoever was signed in here no longer is.
            let reply = if visit.who.is_some() { reply.cookie(visit.cookies.no_session()) } else { reply };
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

/// The form, if the link still works. The address in the browser holds the link's secret: no other address hears of
/// it.
async fn page(
    visit: &Visit<'_>,
    status: Status,
    token: &str,
    errors: &[FieldError],
    alert: Option<Notice>,
) -> Result<Reply, Refusal> {
    let offer = match visit.flows.reset_offer(token).await {
        Ok(offer) => offer,
        Err(AccountError::TicketSpent) => return spent(visit),
        Err(error) => return Err(error.into()),
    };
    let page = ResetPage {
        form: ResetForm { token: token.to_owned(), npassword: show::secret(visit, errors, "npassword") },
        email: offer.account.email.as_str().to_owned(),
        has_password: offer.has_password,
        password_min: visit.flows.policy().password.min_length,
    };
    Ok(visit.page(status, page, alert)?.without_referrer())
}

/// The link no longer works: here is where one asks for another.
fn spent(visit: &Visit<'_>) -> Result<Reply, Refusal> {
    let alert = visit.view.notice(visit.locale(), "alert", "ticket_spent");
    let page = ForgotPage { form: ForgotForm::default(), requested: false };
    Ok(visit.page(Status::Gone, page, Some(alert))?.without_referrer())
}
