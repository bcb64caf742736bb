//! `/user/modify/*` except the picture and the address: password, username, profile.

use domain::{AccountError, AccountId, FieldKind, Token};
use look::ACCOUNT_FIELD;
use rocket::{get, post};

use super::profile::{changed, refused};
use super::{back, security};
use crate::flows::{PasswordInput, ProfileInput};
use crate::urls::{self, PROFILE, SIGN_IN};
use crate::web::{Form, Refusal, Reply, Visit};

/// The forms below `/user/modify` that are only sent.
const FORMS: [&str; 6] = [
    urls::CHANGE_PASSWORD,
    urls::CHANGE_PASWORD,
    urls::CHANGE_USERNAME,
    urls::CHANGE_ADDRESS,
    urls::CHANGE_PROFILE,
    urls::CHANGE_PICTURE,
];

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
    let change = PasswordInput { current: form.secret("apassword")?, new: form.secret("npassword")? };
    let who = match visit.require_own(&form.0) {
        Ok(who) => who,
        Err(refusal @ Refusal::Account(AccountError::Unauthenticated)) => {
            return sent_again(&visit, &form, &change).await?.ok_or(refusal);
        }
        Err(refusal) => return Err(refusal),
    };
    match visit.flows.profile.change_password(who, &change, &visit.client()).await {
        Ok(session) => {
            let reply = changed(&visit, who, "password_changed", &form.0, Reply::again(PROFILE)).await?;
            Ok(reply.cookie(renewed(&visit, &session)))
        }
        Err(error @ (AccountError::Invalid(_) | AccountError::Unauthenticated)) => {
            // Both of two copies were let in before the first has changed the password.
            match sent_again(&visit, &form, &change).await? {
                Some(reply) => Ok(reply),
                None => security::refused(&visit, who, error).await,
            }
        }
        Err(error) => security::refused(&visit, who, error).await,
    }
}

/// The answer to the second copy of a form that has changed the password, which a browser without script
/// sends when its button is pressed twice. A program that sends it twice is told.
async fn sent_again(
    visit: &Visit<'_>,
    form: &Form,
    change: &PasswordInput<'_>,
) -> Result<Option<Reply>, Refusal> {
    if visit.json {
        return Ok(None);
    }
    let shown = form.0.integer(ACCOUNT_FIELD).map_err(|_| Refusal::Malformed)?.map(AccountId);
    let present = visit.who.as_ref().map(|who| who.account().id);
    let shown = shown.or(present);
    let (secrets, client) = (visit.sent_sessions(), visit.client());
    let session = visit.flows.profile.changed_before(&secrets, shown, change, &client).await?;
    Ok(session.map(|session| {
        let notice = visit.cookies.notice("password_changed");
        back::or(&form.0, Reply::again(PROFILE)).cookie(notice).cookie(renewed(visit, &session))
    }))
}

/// `Set-Cookie` for a session that goes on under another secret.
fn renewed(visit: &Visit<'_>, session: &Token) -> String {
    visit.cookies.session(session.reveal(), visit.flows.policy().session.absolute.as_secs())
}

/// Changes the username. As in the published theme API, a browser sends the form on to `/user/login`, which
/// redirects to the profile.
#[post("/user/modify/username", data = "<form>")]
pub async fn username(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let typed = form.text("username")?;
    match visit.flows.profile.change_username(who, typed, &visit.client()).await {
        Ok(()) => changed(&visit, who, "username_changed", &form.0, Reply::again(SIGN_IN)).await,
        Err(error) => refused(&visit, who, error, "username", &[("username", typed)]).await,
    }
}

#[post("/user/modify/profile", data = "<form>")]
pub async fn profile(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    let input = ProfileInput {
        name: form.sent("name")?,
        firstname: form.sent("firstname")?,
        lastname: form.sent("lastname")?,
        locale: form.sent("locale")?,
    };
    let fields = &visit.flows.policy().fields;
    let mut sent = form.custom(fields, visit.decimal_mark())?;
    // Browsers do not send an unticked checkbox. In a form with all fields a missing checkbox therefore means
    // `false`.
    if !visit.json && input.name.is_some() {
        for field in fields.iter().filter(|field| field.kind == FieldKind::Boolean) {
            if sent.get(&field.name).is_none() {
                sent.push(&field.name, String::new());
            }
        }
    }
    match visit.flows.profile.change_profile(who, &input, |name| sent.get(name), &visit.client()).await {
        Ok(()) => changed(&visit, who, "profile_changed", &form.0, Reply::see_other(PROFILE)).await,
        Err(error) => {
            let known = [
                ("name", input.name),
                ("firstname", input.firstname),
                ("lastname", input.lastname),
                ("locale", input.locale),
            ];
            let known = known.into_iter().filter_map(|(name, typed)| Some((name, typed?)));
            let typed: Vec<(&str, &str)> = known.chain(sent.iter()).collect();
            refused(&visit, who, error, "profile", &typed).await
        }
    }
}

/// The answer to a refused `POST` is shown at this path, so a reload sends a `GET` here.
#[get("/user/modify/<form>")]
pub fn stray(visit: Visit<'_>, form: &str) -> Result<Reply, Refusal> {
    let path = urls::MODIFY.replace("<form>", form);
    if !FORMS.contains(&path.as_str()) {
        return Err(Refusal::NotFound);
    }
    if visit.json {
        return Err(Refusal::MethodNotAllowed("POST".into()));
    }
    Ok(Reply::see_other(urls::page_of_form(&path)))
}
