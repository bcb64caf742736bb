//! The calls of fastsite.

use domain::{
    Account, AccountError, AccountId, Audience, Field, FieldCode, FieldKind, Lifetime, Step, Token, Username,
};
use rocket::{Route, get, post, routes};
use serde::Serialize;
use serde_json::Value;
use utoipa::OpenApi;

use super::wire::{
    Done, Failure, LANGUAGE, Login, Outcome, Profile, Recovery, Refreshed, Registration, SignedInData,
    Success,
};
use crate::api::description::Description;
use crate::flows::{Grant, NewRegistration};
use crate::web::{Answer, Body, Call, Refusal};

/// The grant of a `user_hash`. It ends after 24 idle hours.
const USER_HASH: Grant = Grant::Bearer(AUDIENCE, Lifetime::DAILY);
const AUDIENCE: Audience = Audience::FASTSITE;

pub fn routes() -> Vec<Route> {
    routes![auth, auth_refresh, register, recover]
}

#[derive(OpenApi)]
#[openapi(
    paths(auth, auth_refresh, register, recover),
    tags((name = "fastsite", description = "Single-page and mobile apps sign their users in. An operation that \
fails is a 200 with `success: 0`; only credentials in headers that are wrong are a 401. Messages come in the \
language of \
`Accept-Language`, Russian where it names none that the site has."))
)]
struct Api;

pub fn describe() -> Description {
    Description::of::<Api, Failure>()
        .asks::<Registration>(|field| field.required && field.sign_up)
        .shows::<Profile>()
        .refuses(
            "auth",
            vec![
                AccountError::InvalidCredentials,
                AccountError::Locked,
                AccountError::StepWanted(Step::Verify),
                AccountError::StepWanted(Step::NewPassword),
                AccountError::field(Field::Identifier, FieldCode::Repeated),
            ],
        )
        .refuses("auth_refresh", vec![AccountError::Unauthenticated])
        .refuses(
            "register",
            vec![
                AccountError::RegistrationClosed { by_invitation: false },
                AccountError::RegistrationClosed { by_invitation: true },
                AccountError::StepWanted(Step::Verify),
                AccountError::StepWanted(Step::Approval),
                AccountError::field(Field::Terms, FieldCode::TermsWanted),
                AccountError::field(Field::Email, FieldCode::EmailTaken),
                AccountError::field(Field::Username, FieldCode::UsernameTaken),
                AccountError::field(Field::PasswordConfirmation, FieldCode::PasswordsDiffer),
            ],
        )
        .refuses("recover", vec![AccountError::field(Field::Email, FieldCode::Repeated)])
}

/// Sign in
///
/// An app that sends the `User-Hash` it had, even one that has ended, is known to the account: other people's
/// wrong guesses do not keep it out. An account that wants a second factor is opened by an app password for
/// `fastsite`, or by its password and a `code`; its password alone is refused like a wrong one.
#[utoipa::path(
    request_body = Login,
    responses((status = 200, description = "Signed in.", body = Success<SignedInData>))
)]
#[post("/api/v1/personal/auth", data = "<body>")]
async fn auth(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let Login { login, password, code } = Login::read(&body)?;
    let (code, client) = (code.unwrap_or_default(), call.client());
    let entered = call.flows.sign_in.by_password_for(login, password, code, USER_HASH, &client).await?;
    let (account, hash) = entered.granted()?;
    Ok(signed_in(&call, "fastsite-auth", &account, hash.reveal()))
}

/// Get the next `user_hash`
///
/// For 60 seconds the old one gives the same successor, since two tabs may ask at once. Whoever uses it later
/// ends it and all its successors. They last 90 days together. A `HEAD` changes nothing and only says whether
/// there would be one.
#[utoipa::path(
    responses((status = 200, description = "The next one.", body = Success<Refreshed>)),
    security(("user_id" = [], "user_hash" = []))
)]
#[get("/api/v1/personal/auth_refresh")]
async fn auth_refresh(call: Call<'_>) -> Result<Answer, Refusal> {
    let header = |name| call.request.headers().get_one(name).unwrap_or_default();
    let user = header("User-Id").parse().map(AccountId).map_err(|_| AccountError::Unauthenticated)?;
    let hash = Token::parse(header("User-Hash")).ok_or(AccountError::Unauthenticated)?;
    if call.is_head() {
        call.flows.bearers.may_exchange(user, AUDIENCE, &hash).await?;
        return Ok(done(&call, "fastsite-refreshed"));
    }
    let next = call.flows.bearers.exchange(user, AUDIENCE, &hash, &call.client()).await?;
    Ok(ok(&call, "fastsite-refreshed", Refreshed { user_id: user.0, user_hash: next.reveal() }))
}

/// Register a user
///
/// Where addresses have to be proven first, `success` is 0, taken address or not: the message asks to open
/// the link.
#[utoipa::path(
    request_body = Registration,
    responses((status = 200, description = "Registered and signed in.", body = Success<SignedInData>))
)]
#[post("/api/v1/personal/register", data = "<body>")]
async fn register(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let asked = Registration::read(&body)?;
    let new = NewRegistration {
        email: asked.email,
        username: asked.login,
        needs_username: true,
        name: asked.name.unwrap_or_default(),
        password: asked.password,
        confirmation: Some(asked.confirm_password),
        agrees: asked.terms.unwrap_or_default(),
        asks_fields: true,
        ..NewRegistration::default()
    };
    let sent = body.custom(&call.flows.policy().fields)?;
    let made =
        call.flows.registration.register(&new, |name| sent.get(name), USER_HASH, &call.client()).await?;
    Ok(signed_in(&call, "fastsite-registered", &made.account, made.secret()))
}

/// Recover a lost password
///
/// A link goes to the mailbox of the account. The answer is the same whether or not there is one.
#[utoipa::path(
    request_body = Recovery,
    responses((status = 200, description = "A message may be on its way.", body = Done))
)]
#[post("/api/v1/personal/recover", data = "<body>")]
async fn recover(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let asked = Recovery::read(&body)?;
    let (email, login) = (asked.email.unwrap_or_default(), asked.login.unwrap_or_default());
    let identifier = if email.trim().is_empty() { login } else { email };
    call.flows.links.request_recovery(identifier, call.wanted_locale(), &call.client()).await?;
    Ok(done(&call, "fastsite-recover"))
}

fn outcome(call: &Call<'_>, sentence: &str) -> Outcome {
    let message = call.view.catalog().text(call.locale_or(LANGUAGE), sentence, &[]);
    Outcome { kind: "OK", message }
}

fn done(call: &Call<'_>, sentence: &str) -> Answer {
    Answer::ok(&Done { success: 1, result: outcome(call, sentence) })
}

fn ok<T: Serialize>(call: &Call<'_>, sentence: &str, data: T) -> Answer {
    Answer::ok(&Success { success: 1, result: outcome(call, sentence), data })
}

fn signed_in(call: &Call<'_>, sentence: &str, account: &Account, user_hash: &str) -> Answer {
    let data = SignedInData { user_id: account.id.0, user_hash, user_profile: profile(call, account) };
    ok(call, sentence, data)
}

/// The profile contains every field of the operator, `null` for one without a value.
fn profile<'a>(call: &Call<'_>, account: &'a Account) -> Profile<'a> {
    let own = call.flows.policy().fields.iter().map(|field| {
        let value = account.fields.get(&field.name).map_or("", String::as_str);
        let value = match (field.kind, value) {
            (FieldKind::Boolean, "true") => true.into(),
            (FieldKind::Boolean, "false") => false.into(),
            (_, "") => Value::Null,
            (_, other) => other.into(),
        };
        (field.name.clone(), value)
    });
    Profile {
        login: account.username.as_ref().map(Username::as_str),
        name: Some(account.name.as_str()).filter(|name| !name.is_empty()),
        email: account.email.as_str(),
        own: own.collect(),
    }
}
