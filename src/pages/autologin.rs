//! `/admin/api_account/autologin`: the redirect by which a trusted server signs a browser in, and
//! `/user/switch`, which asks first in a browser that is signed in to another account.

use domain::{AccountError, Step};
use look::pages::SwitchPage;
use rocket::http::Status;
use rocket::request::Request;
use rocket::{get, post};
use serde_json::json;

use super::second_step;
use super::shown_again::FormState;
use super::verification::unverified;
use crate::flows::{SignInOutcome, TicketLogin};
use crate::urls::{PROFILE, SIGN_IN, SWITCH};
use crate::web::{Form, Refusal, Reply, Visit, is_head};

/// The path lies below siberian's base, but a person opens it, so refusals are pages (`DIALECTS`).
#[get("/admin/api_account/autologin?<email>&<token>")]
pub async fn enter(visit: Visit<'_>, email: Option<&str>, token: Option<&str>) -> Result<Reply, Refusal> {
    let (email, token) = (email.unwrap_or_default(), token.unwrap_or_default());
    // A browser that fetches a link in advance sends cookies and would be signed in unseen. So would one that
    // fetches it for a picture, a frame or a script of another page.
    if is_prefetch(visit.request) || !is_navigation(visit.request) {
        return Err(AccountError::Forbidden.into());
    }
    if !is_head(visit.request) && visit.who.is_none() {
        return sign_in(&visit, email, token).await;
    }
    let browser = visit.known_browser().await?;
    let attempt = TicketLogin { email, token, browser: browser.as_ref(), replaces: visit.who.as_ref() };
    let account = match visit.flows.sign_in.look_at_ticket(&attempt, &visit.client()).await? {
        SignInOutcome::Granted(account) => account,
        SignInOutcome::Wanted(step, _) => return step_wanted(&visit, email, step),
    };
    match &visit.who {
        // Without this question another site could sign its visitor in to an account of its own.
        Some(who) if who.account().id != account.id => {
            let (present, email) = (who.account().email.as_str(), account.email.as_str());
            if visit.json {
                let asked = json!({ "signed_in": present, "email": email, "confirm": visit.outside(SWITCH) });
                return Ok(Reply::json(Status::Ok, &asked).with_bare_referrer());
            }
            let page =
                SwitchPage { present: present.to_owned(), email: email.to_owned(), token: token.to_owned() };
            FormState::untouched().page_of_link(&visit, page)
        }
        _ if is_head(visit.request) => Ok(Reply::see_other(PROFILE)),
        _ => sign_in(&visit, email, token).await,
    }
}

/// Changes to the account of the link. The form has passed the cross-origin check.
#[post("/user/switch", data = "<form>")]
pub async fn switch(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    sign_in(&visit, form.text("email")?, form.text("token")?).await
}

/// The answer to a refused `POST` is shown at this path, so a reload sends a `GET` here.
#[get("/user/switch")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json {
        return Err(Refusal::MethodNotAllowed("POST".into()));
    }
    Ok(Reply::see_other(if visit.who.is_some() { PROFILE } else { SIGN_IN }))
}

/// Uses the ticket up and signs the browser in.
async fn sign_in(visit: &Visit<'_>, email: &str, token: &str) -> Result<Reply, Refusal> {
    let browser = visit.known_browser().await?;
    let attempt = TicketLogin { email, token, browser: browser.as_ref(), replaces: visit.who.as_ref() };
    let entered = match visit.flows.sign_in.by_ticket(&attempt, &visit.client()).await? {
        SignInOutcome::Granted(entered) => entered,
        SignInOutcome::Wanted(Step::SecondFactor, pending) => {
            let token = visit.flows.sign_in.suspend(*pending, &visit.client()).await?;
            return Ok(second_step::wanted(visit, &token, ""));
        }
        SignInOutcome::Wanted(step, _) => return step_wanted(visit, email, step),
    };
    let lasts = visit.flows.policy().session.absolute.as_secs();
    Ok(Reply::see_other(PROFILE)
        .cookie(visit.cookies.session(entered.session.reveal(), lasts))
        .cookie(visit.cookies.known_browser(entered.browser.reveal())))
}

fn step_wanted(visit: &Visit<'_>, email: &str, step: Step) -> Result<Reply, Refusal> {
    match step {
        Step::Verify if !visit.json => unverified(visit, email, ""),
        Step::Restore
        | Step::Verify
        | Step::Approval
        | Step::NewPassword
        | Step::SecondFactor
        | Step::Terms
        | Step::SetUpFactor => Err(AccountError::StepWanted(step).into()),
    }
}

/// Whether the browser opens the page in a tab, as far as it says: `Sec-Fetch-Dest` (Fetch Metadata Request
/// Headers, section 2.1). Programs and older browsers say nothing.
fn is_navigation(request: &Request<'_>) -> bool {
    request.headers().get("Sec-Fetch-Dest").all(|destination| destination == "document")
}

/// Whether the browser fetches the page in advance, before anybody follows its link: `Sec-Purpose` (HTML,
/// section 2.6.1), and what browsers sent before it.
fn is_prefetch(request: &Request<'_>) -> bool {
    let says = |name, word| {
        let mut values = request.headers().get(name);
        values.any(|value| value.to_ascii_lowercase().contains(word))
    };
    says("Sec-Purpose", "prefetch")
        || says("Purpose", "prefetch")
        || says("X-Purpose", "preview")
        || says("X-Moz", "prefetch")
}
