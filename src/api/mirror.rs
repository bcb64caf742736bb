//! Mirror: smart-mirror devices and their companion apps (`/auth/*`).

use rocket::http::Status;
use rocket::request::Request;
use rocket::response::Response;
use rocket::{Route, post, routes};
use serde::Serialize;

use super::Door;
use crate::domain::{AccountError, Audience, Field, Lifetime};
use crate::flows::{Flows, Grant, NewRegistration, Secret};
use crate::web::{Answer, Body, Call, Dialect, Refusal, words};

pub const DOOR: Door =
    Door { dialect: Dialect { name: "mirror", base: "/auth", refuse }, cross_origin: true, routes };

const REGISTER: &str = "/auth/register";
const LOGIN: &str = "/auth/login";
const PAIR: &str = "/auth/pair";

/// The three sentences that the published clients know.
const REGISTRATION_FAILED: &str = "Registration failed; Invalid email or password.";
const LOGIN_FAILED: &str = "Login failed; Invalid user ID or password.";
const NO_DEVICE: &str = "No device found";

fn routes() -> Vec<Route> {
    routes![register, login]
}

/// What a registration and a sign-in give.
#[derive(Serialize)]
struct Entered<'a> {
    bearer: &'a str,
}

/// A companion app's bearer lasts as long as a browser's session would.
fn bearer_of_a_person(flows: &Flows) -> Grant {
    let session = &flows.policy().session;
    Grant::Bearer(Audience::MIRROR, Lifetime { idle: session.idle, absolute: session.absolute })
}

#[post("/auth/register", data = "<body>")]
async fn register(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let new = NewRegistration {
        email: body.required("email", Field::Email)?,
        password: Secret(body.required("password", Field::Password)?),
        ..NewRegistration::default()
    };
    let grant = bearer_of_a_person(call.flows);
    let made = call.flows.register(&new, |_| None, grant, &call.client()).await?;
    Ok(Answer::ok(&Entered { bearer: made.secret() }))
}

#[post("/auth/login", data = "<body>")]
async fn login(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let email = body.required("email", Field::Email)?;
    let password = body.required("password", Field::Password)?;
    if email.trim().is_empty() || password.is_empty() {
        return Err(AccountError::InvalidCredentials.into());
    }
    let grant = bearer_of_a_person(call.flows);
    let (_, bearer) = call.flows.log_in_for(email, Secret(password), grant, &call.client()).await?;
    Ok(Answer::ok(&Entered { bearer: bearer.reveal() }))
}

/// Any refusal.
#[derive(Serialize)]
struct Failure {
    message: String,
}

fn refuse(refusal: &Refusal, incident: Option<&str>, request: &Request<'_>) -> Response<'static> {
    let (status, known) = match refusal {
        Refusal::Account(AccountError::Invalid(_)) => match request.uri().path().as_str() {
            REGISTER => (Status::Unauthorized, Some(REGISTRATION_FAILED)),
            LOGIN => (Status::Unauthorized, Some(LOGIN_FAILED)),
            PAIR => (Status::NotFound, Some(NO_DEVICE)),
            _ => (refusal.status(), None),
        },
        Refusal::Account(AccountError::InvalidCredentials | AccountError::Unauthenticated) => {
            (Status::Unauthorized, Some(LOGIN_FAILED))
        }
        Refusal::Account(AccountError::NotFound) => (Status::NotFound, Some(NO_DEVICE)),
        Refusal::Account(
            AccountError::Forbidden
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
        | Refusal::UnsupportedMediaType => (refusal.status(), None),
    };
    let message = match known {
        Some(known) => known.to_owned(),
        None => words(refusal, incident, request, "en", wire_name),
    };
    let mut answer = Answer::json(status, &Failure { message }).into_response();
    if status == Status::Unauthorized {
        // RFC 9110 11.6.1 wants it with every 401.
        answer.set_raw_header("WWW-Authenticate", "Bearer realm=\"mirror\"");
    }
    answer
}

fn wire_name(field: &Field) -> &str {
    match field {
        Field::PairingCode => "code",
        Field::DeviceName => "name",
        other => other.name(),
    }
}
