//! Fastsite: single-page and mobile apps sign their users in (`/api/v1/personal/*`). What fails as an operation is 200 with
//! `success: 0`, which is what its clients read; only credentials in headers that are wrong are 401.

use rocket::http::Status;
use rocket::request::Request;
use rocket::response::Response;
use rocket::{Route, get, post, routes};
use serde::Serialize;
use serde_json::{Map, Value};

use super::Door;
use crate::domain::{Account, AccountError, AccountId, Audience, Field, FieldKind, Lifetime, Token};
use crate::flows::{Grant, NewRegistration, Secret};
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
};

fn routes() -> Vec<Route> {
    routes![auth, auth_refresh, register, recover]
}

/// The frame of every answer.
#[derive(Serialize)]
struct Reply<T> {
    success: u8,
    result: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<T>,
}

#[derive(Serialize)]
struct Outcome {
    #[serde(rename = "TYPE")]
    kind: &'static str,
    #[serde(rename = "MESSAGE")]
    message: String,
}

#[derive(Serialize)]
struct SignedIn<'a> {
    user_id: i64,
    user_hash: &'a str,
    user_profile: Map<String, Value>,
}

#[derive(Serialize)]
struct Refreshed<'a> {
    user_id: i64,
    user_hash: &'a str,
}

#[post("/api/v1/personal/auth", data = "<body>")]
async fn auth(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let login = body.required("login", Field::Identifier)?;
    let password = Secret(body.required("password", Field::Password)?);
    let (account, hash) = call.flows.log_in_for(login, password, USER_HASH, &call.client()).await?;
    Ok(signed_in(&call, "fastsite-auth", &account, hash.reveal()))
}

/// Gives the next `user_hash`. A `HEAD` only says whether there would be one.
#[get("/api/v1/personal/auth_refresh")]
async fn auth_refresh(call: Call<'_>) -> Result<Answer, Refusal> {
    let header = |name| call.request.headers().get_one(name).unwrap_or_default();
    let user = header("User-Id").parse().map(AccountId).map_err(|_| AccountError::Unauthenticated)?;
    let hash = Token::parse(header("User-Hash")).ok_or(AccountError::Unauthenticated)?;
    if call.is_head() {
        let holder = call.flows.present_bearer(AUDIENCE, &hash).await?;
        let own = holder.account_id == user;
        return if own {
            Ok(ok::<()>(&call, "fastsite-refreshed", None))
        } else {
            Err(AccountError::Unauthenticated.into())
        };
    }
    let next = call.flows.refresh_bearer(AUDIENCE, Lifetime::DAILY, user, &hash, &call.client()).await?;
    Ok(ok(&call, "fastsite-refreshed", Some(Refreshed { user_id: user.0, user_hash: next.reveal() })))
}

#[post("/api/v1/personal/register", data = "<body>")]
async fn register(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let new = NewRegistration {
        email: body.required("email", Field::Email)?,
        username: body.required("login", Field::Username)?,
        needs_username: true,
        name: body.required("name", Field::Name)?,
        password: Secret(body.required("password", Field::Password)?),
        confirmation: Some(Secret(body.required("confirm_password", Field::PasswordConfirmation)?)),
        asks_fields: true,
        ..NewRegistration::default()
    };
    let sent = body.custom(&call.flows.policy().fields)?;
    let given = |name: &str| sent.iter().find(|(sent, _)| sent == name).map(|(_, value)| value.as_str());
    let made = call.flows.register(&new, given, USER_HASH, &call.client()).await?;
    Ok(signed_in(&call, "fastsite-registered", &made.account, made.secret()))
}

#[post("/api/v1/personal/recover", data = "<body>")]
async fn recover(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let (email, login) = (body.required("email", Field::Email)?, body.required("login", Field::Identifier)?);
    let identifier = if email.trim().is_empty() { login } else { email };
    call.flows.request_recovery(identifier, call.wanted_locale(), &call.client()).await?;
    Ok(ok::<()>(&call, "fastsite-recover", None))
}

fn ok<T: Serialize>(call: &Call<'_>, sentence: &str, data: Option<T>) -> Answer {
    let message = call.view.catalog().text(call.locale_or(LANGUAGE), sentence, &[]);
    Answer::ok(&Reply { success: 1, result: Outcome { kind: "OK", message }, data })
}

fn signed_in(call: &Call<'_>, sentence: &str, account: &Account, user_hash: &str) -> Answer {
    let data = SignedIn { user_id: account.id.0, user_hash, user_profile: profile(call, account) };
    ok(call, sentence, Some(data))
}

/// Every field that the operator defined is there, `null` where nothing was given.
fn profile(call: &Call<'_>, account: &Account) -> Map<String, Value> {
    let text = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
    let own = call.flows.policy().fields.iter().map(|field| {
        let value = account.fields.get(&field.name).map_or("", String::as_str);
        let value = match (field.kind, value) {
            (FieldKind::Boolean, "true") => true.into(),
            (FieldKind::Boolean, "false") => false.into(),
            (_, other) => text(other),
        };
        (field.name.clone(), value)
    });
    let login = account.username.as_ref().map_or(Value::Null, |login| login.as_str().into());
    let fixed = [("login", login), ("name", text(&account.name)), ("email", account.email.as_str().into())];
    fixed.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(own).collect()
}

fn refuse(refusal: &Refusal, incident: Option<&str>, request: &Request<'_>) -> Response<'static> {
    let status = match refusal {
        Refusal::Account(
            AccountError::Invalid(_)
            | AccountError::InvalidCredentials
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
    let reply = Reply::<()> { success: 0, result: Outcome { kind: "ERROR", message }, data: None };
    Answer::json(status, &reply).into_response()
}

fn wire_name(field: &Field) -> &str {
    match field {
        Field::Username | Field::Identifier => "login",
        other => other.name(),
    }
}
