//! `/admin/api_account/autologin`: where a trusted server sends the browser of somebody who is to be signed
//! in.

use domain::Step;
use rocket::get;

use super::verification::unverified;
use crate::flows::{SignInOutcome, TicketLogin};
use crate::urls::PROFILE;
use crate::web::{Refusal, Reply, Visit, is_head};

/// Lies below siberian's base, but a person opens it: refusals are pages (`DIALECTS`).
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
        SignInOutcome::Wanted(Step::Verify, _) if !visit.json => return unverified(&visit, attempt.email),
        outcome => outcome.granted()?,
    };
    let lasts = visit.flows.policy().session.absolute.as_secs();
    Ok(Reply::see_other(PROFILE)
        .cookie(visit.cookies.session(entered.session.reveal(), lasts))
        .cookie(visit.cookies.known_browser(entered.browser.reveal())))
}
