//! The calls of amadis.

use domain::{AccountError, Actor, Field, FieldCode, Step};
use rocket::http::Status;
use rocket::{Route, patch, post, routes};
use utoipa::OpenApi;

use super::wire::{
    Credentials, Done, Failure, NewUser, PasswordChange, PasswordReset, Registration, Reset, Success,
};
use crate::api::description::Description;
use crate::flows::{Grant, NewRegistration, ResetCaller, ResetOutcome};
use crate::web::{Answer, Body, Call, Refusal, bearer, presented_key};

pub fn routes() -> Vec<Route> {
    routes![register, secret, change_password, reset_password]
}

#[derive(OpenApi)]
#[openapi(
    paths(register, secret, change_password, reset_password),
    tags((name = "amadis", description = "Device back ends register users and set their passwords."))
)]
struct Api;

pub fn describe() -> Description {
    let too_short = |field| AccountError::field(field, FieldCode::PasswordTooShort { min: 8 });
    Description::of::<Api, Failure>()
        .refuses(
            "register",
            vec![
                AccountError::RegistrationClosed { by_invitation: false },
                AccountError::RegistrationClosed { by_invitation: true },
                AccountError::StepWanted(Step::Verify),
                AccountError::StepWanted(Step::Approval),
                AccountError::field(Field::Terms, FieldCode::TermsWanted),
                AccountError::field(Field::Email, FieldCode::EmailTaken),
                too_short(Field::Password),
            ],
        )
        .refuses(
            "secret",
            vec![
                AccountError::InvalidCredentials,
                AccountError::StepWanted(Step::Verify),
                AccountError::field(Field::Email, FieldCode::Repeated),
            ],
        )
        .refuses(
            "change_password",
            vec![
                AccountError::InvalidCredentials,
                AccountError::Locked,
                AccountError::StepWanted(Step::Verify),
                AccountError::StepWanted(Step::NewPassword),
                AccountError::Unauthenticated,
                too_short(Field::NewPassword),
            ],
        )
        .refuses(
            "reset_password",
            vec![
                AccountError::NotFound,
                AccountError::Forbidden,
                AccountError::field(Field::Email, FieldCode::Required),
            ],
        )
}

/// Register a user
///
/// Makes an account and its secret. The secret is shown in this answer and never again; `/oauth/token`
/// exchanges it for short-lived bearers. An API key is not needed; a back end that registers many people from
/// one address sends one with `accounts:write`. Where addresses have to be proven first, the answer says so,
/// taken address or not, and there is no secret.
#[utoipa::path(
    request_body = Registration,
    responses((status = 201, description = "The account is there.", body = Success<NewUser>)),
    security((), ("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = []))
)]
#[post("/api/user/v1/register", data = "<body>")]
async fn register(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let asked = Registration::read(&body)?;
    let new = NewRegistration {
        email: asked.email,
        name: asked.name.unwrap_or_default(),
        password: asked.password,
        agrees: asked.terms.unwrap_or_default(),
        ..NewRegistration::default()
    };
    let client = call.client_with(presented_key(call.request).await?.as_ref());
    let made = call.flows.registration.register(&new, |_| None, Grant::UserSecret, &client).await?;
    let user = NewUser { user_id: made.account.id.0, user_secret: made.secret() };
    Ok(Answer::json(Status::Created, &Success::of(user)))
}

/// Make a user's secret anew
///
/// The secret ends with the password. A back end that knows the password gets another, in place of the one
/// that the user may have; its owner is told by mail. The password of an account that wants a second factor
/// is refused like a wrong one; a password that its owner made for `amadis` is taken in its place.
#[utoipa::path(
    request_body = Credentials,
    responses((status = 200, description = "The new secret.", body = Success<NewUser>)),
    security((), ("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = []))
)]
#[post("/api/user/v1/secret", data = "<body>")]
async fn secret(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let Credentials { email, password } = Credentials::read(&body)?;
    let client = call.client_with(presented_key(call.request).await?.as_ref());
    let entered = call.flows.sign_in.by_password_for(email, password, "", Grant::UserSecret, &client).await?;
    let (account, secret) = entered.granted()?;
    Ok(Answer::ok(&Success::of(NewUser { user_id: account.id.0, user_secret: secret.reveal() })))
}

/// Change a password
///
/// The present password is asked for even where a bearer is sent (OWASP ASVS 6.2.3). Every session, bearer
/// and paired device of the account ends, and its secret, unless the operator lets it go on. The password of
/// an account that wants a second factor is changed only with a bearer of that account: without one it is
/// refused like a wrong password.
#[utoipa::path(
    request_body = PasswordChange,
    responses((status = 200, description = "The new password holds.", body = Done)),
    security(
        (), ("access_token" = []), ("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = [])
    )
)]
#[patch("/api/user/v1/changepassword", data = "<body>")]
async fn change_password(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let PasswordChange { email, oldpassword, newpassword } = PasswordChange::read(&body)?;
    let key = presented_key(call.request).await?;
    // An API key may come in the header of a bearer, but it is not a bearer of an account.
    let bearer = if key.is_some() { None } else { bearer(call.request) };
    let client = call.client_with(key.as_ref());
    let email = email.unwrap_or_default();
    call.flows.user_secrets.change_password(email, oldpassword, newpassword, bearer, &client).await?;
    Ok(Answer::ok(&Done { status: "success" }))
}

/// Reset a lost password
///
/// With an API key, or with the user's own secret as a bearer, the new password is made here and returned. It
/// signs in for a day, within which its owner should choose another. An unknown address is a 404 then.
/// Anybody else gets the same answer for every address, the password stays as it is, and a link goes to the
/// mailbox.
#[utoipa::path(
    request_body = PasswordReset,
    responses(
        (status = 200, description = "The new password, or a message on its way.", body = Success<Reset>)
    ),
    security(
        (), ("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = []), ("user_secret" = []),
        ("access_token" = [])
    )
)]
#[patch("/api/user/v1/resetpassword", data = "<body>")]
async fn reset_password(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let PasswordReset { email } = PasswordReset::read(&body)?;
    let key = presented_key(call.request).await?;
    let caller = match (&key, bearer(call.request)) {
        (Some(key), _) => ResetCaller::Actor(Actor::Key(key)),
        (None, Some(presented)) => ResetCaller::Holder(presented),
        (None, None) => ResetCaller::Public,
    };
    let locale = call.wanted_locale();
    let client = call.client_with(key.as_ref());
    let reset = match call.flows.user_secrets.reset_password(email, caller, locale, &client).await? {
        ResetOutcome::Generated { email, password } => {
            let data = Reset { email: email.as_str(), password: Some(password.reveal()) };
            return Ok(Answer::ok(&Success::of(data)));
        }
        ResetOutcome::Mailed => Reset { email: email.trim(), password: None },
    };
    Ok(Answer::ok(&Success::of(reset)))
}
