//! `/user/login` and `/user/logout`

use domain::{AccountError, Field, Step};
use look::pages::{SignInForm, SignInPage};
use rocket::http::Status;
use rocket::{get, post};

use super::recovery::expired;
use super::show;
use super::shown_again::FormState;
use super::verification::unverified;
use crate::flows::{Avatar, LoginAttempt, SignInOutcome};
use crate::urls::{PROFILE, SIGN_IN};
use crate::web::{Form, Refusal, Reply, Visit};

#[get("/user/login?<next>")]
pub fn form(visit: Visit<'_>, next: Option<&str>) -> Result<Reply, Refusal> {
    if visit.who.is_some() {
        return Ok(Reply::see_other(PROFILE));
    }
    let page = SignInPage::new(SignInForm::default(), own_path(next.unwrap_or_default()));
    visit.page(Status::Ok, page, None)
}

/// Signs in. After a change of username a browser sends that form on to here, without address and password;
/// it is only redirected.
#[post("/user/login", data = "<form>")]
pub async fn submit(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let (identifier, password) = (form.text("email")?, form.secret("password")?);
    let blank = Field::Identifier.is_missing(identifier) && Field::Password.is_missing(password.0);
    if blank && !visit.json {
        return Ok(Reply::see_other(if visit.who.is_some() { PROFILE } else { SIGN_IN }));
    }
    let next = own_path(form.text("next")?);
    let browser = visit.known_browser();
    let attempt =
        LoginAttempt { identifier, password, browser: browser.as_ref(), replaces: visit.who.as_ref() };
    let error = match visit.flows.sign_in.by_password(&attempt, &visit.client()).await {
        Ok(SignInOutcome::Granted(entered)) => {
            let lasts = visit.flows.policy().session.absolute.as_secs();
            let reply = if visit.json {
                Reply::json(
                    Status::Ok,
                    &show::as_json(&visit, &entered.account, &Avatar::of(&entered.account)),
                )
            } else if next.is_empty() || next == PROFILE {
                Reply::again(PROFILE)
            } else {
                Reply::see_other(next)
            };
            let session = visit.cookies.session(entered.session.reveal(), lasts);
            return Ok(reply.cookie(session).cookie(visit.cookies.known_browser(entered.browser.reveal())));
        }
        Ok(SignInOutcome::Wanted(Step::Verify, _)) if !visit.json => return unverified(&visit, identifier),
        Ok(SignInOutcome::Wanted(step @ (Step::Verify | Step::NewPassword), _)) => {
            AccountError::StepWanted(step)
        }
        Err(AccountError::StepWanted(Step::NewPassword)) if !visit.json => {
            return expired(&visit, identifier);
        }
        Err(AccountError::StepWanted(Step::Verify)) if !visit.json => return unverified(&visit, identifier),
        Err(error) => error,
    };
    let state = FormState::refused(&visit, error)?;
    let form = SignInForm {
        email: state.field(&visit, "email", identifier),
        password: state.secret(&visit, "password"),
    };
    state.page(&visit, SignInPage::new(form, next))
}

/// Ends the session of this browser. Without a session the answer is the same.
#[post("/user/logout", data = "<_form>")]
pub async fn logout(visit: Visit<'_>, _form: Form) -> Result<Reply, Refusal> {
    if let Some(who) = &visit.who {
        visit.flows.sessions.end_present(who, &visit.client()).await?;
    }
    let reply = if visit.json {
        Reply::json(Status::Ok, &serde_json::json!({ "signed_out": true }))
    } else {
        Reply::see_other(SIGN_IN).cookie(visit.cookies.notice("signed_out"))
    };
    Ok(reply.cookie(visit.cookies.no_session()))
}

/// A path of this site to go on to, else nothing: no `//elsewhere`, no `/\elsewhere`, no control characters
/// that a browser would drop before it reads the rest.
fn own_path(next: &str) -> String {
    let plain = next.bytes().all(|byte| (0x21..0x7F).contains(&byte) && byte != b'\\');
    let own = next.starts_with('/') && !next.starts_with("//") && plain && next.len() <= 500;
    if own { next.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::own_path;
    use crate::urls;

    #[test]
    fn only_paths_of_this_site_are_gone_on_to() {
        let profile = format!("{}?x=1#y", urls::PROFILE);
        for own in [urls::DEVICES, &profile, urls::HOME] {
            assert_eq!(own_path(own), own);
        }
        for other in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "evil",
            "",
            "/é",
        ] {
            assert_eq!(own_path(other), "", "{other}");
        }
    }
}
