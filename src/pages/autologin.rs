//! `/admin/api_account/autologin`: the redirect by which a trusted server signs a browser in.

use domain::{AccountError, Step};
use rocket::get;

use super::verification::unverified;
use crate::flows::{SignInOutcome, TicketLogin};
use crate::urls::PROFILE;
use crate::web::{Refusal, Reply, Visit, is_head};

/// The path lies below siberian's base, but a person opens it, so refusals are pages (`DIALECTS`).
#[get("/admin/api_account/autologin?<email>&<token>")]
pub async fn enter(visit: Visit<'_>, email: Option<&str>, token: Option<&str>) -> Result<Reply, Refusal> {
    let browser = visit.known_browser();
    let attempt = TicketLogin {
        email: email.unwrap_or_default(),
        token: token.unwrap_or_default(),
        browser: browser.as_ref(),
        replaces: visit.who.as_ref(),
    };
    if is_head(visit.request) {
        visit.flows.sign_in.look_at_ticket(&attempt, &visit.client()).await?.granted()?;
        return Ok(Reply::see_other(PROFILE));
    }
    let entered = match visit.flows.sign_in.by_ticket(&attempt, &visit.client()).await? {
        SignInOutcome::Granted(entered) => entered,
        SignInOutcome::Wanted(Step::Verify, _) if !visit.json => return unverified(&visit, attempt.email),
        SignInOutcome::Wanted(step @ (Step::Verify | Step::NewPassword), _) => {
            return Err(AccountError::StepWanted(step).into());
        }
    };
    let lasts = visit.flows.policy().session.absolute.as_secs();
    Ok(Reply::see_other(PROFILE)
        .cookie(visit.cookies.session(entered.session.reveal(), lasts))
        .cookie(visit.cookies.known_browser(entered.browser.reveal())))
}
