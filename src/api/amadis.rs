//! Amadis: device back ends register users and set their passwords (`/api/user/v1/*`).

use rocket::http::Status;
use rocket::request::Request;
use rocket::response::Response;
use rocket::{Route, patch, post, routes};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::request::request;
use super::{Description, Door};
use crate::domain::{AccountError, Field, TypedPassword};
use crate::flows::{Grant, NewRegistration, ResetCaller, ResetOutcome};
use crate::web::{Answer, Body, Call, Dialect, Refusal, bearer, presented_key, words};

pub const DOOR: Door = Door {
    dialect: Dialect { name: "amadis", base: "/api/user/v1", refuse },
    cross_origin: true,
    routes,
    describe,
};

fn routes() -> Vec<Route> {
    routes![register, change_password, reset_password]
}

#[derive(OpenApi)]
#[openapi(
    paths(register, change_password, reset_password),
    tags((name = "amadis", description = "Device back ends register users and set their passwords."))
)]
struct Api;

fn describe() -> Description {
    Description::of::<Api, Failure>()
}

/// It is done.
#[derive(Serialize, ToSchema)]
struct Done {
    #[schema(pattern = "^success$", example = "success")]
    status: &'static str,
}

/// It is done, and this came of it.
#[derive(Serialize, ToSchema)]
struct Success<T> {
    #[schema(pattern = "^success$", example = "success")]
    status: &'static str,
    data: T,
}

impl<T: Serialize> Success<T> {
    fn of(data: T) -> Self {
        Self { status: "success", data }
    }
}

#[derive(Serialize, ToSchema)]
struct NewUser<'a> {
    /// Number of the account, the same at every door.
    #[schema(example = 42)]
    user_id: i64,
    /// 32 random bytes in base64, shown this once.
    #[schema(example = "ZE9v3q0m1kQJ6b0x8cB0m5Jt7YtRr1oQ2w3e4r5t6y4=")]
    user_secret: &'a str,
}

#[derive(Serialize, ToSchema)]
struct Reset<'a> {
    #[schema(example = "ada@example.org")]
    email: &'a str,
    /// The new password; only for callers with an API key or with the user's own secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "WKQ7-2MHD-9TXA-4RCE")]
    password: Option<&'a str>,
}

request! {
    /// Somebody new.
    Registration {
        /// What others see.
        #[schema(max_length = 100, example = "Ada Lovelace")]
        name: Option<&'a str> = Field::Name,
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: &'a str = Field::Email,
        /// At least as long as the site asks for, and none of the common ones.
        #[schema(value_type = String, format = Password, min_length = 1, max_length = 1024, example = "correct horse battery")]
        password: TypedPassword<'a> = Field::Password,
    }
}

request! {
    /// A password in place of another.
    PasswordChange {
        /// May be left out by the bearer of the account.
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: Option<&'a str> = Field::Email,
        /// The present password.
        #[schema(value_type = String, format = Password, min_length = 1, max_length = 1024, example = "correct horse battery")]
        oldpassword: TypedPassword<'a> = Field::CurrentPassword,
        #[schema(value_type = String, format = Password, min_length = 1, max_length = 1024, example = "a much better one")]
        newpassword: TypedPassword<'a> = Field::NewPassword,
    }
}

request! {
    /// Whose password is lost.
    PasswordReset {
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: &'a str = Field::Email,
    }
}

/// Register a user
///
/// Makes an account and its secret. The secret is shown in this answer and never again; `/oauth/token` exchanges it for
/// short-lived bearers. An API key is not needed; a back end that registers many people from one address sends one. Where
/// addresses have to be proven first, the account is made and the answer says so, without a secret.
#[utoipa::path(
    request_body = Registration,
    responses((status = 201, description = "The account is there.", body = Success<NewUser>)),
    security((), ("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = [])),
    extensions(("x-refusals" = json!(["unverified", "email:email_taken", "password:password_too_short"])))
)]
#[post("/api/user/v1/register", data = "<body>")]
async fn register(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let asked = Registration::read(&body)?;
    let new = NewRegistration {
        email: asked.email,
        name: asked.name.unwrap_or_default(),
        password: asked.password,
        ..NewRegistration::default()
    };
    let client = call.client_with(presented_key(call.request).await?.as_ref());
    let made = call.flows.register(&new, |_| None, Grant::UserSecret, &client).await?;
    let user = NewUser { user_id: made.account.id.0, user_secret: made.secret() };
    Ok(Answer::json(Status::Created, &Success::of(user)))
}

/// Change a password
///
/// The present password is asked for even where a bearer is sent (OWASP ASVS 6.2.3). Every session and bearer of the
/// account ends.
#[utoipa::path(
    request_body = PasswordChange,
    responses((status = 200, description = "The new password holds.", body = Done)),
    security((), ("access_token" = []), ("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = [])),
    extensions(("x-refusals" = json!(["invalid_credentials", "unverified", "unauthenticated", "new_password:password_too_short"])))
)]
#[patch("/api/user/v1/changepassword", data = "<body>")]
async fn change_password(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let PasswordChange { email, oldpassword, newpassword } = PasswordChange::read(&body)?;
    let key = presented_key(call.request).await?;
    // A key is no bearer of an account, though it may travel as one.
    let bearer = if key.is_some() { None } else { bearer(call.request) };
    let client = call.client_with(key.as_ref());
    let email = email.unwrap_or_default();
    call.flows.change_password_of(email, oldpassword, newpassword, bearer, &client).await?;
    Ok(Answer::ok(&Done { status: "success" }))
}

/// Reset a lost password
///
/// With an API key, or with the user's own secret as a bearer, the new password is made here and returned; an unknown
/// address is a 404 then. Anybody else gets the same answer for every address, the password stays as it is, and a link
/// goes to the mailbox.
#[utoipa::path(
    request_body = PasswordReset,
    responses((status = 200, description = "The new password, or a message on its way.", body = Success<Reset>)),
    security((), ("api_key_bearer" = []), ("api_key_basic" = []), ("api_key_header" = []), ("user_secret" = []), ("access_token" = [])),
    extensions(("x-refusals" = json!(["not_found", "forbidden", "email:required"])))
)]
#[patch("/api/user/v1/resetpassword", data = "<body>")]
async fn reset_password(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let PasswordReset { email } = PasswordReset::read(&body)?;
    let key = presented_key(call.request).await?;
    let caller = match (&key, bearer(call.request)) {
        (Some(key), _) => ResetCaller::Key(key),
        (None, Some(presented)) => ResetCaller::Holder(presented),
        (None, None) => ResetCaller::Public,
    };
    let locale = call.wanted_locale();
    let client = call.client_with(key.as_ref());
    let reset = match call.flows.reset_password_of(email, caller, locale, &client).await? {
        ResetOutcome::Generated { email, password } => {
            let data = Reset { email: email.as_str(), password: Some(password.reveal()) };
            return Ok(Answer::ok(&Success::of(data)));
        }
        ResetOutcome::Mailed => Reset { email: email.trim(), password: None },
    };
    Ok(Answer::ok(&Success::of(reset)))
}

/// For trusted servers alone.
const NO_USER: &str = "There is no user with this email address.";

/// Why not.
#[derive(Serialize, ToSchema)]
struct Failure {
    #[schema(pattern = "^error$", example = "error")]
    status: &'static str,
    data: FailureData,
}

#[derive(Serialize, ToSchema)]
struct FailureData {
    /// What went wrong, in the caller's language.
    #[schema(example = "email: This field is required.")]
    error: String,
}

fn refuse(refusal: &Refusal, incident: Option<&str>, request: &Request<'_>) -> Response<'static> {
    let status = match refusal {
        // A wrong present password is 422 in the published API.
        Refusal::Account(AccountError::InvalidCredentials) => Status::UnprocessableEntity,
        Refusal::Account(
            AccountError::Invalid(_)
            | AccountError::Unverified
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
    let mut answer =
        Answer::json(status, &Failure { status: "error", data: FailureData { error } }).into_response();
    if status == Status::Unauthorized {
        // RFC 9110 11.6.1 wants it with every 401.
        answer.set_raw_header("WWW-Authenticate", "Bearer realm=\"amadis\"");
    }
    answer
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
