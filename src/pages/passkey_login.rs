//! `/user/login/passkey`

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{AccountError, FieldCode};
use look::pages::{SignInForm, SignInPage};
use rocket::http::Status;
use rocket::{get, post};

use super::shown_again::FormState;
use super::signed_in::signed_in;
use super::{passkey_views, provider_views, way_back};
use crate::flows::{PasskeyLogin, SignInOutcome, refused_credential};
use crate::urls::{PROFILE, SIGN_IN};
use crate::web::{Form, Refusal, Reply, Visit};

/// What a browser needs for signing in with a passkey. It is the same for everybody.
#[post("/user/login/passkey/begin", data = "<_form>")]
pub async fn begin(visit: Visit<'_>, _form: Form) -> Result<Reply, Refusal> {
    let options = visit.flows.passkeys.begin_sign_in(&visit.client()).await?;
    Ok(Reply::json(Status::Ok, &options))
}

#[post("/user/login/passkey?<next>", data = "<form>")]
pub async fn submit(visit: Visit<'_>, form: Form, next: Option<&str>) -> Result<Reply, Refusal> {
    let answer = passkey_views::credential(&form)?;
    let next = way_back::of(&visit, &form, next)?;
    let browser = visit.known_browser().await?;
    let attempt = PasskeyLogin { answer, browser: browser.as_ref(), replaces: visit.who.as_ref() };
    let error = match visit.flows.sign_in.by_passkey(&attempt, &visit.client()).await {
        Ok(SignInOutcome::Granted(entered)) => {
            return Ok(signed_in(&visit, &entered, Reply::again(PROFILE), next));
        }
        Ok(SignInOutcome::Wanted(step, _)) => AccountError::StepWanted(step),
        Err(error) => error,
    };
    if visit.json {
        return Err(error.into());
    }
    let alert = passkey_views::alert(&visit, &error, "");
    let unknown = alert.as_ref().is_some_and(|alert| alert.code == FieldCode::PasskeyUnknown.code());
    let state = match (alert, error) {
        (Some(alert), error) => FormState::refused(&visit, error)?.with_alert(Some(alert)),
        (None, error @ AccountError::StepWanted(_)) => FormState::alerted(&visit, error),
        (None, error) => FormState::refused(&visit, error)?,
    };
    let mut page = SignInPage::new(SignInForm::default(), next.clone(), visit.view.facts());
    page.providers = provider_views::offered(visit.flows);
    if unknown {
        let credential = refused_credential(answer).unwrap_or_default();
        page.unknown_passkey = URL_SAFE_NO_PAD.encode(credential);
    }
    state.keeping(&next).page(&visit, page)
}

/// A refused passkey is answered at this path, so a reload sends a `GET` here.
#[get("/user/login/passkey")]
pub fn stray(visit: Visit<'_>) -> Result<Reply, Refusal> {
    if visit.json { Err(Refusal::MethodNotAllowed("POST".into())) } else { Ok(Reply::see_other(SIGN_IN)) }
}
