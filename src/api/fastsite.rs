//! Fastsite: single-page and mobile apps sign their users in (`/api/v1/personal/*`). What fails as an operation is 200 with
//! `success: 0`, which is what its clients read; only credentials in headers that are wrong are 401.

use rocket::http::Status;
use rocket::request::Request;
use rocket::response::Response;
use rocket::{Route, get, post, routes};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::{OpenApi, ToSchema};

use super::request::request;
use super::{Description, Door};
use crate::domain::{
    Account, AccountError, AccountId, Audience, Field, FieldKind, Lifetime, Token, TypedPassword, Username,
};
use crate::flows::{Grant, NewRegistration};
use crate::web::{Answer, Body, Call, Dialect, Refusal, words};

/// What a `user_hash` is made for, and how long it lasts: it ends after 24 idle hours.
const USER_HASH: Grant = Grant::Bearer(AUDIENCE, Lifetime::DAILY);
const AUDIENCE: Audience = Audience("fastsite");

/// Language of messages for callers who name none that we have.
const LANGUAGE: &str = "ru";

pub const DOOR: Door = Door {
    dialect: Dialect { name: "fastsite", base: "/api/v1/personal", refuse },
    cross_origin: true,
    routes,
    describe,
};

fn routes() -> Vec<Route> {
    routes![auth, auth_refresh, register, recover]
}

#[derive(OpenApi)]
#[openapi(
    paths(auth, auth_refresh, register, recover),
    tags((name = "fastsite", description = "Single-page and mobile apps sign their users in. An operation that fails is a \
200 with `success: 0`; only credentials in headers that are wrong are a 401. Messages come in the language of \
`Accept-Language`, Russian where it names none that the site has."))
)]
struct Api;

fn describe() -> Description {
    Description::of::<Api, Failure>()
        .asks::<Registration>(|field| field.required && field.sign_up)
        .shows::<Profile>()
}

/// It is done.
#[derive(Serialize, ToSchema)]
struct Done {
    #[schema(minimum = 1, maximum = 1, example = 1)]
    success: u8,
    result: Outcome,
}

/// It is done, and this came of it.
#[derive(Serialize, ToSchema)]
struct Success<T> {
    #[schema(minimum = 1, maximum = 1, example = 1)]
    success: u8,
    result: Outcome,
    data: T,
}

/// Why not.
#[derive(Serialize, ToSchema)]
struct Failure {
    #[schema(minimum = 0, maximum = 0, example = 0)]
    success: u8,
    result: Outcome,
}

#[derive(Serialize, ToSchema)]
struct Outcome {
    #[serde(rename = "TYPE")]
    #[schema(pattern = "^(OK|ERROR)$", example = "OK")]
    kind: &'static str,
    /// A sentence for the user.
    #[serde(rename = "MESSAGE")]
    #[schema(example = "Готово.")]
    message: String,
}

#[derive(Serialize, ToSchema)]
struct SignedIn<'a> {
    /// Number of the account, the same at every door.
    #[schema(example = 42)]
    user_id: i64,
    /// For the header `User-Hash`; ends after 24 idle hours.
    #[schema(example = "q1XvOe4yWq7jXn3o5sT0b8K2m9d6f4h1c7z5x3v1n8M")]
    user_hash: &'a str,
    user_profile: Profile<'a>,
}

/// Fields of the site's own stand beside these, `null` where nothing was given.
#[derive(Serialize, ToSchema)]
struct Profile<'a> {
    #[schema(example = "ada")]
    login: Option<&'a str>,
    #[schema(example = "Ada Lovelace")]
    name: Option<&'a str>,
    #[schema(example = "ada@example.org")]
    email: &'a str,
    #[serde(flatten)]
    #[schema(ignore)]
    own: Map<String, Value>,
}

#[derive(Serialize, ToSchema)]
struct Refreshed<'a> {
    #[schema(example = 42)]
    user_id: i64,
    /// The next one; the old one works for 60 seconds more.
    #[schema(example = "m7Rk2c9XqV5t1B8z4Lw6Yp3Hs0Jf7Gd2Na5Ue8Oi1Qk")]
    user_hash: &'a str,
}

request! {
    /// Who signs in.
    Login {
        /// Username or address.
        #[schema(max_length = 254, example = "ada")]
        login: &'a str = Field::Identifier,
        #[schema(value_type = String, format = Password, min_length = 1, max_length = 1024, example = "correct horse battery")]
        password: TypedPassword<'a> = Field::Password,
    }
}

request! {
    /// Somebody new. The site's own fields stand beside these.
    Registration {
        /// Letters and digits of one script, dots, dashes and underscores.
        #[schema(min_length = 1, max_length = 40, example = "ada")]
        login: &'a str = Field::Username,
        #[schema(value_type = String, format = Password, min_length = 1, max_length = 1024, example = "correct horse battery")]
        password: TypedPassword<'a> = Field::Password,
        /// The same once more.
        #[schema(value_type = String, format = Password, min_length = 1, max_length = 1024, example = "correct horse battery")]
        confirm_password: TypedPassword<'a> = Field::PasswordConfirmation,
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: &'a str = Field::Email,
        /// What others see.
        #[schema(max_length = 100, example = "Ada Lovelace")]
        name: Option<&'a str> = Field::Name,
    }
}

request! {
    /// Whose password is lost: one of the two.
    Recovery {
        /// Username or address.
        #[schema(max_length = 254, example = "ada")]
        login: Option<&'a str> = Field::Identifier,
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: Option<&'a str> = Field::Email,
    }
}

/// Sign in
#[utoipa::path(
    request_body = Login,
    responses((status = 200, description = "Signed in.", body = Success<SignedIn>)),
    extensions(("x-refusals" = json!(["invalid_credentials", "unverified", "identifier:repeated"])))
)]
#[post("/api/v1/personal/auth", data = "<body>")]
async fn auth(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let Login { login, password } = Login::read(&body)?;
    let (account, hash) = call.flows.log_in_for(login, password, USER_HASH, &call.client()).await?;
    Ok(signed_in(&call, "fastsite-auth", &account, hash.reveal()))
}

/// Get the next `user_hash`
///
/// The old one works for 60 seconds more, since two tabs may ask at once. A `HEAD` changes nothing and only says whether
/// there would be one.
#[utoipa::path(
    responses((status = 200, description = "The next one.", body = Success<Refreshed>)),
    security(("user_id" = [], "user_hash" = [])),
    extensions(("x-refusals" = json!(["unauthenticated"])))
)]
#[get("/api/v1/personal/auth_refresh")]
async fn auth_refresh(call: Call<'_>) -> Result<Answer, Refusal> {
    let header = |name| call.request.headers().get_one(name).unwrap_or_default();
    let user = header("User-Id").parse().map(AccountId).map_err(|_| AccountError::Unauthenticated)?;
    let hash = Token::parse(header("User-Hash")).ok_or(AccountError::Unauthenticated)?;
    let old = call.flows.present_bearer_of(user, AUDIENCE, &hash).await?;
    if call.is_head() {
        return Ok(done(&call, "fastsite-refreshed"));
    }
    let next = call.flows.refresh_bearer(&old, AUDIENCE, Lifetime::DAILY, &call.client()).await?;
    Ok(ok(&call, "fastsite-refreshed", Refreshed { user_id: user.0, user_hash: next.reveal() }))
}

/// Register a user
///
/// Where addresses have to be proven first, the account is made and `success` is 0: the message asks to open the link.
#[utoipa::path(
    request_body = Registration,
    responses((status = 200, description = "Registered and signed in.", body = Success<SignedIn>)),
    extensions(("x-refusals" = json!(["unverified", "email:email_taken", "username:username_taken", "confirm_password:passwords_differ"])))
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
        asks_fields: true,
        ..NewRegistration::default()
    };
    let sent = body.custom(&call.flows.policy().fields)?;
    let given = |name: &str| sent.iter().find(|(sent, _)| sent == name).map(|(_, value)| value.as_str());
    let made = call.flows.register(&new, given, USER_HASH, &call.client()).await?;
    Ok(signed_in(&call, "fastsite-registered", &made.account, made.secret()))
}

/// Recover a lost password
///
/// A link goes to the mailbox of the account. The answer is the same whether or not there is one.
#[utoipa::path(
    request_body = Recovery,
    responses((status = 200, description = "A message may be on its way.", body = Done)),
    extensions(("x-refusals" = json!(["email:repeated"])))
)]
#[post("/api/v1/personal/recover", data = "<body>")]
async fn recover(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let asked = Recovery::read(&body)?;
    let (email, login) = (asked.email.unwrap_or_default(), asked.login.unwrap_or_default());
    let identifier = if email.trim().is_empty() { login } else { email };
    call.flows.request_recovery(identifier, call.wanted_locale(), &call.client()).await?;
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
    let data = SignedIn { user_id: account.id.0, user_hash, user_profile: profile(call, account) };
    ok(call, sentence, data)
}

/// Every field that the operator defined is there, `null` where nothing was given.
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

fn refuse(refusal: &Refusal, incident: Option<&str>, request: &Request<'_>) -> Response<'static> {
    let status = match refusal {
        Refusal::Account(
            AccountError::Invalid(_)
            | AccountError::InvalidCredentials
            | AccountError::Unverified
            | AccountError::Forbidden
            | AccountError::NotFound
            | AccountError::TicketSpent
            | AccountError::Throttled { .. },
        ) => Status::Ok,
        Refusal::Account(
            AccountError::Unauthenticated
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
    let message = words(refusal, incident, request, LANGUAGE, wire_name);
    let failure = Failure { success: 0, result: Outcome { kind: "ERROR", message } };
    Answer::json(status, &failure).into_response()
}

fn wire_name(field: &Field) -> &str {
    match field {
        Field::Username | Field::Identifier => "login",
        other => other.name(),
    }
}
