//! Mirror: smart-mirror devices and their companion apps (`/auth/*`).

use rocket::futures::stream;
use rocket::http::Status;
use rocket::request::Request;
use rocket::response::Response;
use rocket::{Route, get, post, routes};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::request::request;
use super::{Description, Door};
use crate::domain::{AccountError, Audience, Field, Lifetime, Token, TypedPassword};
use crate::flows::{
    DeviceNews, DeviceStatus, FetchedBearer, Flows, Grant, NewRegistration, POLL_EVERY, Pairer,
};
use crate::web::{Answer, Body, Call, Dialect, Event, Events, Refusal, asked_by, bearer, words};

pub const DOOR: Door =
    Door { dialect: Dialect { name: "mirror", base: "/auth", refuse }, cross_origin: true, routes, describe };

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

#[derive(OpenApi)]
#[openapi(
    paths(register, login, pair, start, poll, events),
    tags((name = "mirror", description = "Smart-mirror devices and their companion apps."))
)]
struct Api;

fn describe() -> Description {
    Description::of::<Api, Failure>()
}

request! {
    /// An address and a password.
    Credentials {
        #[schema(format = Email, max_length = 254, example = "ada@example.org")]
        email: &'a str = Field::Email,
        #[schema(value_type = String, format = Password, min_length = 1, max_length = 1024, example = "correct horse battery")]
        password: TypedPassword<'a> = Field::Password,
    }
}

/// What a registration and a sign-in give.
#[derive(Serialize, ToSchema)]
struct Entered<'a> {
    /// For `Authorization: Bearer`.
    #[schema(example = "9mN2b7V4c1X8z5L3k6J0h9G2f4D7s1A5p8O3i6U0yT4")]
    bearer: &'a str,
}

/// A companion app's bearer lasts as long as a browser's session would.
fn bearer_of_a_person(flows: &Flows) -> Grant {
    let session = &flows.policy().session;
    Grant::Bearer(Audience::MIRROR, Lifetime { idle: session.idle, absolute: session.absolute })
}

/// Register a user
///
/// Where addresses have to be proven first, the account is made and the answer is a 403 that says so.
#[utoipa::path(
    request_body = Credentials,
    responses((status = 200, description = "Registered and signed in.", body = Entered)),
    extensions(("x-refusals" = json!(["unverified", "email:email_taken"])))
)]
#[post("/auth/register", data = "<body>")]
async fn register(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let Credentials { email, password } = Credentials::read(&body)?;
    let new = NewRegistration { email, password, ..NewRegistration::default() };
    let grant = bearer_of_a_person(call.flows);
    let made = call.flows.register(&new, |_| None, grant, &call.client()).await?;
    Ok(Answer::ok(&Entered { bearer: made.secret() }))
}

/// Sign in
#[utoipa::path(
    request_body = Credentials,
    responses((status = 200, description = "Signed in.", body = Entered)),
    extensions(("x-refusals" = json!(["invalid_credentials", "unverified", "email:repeated"])))
)]
#[post("/auth/login", data = "<body>")]
async fn login(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let Credentials { email, password } = Credentials::read(&body)?;
    let grant = bearer_of_a_person(call.flows);
    let (_, bearer) = call.flows.log_in_for(email, password, grant, &call.client()).await?;
    Ok(Answer::ok(&Entered { bearer: bearer.reveal() }))
}

request! {
    /// What a device shows.
    ShownCode {
        /// Six letters and digits, in any case.
        #[schema(example = "GHT42Q")]
        code: &'a str = Field::PairingCode,
    }
}

/// The device that was paired.
#[derive(Serialize, ToSchema)]
struct PairedDevice<'a> {
    #[schema(example = "magic-mirror-desktop")]
    name: &'a str,
}

/// Pair a device
///
/// The device that shows this code belongs to the caller from now on. Five wrong codes close this call to the account for
/// 15 minutes.
#[utoipa::path(
    request_body = ShownCode,
    responses((status = 200, description = "It is paired.", body = PairedDevice)),
    security(("mirror_bearer" = [])),
    extensions(("x-refusals" = json!(["unauthenticated", "not_found", "code:required"])))
)]
#[post("/auth/pair", data = "<body>")]
async fn pair(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let token = bearer(call.request).and_then(Token::parse).ok_or(AccountError::Unauthenticated)?;
    let check = call.flows.present_bearer(Audience::MIRROR, &token);
    let ShownCode { code } = asked_by(check, ShownCode::read(&body)).await?;
    let name = call.flows.pair_device(Pairer::Bearer(&token), code).await?;
    Ok(Answer::ok(&PairedDevice { name: &name }))
}

request! {
    /// A device that wants to be paired.
    NewDevice {
        /// What its owner will see.
        #[schema(min_length = 1, max_length = 60, example = "magic-mirror-desktop")]
        name: &'a str = Field::DeviceName,
    }
}

/// A device that has begun to wait (RFC 8628 3.2).
#[derive(Serialize, ToSchema)]
struct WaitingDevice<'a> {
    /// To be shown.
    #[schema(example = "GHT42Q")]
    code: &'a str,
    /// For the device alone.
    #[schema(example = "2wE4rT6yU8iO0pA1sD3fG5hJ7kL9zX2cV4bN6mQ8wE0")]
    device_token: &'a str,
    /// Seconds.
    #[schema(example = 600)]
    expires_in: u64,
    /// Seconds between two questions.
    #[schema(example = 5)]
    interval: u64,
}

/// Begin to pair a device
#[utoipa::path(
    request_body = NewDevice,
    responses((status = 201, description = "The device waits.", body = WaitingDevice)),
    extensions(("x-refusals" = json!(["device_name:required"])))
)]
#[post("/auth/device", data = "<body>")]
async fn start(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let NewDevice { name } = NewDevice::read(&body)?;
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

#[derive(Serialize, ToSchema)]
struct Pending<'a> {
    #[schema(pattern = "^pending$", example = "pending")]
    status: &'static str,
    #[schema(example = "GHT42Q")]
    code: &'a str,
    /// Seconds.
    #[schema(example = 540)]
    expires_in: u64,
}

#[derive(Serialize, ToSchema)]
struct Paired<'a> {
    #[schema(pattern = "^paired$", example = "paired")]
    status: &'static str,
    /// Whose it is now.
    #[schema(example = "ada@example.org")]
    email: &'a str,
    /// The device's own.
    #[schema(example = "9mN2b7V4c1X8z5L3k6J0h9G2f4D7s1A5p8O3i6U0yT4")]
    bearer: &'a str,
}

/// Ask whether a device is paired
///
/// Its bearer is given once.
#[utoipa::path(
    responses(
        (status = 200, description = "It is, and this is its bearer.", body = Paired),
        (status = 202, description = "Not yet.", body = Pending)
    ),
    security(("device_token" = [])),
    extensions(("x-refusals" = json!(["unauthenticated", "not_found"])))
)]
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

/// Follow a device that waits
///
/// `pairing-code` comes at once and each time that the previous code has expired, `pairing-success` once, then the stream
/// ends. Lines that begin with a colon only keep the connection open. A `HEAD` changes nothing.
#[utoipa::path(
    responses((status = 200, description = "Events.", body = String, content_type = "text/event-stream",
        example = "event:pairing-code\ndata:{\"code\":\"GHT42Q\"}\n\nevent:pairing-success\ndata:{\"email\":\"ada@example.org\",\"bearer\":\"9mN2b7V4c1X8z5L3k6J0h9G2f4D7s1A5p8O3i6U0yT4\"}\n\n")),
    security(("device_token" = [])),
    extensions(("x-refusals" = json!(["unauthenticated", "not_found"])))
)]
#[get("/auth/device/events")]
async fn events(call: Call<'_>) -> Result<Events, Refusal> {
    let token = device_token(&call)?;
    // It takes no place among the device's streams, of which another would have to go for it.
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

/// Why not.
#[derive(Serialize, ToSchema)]
struct Failure {
    #[schema(example = "Login failed; Invalid user ID or password.")]
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
            AccountError::Unverified
            | AccountError::Forbidden
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
