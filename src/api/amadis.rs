//! Amadis: device back ends register users and set their passwords (`/api/user/v1/*`).

use rocket::http::Status;
use rocket::request::Request;
use rocket::response::Response;
use rocket::{Route, patch, post, routes};
use serde::Serialize;

use super::Door;
use crate::domain::{AccountError, Field};
use crate::flows::{Grant, NewRegistration, ResetCaller, ResetOutcome, Secret};
use crate::web::{Answer, Body, Call, Dialect, Refusal, bearer, presented_key, words};

pub const DOOR: Door =
    Door { dialect: Dialect { name: "amadis", base: "/api/user/v1", refuse }, cross_origin: true, routes };

fn routes() -> Vec<Route> {
    routes![register, change_password, reset_password]
}

#[derive(Serialize)]
struct Success<T> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<T>,
}

impl<T: Serialize> Success<T> {
    fn of(data: Option<T>) -> Self {
        Self { status: "success", data }
    }
}

#[derive(Serialize)]
struct NewUser<'a> {
    user_id: i64,
    user_secret: &'a str,
}

#[derive(Serialize)]
struct Reset<'a> {
    email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
}

#[post("/api/user/v1/register", data = "<body>")]
async fn register(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let new = NewRegistration {
        email: body.required("email", Field::Email)?,
        name: body.required("name", Field::Name)?,
        password: Secret(body.required("password", Field::Password)?),
        ..NewRegistration::default()
    };
    let made = call.flows.register(&new, |_| None, Grant::UserSecret, &call.client()).await?;
    let user = NewUser { user_id: made.account.id.0, user_secret: made.secret() };
    Ok(Answer::json(Status::Created, &Success::of(Some(user))))
}

/// With a bearer the address may be left out; the present password is asked for all the same (OWASP ASVS 6.2.3).
#[patch("/api/user/v1/changepassword", data = "<body>")]
async fn change_password(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let email = body.required("email", Field::Email)?;
    let (old, new) = (
        Secret(body.required("oldpassword", Field::CurrentPassword)?),
        Secret(body.required("newpassword", Field::NewPassword)?),
    );
    call.flows.change_password_of(email, old, new, bearer(call.request), &call.client()).await?;
    Ok(Answer::ok(&Success::<()>::of(None)))
}

#[patch("/api/user/v1/resetpassword", data = "<body>")]
async fn reset_password(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let email = body.required("email", Field::Email)?;
    let key = presented_key(call.request).await?;
    let caller = match (&key, bearer(call.request)) {
        (Some(key), _) => ResetCaller::Key(key),
        (None, Some(presented)) => ResetCaller::Holder(presented),
        (None, None) => ResetCaller::Public,
    };
    let locale = call.wanted_locale();
    let client = if key.is_some() { call.trusted_client() } else { call.client() };
    let reset = match call.flows.reset_password_of(email, caller, locale, &client).await? {
        ResetOutcome::Generated { email, password } => {
            let data = Reset { email: email.as_str(), password: Some(password.reveal()) };
            return Ok(Answer::ok(&Success::of(Some(data))));
        }
        ResetOutcome::Mailed => Reset { email: email.trim(), password: None },
    };
    Ok(Answer::ok(&Success::of(Some(reset))))
}

/// For trusted servers alone.
const NO_USER: &str = "There is no user with this email address.";

#[derive(Serialize)]
struct Failure {
    status: &'static str,
    data: FailureData,
}

#[derive(Serialize)]
struct FailureData {
    error: String,
}

fn refuse(refusal: &Refusal, incident: Option<&str>, request: &Request<'_>) -> Response<'static> {
    let status = match refusal {
        // A wrong present password is 422 in the published API.
        Refusal::Account(AccountError::InvalidCredentials) => Status::UnprocessableEntity,
        Refusal::Account(
            AccountError::Invalid(_)
            | AccountError::Unauthenticated
            | AccountError::Forbidden
            | AccountError::NotFound
            | AccountError::TicketSpent
            | AccountError::Throttled { .. }
            | AccountError::Busy { .. }
            | AccountError::Unavailable(_)
            | AccountError::Internal(_),
        )
        | Refusal::Malformed
        | Refusal::CrossSite
        | Refusal::NotFound
        | Refusal::MethodNotAllowed(_)
        | Refusal::TimedOut
        | Refusal::TooLarge
        | Refusal::UnsupportedMediaType => refusal.status(),
    };
    let error = match refusal {
        Refusal::Account(AccountError::NotFound) => NO_USER.to_owned(),
        _ => words(refusal, incident, request, "en", wire_name),
    };
    Answer::json(status, &Failure { status: "error", data: FailureData { error } }).into_response()
}

fn wire_name(field: &Field) -> &str {
    match field {
        Field::Email => "email",
        Field::Name => "name",
        Field::Password => "password",
        Field::CurrentPassword => "oldpassword",
        Field::NewPassword => "newpassword",
        other => other.name(),
    }
}
