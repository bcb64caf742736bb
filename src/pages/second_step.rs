//! `/user/login/second`: the second step of signing in.

use domain::lifetimes::TRUSTED_BROWSER;
use domain::{AccountError, Step, Token};
use look::pages::{SecondStepForm, SecondStepPage};
use rocket::http::Status;
use rocket::{get, post};

use super::refuse::{as_problem, as_problem_saying};
use super::shown_again::FormState;
use super::signed_in::signed_in;
use super::{passkey_views, way_back};
use crate::flows::{SecondAnswer, SecondStep};
use crate::urls::{self, SECOND_STEP, SIGN_IN};
use crate::web::{Form, Refusal, Reply, Visit, cookies};

#[get("/user/login/second?<next>")]
pub async fn page(visit: Visit<'_>, next: Option<&str>) -> Result<Reply, Refusal> {
    let next = way_back::in_query(&visit, next);
    if visit.json {
        return Err(Refusal::MethodNotAllowed("POST".into()));
    }
    match waiting(&visit).await? {
        Some((_, passkeys)) => form_page(&visit, (false, passkeys), &next, FormState::untouched()),
        None if visit.who.is_some() => Ok(way_back::go_on(next)),
        None => Ok(Reply::see_other(urls::keeping(SIGN_IN, &next)).cookie(visit.cookies.no_step())),
    }
}

/// Signs in by the code. After too many wrong ones, or too late, it begins with the password again.
#[post("/user/login/second?<next>", data = "<form>")]
pub async fn submit(visit: Visit<'_>, form: Form, next: Option<&str>) -> Result<Reply, Refusal> {
    let trust = form.0.boolean("trust").map_err(|_| Refusal::Malformed)?.unwrap_or_default();
    let next = way_back::of(&visit, &form, next)?;
    let Some((token, passkeys)) = waiting(&visit).await? else { return closed(&visit, &next) };
    let answer = match form.sent("code")? {
        Some(code) => SecondAnswer::Code(code),
        None if form.0.contains("credential") => SecondAnswer::Passkey(passkey_views::credential(&form)?),
        None => SecondAnswer::Code(""),
    };
    let browser = visit.known_browser().await?;
    let step =
        SecondStep { token: &token, answer, trust, browser: browser.as_ref(), replaces: visit.who.as_ref() };
    match visit.flows.sign_in.by_second_factor(&step, &visit.client()).await {
        Ok(entered) => Ok(signed_in(&visit, &entered, Reply::see_other(urls::PROFILE), next)
            .cookie(visit.cookies.no_step())),
        Err(AccountError::TicketSpent) => closed(&visit, &next),
        Err(error) => {
            let alert = passkey_views::alert(&visit, &error, "");
            let state = FormState::refused(&visit, error)?;
            let state = if alert.is_some() { state.with_alert(alert) } else { state };
            form_page(&visit, (trust, passkeys), &next, state)
        }
    }
}

/// What a browser needs for the second step with a passkey.
#[post("/user/login/second/begin", data = "<_form>")]
pub async fn begin(visit: Visit<'_>, _form: Form) -> Result<Reply, Refusal> {
    let Some((token, _)) = waiting(&visit).await? else { return closed(&visit, "") };
    let options = visit.flows.sign_in.begin_second_passkey(&token, &visit.client()).await?;
    Ok(Reply::json(Status::Ok, &options))
}

/// The secret of the sign-in that waits in this browser, and whether a passkey may be its second factor. Of
/// several cookies, the first that is one.
async fn waiting(visit: &Visit<'_>) -> Result<Option<(Token, bool)>, AccountError> {
    let sent = cookies::read(visit.request, visit.cookies.step_name()).filter_map(Token::parse);
    for token in sent.take(cookies::MOST_OF_ONE_NAME) {
        if let Some(waiting) = visit.flows.sign_in.waiting(&token).await? {
            return Ok(Some((token, waiting.passkeys)));
        }
    }
    Ok(None)
}

/// The answer to a sign-in that has ended: it begins again.
fn closed(visit: &Visit<'_>, next: &str) -> Result<Reply, Refusal> {
    if visit.json {
        let said = as_problem_saying(visit, AccountError::TicketSpent, "second_step_closed", []);
        return Ok(said.cookie(visit.cookies.no_step()));
    }
    // The first copy of a form that was sent twice may have signed in.
    if visit.who.is_some() {
        return Ok(way_back::go_on(next.to_owned()));
    }
    let reply = Reply::see_other(urls::keeping(SIGN_IN, next));
    Ok(reply.cookie(visit.cookies.no_step()).cookie(visit.cookies.notice("second_step_closed")))
}

fn form_page(
    visit: &Visit<'_>,
    (trust, passkeys): (bool, bool),
    next: &str,
    state: FormState,
) -> Result<Reply, Refusal> {
    let form = SecondStepForm { code: state.secret(visit, "code"), trust };
    let trust_days = TRUSTED_BROWSER.as_secs() / 86_400;
    // The page is of the account that is about to be signed in to, whoever is signed in now.
    state
        .of_somebody_else()
        .keeping(next)
        .page(visit, SecondStepPage { form, next: next.to_owned(), trust_days, passkeys })
}

/// The answer to a right password that wants a second factor: the way to its page. A program sends the code
/// with the cookie of this answer.
pub fn wanted(visit: &Visit<'_>, token: &Token, next: &str) -> Reply {
    let reply = if visit.json {
        as_problem(visit, AccountError::StepWanted(Step::SecondFactor))
    } else {
        Reply::see_other(urls::keeping(SECOND_STEP, next))
    };
    reply.cookie(visit.cookies.step(token.reveal()))
}
