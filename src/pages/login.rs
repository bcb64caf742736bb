//! `/user/login` and `/user/logout`

use domain::{AccountError, Field, Step};
use look::pages::{FieldView, SignInForm, SignInPage};
use rocket::http::Status;
use rocket::{get, post};

use super::recovery::expired;
use super::shown_again::FormState;
use super::signed_in::signed_in;
use super::verification::unverified;
use super::{provider_views, second_step, typed, way_back};
use crate::flows::{LoginAttempt, SignInOutcome};
use crate::urls::{self, PROFILE, SIGN_IN};
use crate::web::{Form, Refusal, Reply, Visit};

#[get("/user/login?<next>")]
pub fn form(visit: Visit<'_>, next: Option<&str>) -> Result<Reply, Refusal> {
    let next = way_back::in_query(&visit, next);
    if visit.who.is_some() {
        return Ok(way_back::go_on(next));
    }
    let email = FieldView { value: typed::last(&visit), errors: Vec::new() };
    let form = SignInForm { email, ..SignInForm::default() };
    FormState::untouched().keeping(&next).page(&visit, page(&visit, form, next))
}

/// Signs in. After a change of username a browser sends that form on to here, without address and password;
/// it is only redirected.
#[post("/user/login?<next>", data = "<form>")]
pub async fn submit(visit: Visit<'_>, form: Form, next: Option<&str>) -> Result<Reply, Refusal> {
    let (identifier, password) = (form.text("email")?, form.secret("password")?);
    let next = way_back::of(&visit, &form, next)?;
    let blank = Field::Identifier.is_missing(identifier) && Field::Password.is_missing(password.0);
    if blank && !visit.json {
        return Ok(match &visit.who {
            Some(_) => way_back::go_on(next),
            None => Reply::see_other(urls::keeping(SIGN_IN, &next)),
        });
    }
    let browser = visit.known_browser().await?;
    let attempt =
        LoginAttempt { identifier, password, browser: browser.as_ref(), replaces: visit.who.as_ref() };
    let error = match visit.flows.sign_in.by_password(&attempt, &visit.client()).await {
        Ok(SignInOutcome::Granted(entered)) => {
            return Ok(signed_in(&visit, &entered, Reply::again(PROFILE), next));
        }
        Ok(SignInOutcome::Wanted(Step::Verify, _)) if !visit.json => {
            return unverified(&visit, identifier, &next);
        }
        Ok(SignInOutcome::Wanted(Step::SecondFactor, pending)) => {
            let token = visit.flows.sign_in.suspend(*pending, &visit.client()).await?;
            return Ok(typed::forgotten(&visit, second_step::wanted(&visit, &token, &next)));
        }
        Ok(SignInOutcome::Wanted(Step::Restore, pending)) if !visit.json => {
            match visit.flows.own_deletion.link_after_sign_in(&pending).await {
                Ok(token) => return Ok(Reply::see_other(urls::restore(token.reveal()))),
                Err(error) => error,
            }
        }
        Ok(SignInOutcome::Wanted(
            step @ (Step::Restore
            | Step::Verify
            | Step::Approval
            | Step::NewPassword
            | Step::Terms
            | Step::SetUpFactor),
            _,
        )) => AccountError::StepWanted(step),
        Err(AccountError::StepWanted(Step::NewPassword)) if !visit.json => {
            return expired(&visit, identifier, &next);
        }
        Err(AccountError::StepWanted(Step::Verify)) if !visit.json => {
            return unverified(&visit, identifier, &next);
        }
        Err(error) => error,
    };
    let state = FormState::refused(&visit, error)?.keeping(&next);
    let form = SignInForm {
        email: state.field(&visit, "email", identifier),
        password: state.secret(&visit, "password"),
    };
    state.page(&visit, page(&visit, form, next))
}

/// The page with this form.
fn page(visit: &Visit<'_>, form: SignInForm, next: String) -> SignInPage {
    SignInPage::new(form, next, visit.view.facts()).with_providers(provider_views::offered(visit.flows))
}

/// Ends the session of this browser, whichever account's it is now: nobody who wants to leave is kept.
/// Without a session the answer is the same.
#[post("/user/logout?<next>", data = "<form>")]
pub async fn logout(visit: Visit<'_>, form: Form, next: Option<&str>) -> Result<Reply, Refusal> {
    let next = way_back::of(&visit, &form, next)?;
    if let Some(who) = &visit.who {
        visit.flows.sessions.end_present(who, &visit.client()).await?;
    }
    let reply = if visit.json {
        Reply::json(Status::Ok, &serde_json::json!({ "signed_out": true }))
    } else if next.is_empty() || next.starts_with('/') {
        Reply::see_other(urls::keeping(SIGN_IN, &next)).cookie(visit.cookies.notice("signed_out"))
    } else {
        // Another site of the operator's asks for sign-in itself where it wants it.
        Reply::back_to(next)
    };
    Ok(provider_views::forgotten(&visit, reply).cookie(visit.cookies.no_session()))
}
