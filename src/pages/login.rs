//! `/user/login` and `/user/logout`

use rocket::http::Status;
use rocket::{get, post};

use super::verification::unverified;
use super::{PROFILE, SIGN_IN, show};
use crate::domain::{AccountError, Field, FieldCode, FieldError};
use crate::flows::LoginAttempt;
use crate::view::pages::{SignInForm, SignInPage};
use crate::web::{Form, Refusal, Reply, Visit};

#[get("/user/login?<next>")]
pub fn form(visit: Visit<'_>, next: Option<&str>) -> Result<Reply, Refusal> {
    if visit.who.is_some() {
        return Ok(Reply::see_other(PROFILE));
    }
    let page = sign_in(SignInForm::default(), own_path(next.unwrap_or_default()));
    visit.page(Status::Ok, page, None)
}

/// Signs in. A form without address and password is what a browser sends on after a change of username.
#[post("/user/login", data = "<form>")]
pub async fn submit(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let (identifier, password) = (form.text("email")?, form.secret("password")?);
    if identifier.trim().is_empty() && password.0.is_empty() && !visit.json {
        return Ok(Reply::see_other(if visit.who.is_some() { PROFILE } else { SIGN_IN }));
    }
    let next = own_path(form.text("next")?);
    let missing = [(identifier.trim(), Field::Email), (password.0, Field::Password)]
        .into_iter()
        .filter(|(typed, _)| typed.is_empty())
        .map(|(_, field)| FieldError { field, code: FieldCode::Required })
        .collect::<Vec<_>>();
    let view = |errors: &[FieldError]| SignInForm {
        email: show::field(&visit, errors, "email", identifier),
        password: show::secret(&visit, errors, "password"),
    };
    if !missing.is_empty() {
        if visit.json {
            return Err(AccountError::Invalid(missing).into());
        }
        let page = sign_in(view(&missing), next);
        let alert = show::fix_the_fields(&visit, &missing);
        return visit.page(Status::UnprocessableEntity, page, alert);
    }
    let device = visit.device();
    let attempt =
        LoginAttempt { identifier, password, device: device.as_ref(), replaces: visit.who.as_ref() };
    match visit.flows.log_in(&attempt, &visit.client()).await {
        Ok(entered) => {
            let lasts = visit.flows.policy().session.absolute.as_secs();
            let reply = if visit.json {
                Reply::json(
                    Status::Ok,
                    &show::as_json(&visit, &entered.account, &entered.account.display_name()),
                )
            } else if next.is_empty() || next == PROFILE {
                Reply::again(PROFILE)
            } else {
                Reply::see_other(next)
            };
            let session = visit.cookies.session(entered.session.reveal(), lasts);
            Ok(reply.cookie(session).cookie(visit.cookies.device(entered.device.reveal())))
        }
        Err(
            error @ (AccountError::InvalidCredentials
            | AccountError::Throttled { .. }
            | AccountError::Busy { .. }),
        ) if !visit.json => {
            let refusal = Refusal::from(error);
            let alert = show::alert(&visit, &refusal);
            let reply = visit.page(refusal.status(), sign_in(view(&[]), next), alert)?;
            Ok(reply.retry_after(refusal.retry_after()))
        }
        Err(AccountError::Unverified) if !visit.json => unverified(&visit, identifier),
        Err(error) => Err(error.into()),
    }
}

/// Ends the session of this browser. Nobody signed in is no error: that is what was wanted.
#[post("/user/logout", data = "<_form>")]
pub async fn logout(visit: Visit<'_>, _form: Form) -> Result<Reply, Refusal> {
    if let Some(who) = &visit.who {
        visit.flows.log_out(who).await?;
    }
    let reply = if visit.json {
        Reply::json(Status::Ok, &serde_json::json!({ "signed_out": true }))
    } else {
        Reply::see_other(SIGN_IN).cookie(visit.cookies.notice("signed_out"))
    };
    Ok(reply.cookie(visit.cookies.no_session()))
}

fn sign_in(form: SignInForm, next: String) -> SignInPage {
    SignInPage { form, next, recovery: true, registration: true }
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

    #[test]
    fn only_paths_of_this_site_are_gone_on_to() {
        for own in ["/user/devices", "/user/profil?x=1#y", "/"] {
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
