//! `/user/modify/*` but the picture: password, username, profile.

use rocket::http::Status;
use rocket::{get, post};

use super::form::form_status;
use super::profile::{Echo, reply as profile_page};
use super::{PROFILE, SIGN_IN, show};
use crate::domain::AccountError;
use crate::flows::{PasswordChange, ProfileInput, SignedIn};
use crate::web::{Form, Refusal, Reply, Visit};

/// The spelling of the published theme API.
#[post("/user/modify/pasword", data = "<form>")]
pub async fn pasword(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    change_password(visit, form).await
}

#[post("/user/modify/password", data = "<form>")]
pub async fn password(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    change_password(visit, form).await
}

async fn change_password(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require()?;
    let change = PasswordChange { current: form.secret("apassword")?, new: form.secret("npassword")? };
    match visit.flows.change_password(who, &change, &visit.client()).await {
        Ok(()) => done(&visit, who, "password_changed", Reply::again(PROFILE)).await,
        Err(error) => refused(&visit, who, error, Vec::new()),
    }
}

/// A browser sends the form on to `/user/login`, as the published theme API has it; that leads to the profile.
#[post("/user/modify/username", data = "<form>")]
pub async fn username(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require()?;
    let typed = form.text("username")?;
    match visit.flows.change_username(who, typed, &visit.client()).await {
        Ok(()) => done(&visit, who, "username_changed", Reply::again(SIGN_IN)).await,
        Err(error) => refused(&visit, who, error, vec![("username", typed)]),
    }
}

#[post("/user/modify/profile", data = "<form>")]
pub async fn profile(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require()?;
    let input = ProfileInput {
        name: form.sent("name")?,
        firstname: form.sent("firstname")?,
        lastname: form.sent("lastname")?,
        locale: form.sent("locale")?,
    };
    let mut sent = form.custom(show::field_names(&visit))?;
    if !visit.json {
        // A box that is not ticked is not sent: in a whole form of a page that means no.
        for field in visit.flows.policy().fields.iter() {
            let absent = !sent.iter().any(|(name, _)| *name == field.name);
            if absent && field.kind == crate::domain::FieldKind::Boolean && input.name.is_some() {
                sent.push((field.name.clone(), String::new()));
            }
        }
    }
    let given = |name: &str| sent.iter().find(|(sent, _)| sent == name).map(|(_, value)| value.as_str());
    match visit.flows.change_profile(who, &input, given).await {
        Ok(()) => done(&visit, who, "profile_changed", Reply::see_other(PROFILE)).await,
        Err(error) => {
            let known = [
                ("name", input.name),
                ("firstname", input.firstname),
                ("lastname", input.lastname),
                ("locale", input.locale),
            ];
            let known = known.into_iter().filter_map(|(name, typed)| Some((name, typed?)));
            let typed =
                known.chain(sent.iter().map(|(name, value)| (name.as_str(), value.as_str()))).collect();
            refused(&visit, who, error, typed)
        }
    }
}

/// Somebody reloads or shares the address that a refused form stands at.
#[get("/user/modify/<form>")]
pub fn stray(visit: Visit<'_>, form: &str) -> Result<Reply, Refusal> {
    match form {
        "password" | "pasword" | "username" | "email" | "profile" | "pp" if !visit.json => {
            Ok(Reply::see_other(PROFILE))
        }
        "password" | "pasword" | "username" | "email" | "profile" | "pp" => {
            Err(Refusal::MethodNotAllowed("POST".into()))
        }
        _ => Err(Refusal::NotFound),
    }
}

/// What a finished change answers: the account as it is now, or the redirect and its message.
pub async fn done(
    visit: &Visit<'_>,
    who: &SignedIn,
    notice: &str,
    redirect: Reply,
) -> Result<Reply, Refusal> {
    if visit.json {
        return Ok(Reply::json(Status::Ok, &show::account_json(visit, who.account().id).await?));
    }
    Ok(redirect.cookie(visit.cookies.notice(notice)))
}

/// What a refused change answers: the page again, with what was typed and what is wrong.
pub fn refused(
    visit: &Visit<'_>,
    who: &SignedIn,
    error: AccountError,
    typed: Vec<(&str, &str)>,
) -> Result<Reply, Refusal> {
    if visit.json {
        return Err(error.into());
    }
    match error {
        AccountError::Invalid(errors) => {
            profile_page(visit, who, form_status(&errors), &Echo { typed, errors }, None)
        }
        error @ (AccountError::Throttled { .. } | AccountError::Busy { .. }) => {
            let refusal = Refusal::from(error);
            let alert = show::alert(visit, &refusal);
            let echo = Echo { typed, errors: Vec::new() };
            let reply = profile_page(visit, who, refusal.status(), &echo, alert)?;
            Ok(reply.retry_after(refusal.retry_after()))
        }
        error => Err(error.into()),
    }
}
