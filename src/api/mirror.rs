//! Mirror: smart-mirror devices and their companion apps (`/auth/*`).

use rocket::futures::stream;
use rocket::http::Status;
use rocket::request::Request;
use rocket::response::Response;
use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::Door;
use crate::domain::{AccountError, Audience, Field, Lifetime, Token};
use crate::flows::{
    DeviceNews, DeviceStatus, FetchedBearer, Flows, Grant, NewRegistration, POLL_EVERY, Pairer, Secret,
};
use crate::web::{Answer, Body, Call, Dialect, Event, Events, Refusal, bearer, words};

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
    routes![register, login, pair, start, poll, events]
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
    let grant = bearer_of_a_person(call.flows);
    let (_, bearer) = call.flows.log_in_for(email, Secret(password), grant, &call.client()).await?;
    Ok(Answer::ok(&Entered { bearer: bearer.reveal() }))
}

/// The device that was paired.
#[derive(Serialize)]
struct PairedDevice<'a> {
    name: &'a str,
}

#[post("/auth/pair", data = "<body>")]
async fn pair(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let token = bearer(call.request).and_then(Token::parse).ok_or(AccountError::Unauthenticated)?;
    let person = call.flows.present_bearer(Audience::MIRROR, &token).await?;
    let code = body.required("code", Field::PairingCode)?;
    let name = call.flows.pair_device(Pairer::Bearer(&person), code).await?;
    Ok(Answer::ok(&PairedDevice { name: &name }))
}

/// A device that has begun to wait (RFC 8628 3.2).
#[derive(Serialize)]
struct WaitingDevice<'a> {
    code: &'a str,
    device_token: &'a str,
    expires_in: u64,
    interval: u64,
}

#[post("/auth/device", data = "<body>")]
async fn start(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let name = body.required("name", Field::DeviceName)?;
    let started = call.flows.start_device(name, &call.client()).await?;
    let device = WaitingDevice {
        code: started.code.as_str(),
        device_token: started.token.reveal(),
        expires_in: started.expires_in.as_secs(),
        interval: POLL_EVERY.as_secs(),
    };
    Ok(Answer::json(Status::Created, &device))
}

/// The token of a waiting device. One that cannot be any is told what an unknown one is.
fn device_token(call: &Call<'_>) -> Result<Token, AccountError> {
    let presented = bearer(call.request).ok_or(AccountError::Unauthenticated)?;
    Token::parse(presented).ok_or(AccountError::NotFound)
}

#[derive(Serialize)]
struct Pending<'a> {
    status: &'static str,
    code: &'a str,
    expires_in: u64,
}

#[derive(Serialize)]
struct Paired<'a> {
    status: &'static str,
    email: &'a str,
    bearer: &'a str,
}

#[get("/auth/device")]
async fn poll(call: Call<'_>) -> Result<Answer, Refusal> {
    let token = device_token(&call)?;
    match call.flows.device_status(&token).await? {
        DeviceStatus::Pending { code, expires_in } => {
            let expires_in = expires_in.as_secs();
            let pending = Pending { status: "pending", code: code.as_str(), expires_in };
            Ok(Answer::json(Status::Accepted, &pending))
        }
        DeviceStatus::Paired if call.is_head() => {
            Ok(Answer::ok(&Paired { status: "paired", email: "", bearer: "" }))
        }
        DeviceStatus::Paired => {
            let FetchedBearer { email, bearer } = call.flows.fetch_bearer(&token).await?;
            let paired = Paired { status: "paired", email: email.as_str(), bearer: bearer.reveal() };
            Ok(Answer::ok(&paired))
        }
    }
}

/// Data of the event `pairing-code`.
#[derive(Serialize)]
struct CodeShown<'a> {
    code: &'a str,
}

/// Data of the event `pairing-success`.
#[derive(Serialize)]
struct PairingSucceeded<'a> {
    email: &'a str,
    bearer: &'a str,
}

/// A `HEAD` takes no place among the device's streams, of which another would have to go for it.
#[get("/auth/device/events")]
async fn events(call: Call<'_>) -> Result<Events, Refusal> {
    let token = device_token(&call)?;
    if call.is_head() {
        call.flows.device_status(&token).await?;
        return Ok(Events(Box::pin(stream::empty())));
    }
    let news = call.flows.follow_device(&token).await?;
    let events = stream::unfold(news, |mut news| async {
        let event = match news.next().await? {
            DeviceNews::Code(code) => Event::json("pairing-code", &CodeShown { code: code.as_str() }),
            DeviceNews::Paired(FetchedBearer { email, bearer }) => {
                let paired = PairingSucceeded { email: email.as_str(), bearer: bearer.reveal() };
                Event::json("pairing-success", &paired)
            }
            DeviceNews::Quiet => Event::heartbeat(),
        };
        Some((event, news))
    });
    Ok(Events(Box::pin(events)))
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
