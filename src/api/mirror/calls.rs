//! The calls of mirror.

use domain::lifetimes::PAIRING_POLL;
use domain::{AccountError, Audience, Field, FieldCode, Lifetime, Step, Token};
use listener::{Event, Events};
use rocket::futures::stream;
use rocket::http::Status;
use rocket::{Route, get, post, routes};
use utoipa::OpenApi;

use super::wire::{
    CodeShown, Credentials, Entered, Failure, NewDevice, Paired, PairedDevice, PairingSucceeded, Pending,
    Registration, ShownCode, WaitingDevice,
};
use crate::api::description::Description;
use crate::flows::{DeviceNews, DeviceStatus, FetchedBearer, Flows, Grant, NewRegistration, Pairer};
use crate::web::{Answer, Body, Call, Refusal, asked_by, bearer};

pub fn routes() -> Vec<Route> {
    routes![register, login, pair, start, poll, events]
}

#[derive(OpenApi)]
#[openapi(
    paths(register, login, pair, start, poll, events),
    tags((name = "mirror", description = "Smart-mirror devices and their companion apps."))
)]
struct Api;

pub fn describe() -> Description {
    let of_device = || vec![AccountError::Unauthenticated, AccountError::NotFound];
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
            ],
        )
        .refuses(
            "login",
            vec![
                AccountError::InvalidCredentials,
                AccountError::Locked,
                AccountError::StepWanted(Step::Verify),
                AccountError::StepWanted(Step::NewPassword),
                AccountError::field(Field::Email, FieldCode::Repeated),
            ],
        )
        .refuses(
            "pair",
            vec![
                AccountError::Unauthenticated,
                AccountError::NotFound,
                AccountError::field(Field::PairingCode, FieldCode::Required),
            ],
        )
        .refuses("start", vec![AccountError::field(Field::DeviceName, FieldCode::Required)])
        .refuses("poll", of_device())
        .refuses("events", of_device())
}

/// A companion app's bearer has the lifetime of a browser's session.
fn bearer_of_a_person(flows: &Flows) -> Grant {
    let session = &flows.policy().session;
    Grant::Bearer(Audience::MIRROR, Lifetime { idle: session.idle, absolute: session.absolute })
}

/// Register a user
///
/// Where addresses have to be proven first, the answer is a 403 that says so, taken address or not.
#[utoipa::path(
    request_body = Registration,
    responses((status = 200, description = "Registered and signed in.", body = Entered))
)]
#[post("/auth/register", data = "<body>")]
async fn register(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let Registration { email, password, terms } = Registration::read(&body)?;
    let agrees = terms.unwrap_or_default();
    let new = NewRegistration { email, password, agrees, ..NewRegistration::default() };
    let grant = bearer_of_a_person(call.flows);
    let made = call.flows.registration.register(&new, |_| None, grant, &call.client()).await?;
    Ok(Answer::ok(&Entered { bearer: made.secret() }))
}

/// Sign in
///
/// An app that sends the bearer it had, even one that has ended, is known to the account: other people's
/// wrong guesses do not keep it out. An account that wants a second factor is opened by an app password for
/// `mirror`, or by its password and a `code`; its password alone is refused like a wrong one.
#[utoipa::path(
    request_body = Credentials,
    responses((status = 200, description = "Signed in.", body = Entered))
)]
#[post("/auth/login", data = "<body>")]
async fn login(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let Credentials { email, password, code } = Credentials::read(&body)?;
    let (grant, code) = (bearer_of_a_person(call.flows), code.unwrap_or_default());
    let entered = call.flows.sign_in.by_password_for(email, password, code, grant, &call.client()).await?;
    let (_, bearer) = entered.granted()?;
    Ok(Answer::ok(&Entered { bearer: bearer.reveal() }))
}

/// Pair a device
///
/// The device that shows this code belongs to the caller from now on, who is told by mail. The bearer of a
/// paired device pairs nothing. Five wrong codes close this call to the account for 15 minutes.
#[utoipa::path(
    request_body = ShownCode,
    responses((status = 200, description = "It is paired.", body = PairedDevice)),
    security(("mirror_bearer" = []))
)]
#[post("/auth/pair", data = "<body>")]
async fn pair(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let token = bearer(call.request).and_then(Token::parse).ok_or(AccountError::Unauthenticated)?;
    let check = call.flows.paired.pairer(&token, call.ip());
    let ShownCode { code } = asked_by(check, ShownCode::read(&body)).await?;
    let name = call.flows.paired.pair(Pairer::Bearer(&token), code, &call.client()).await?;
    Ok(Answer::ok(&PairedDevice { name: &name }))
}

/// Begin to pair a device
#[utoipa::path(
    request_body = NewDevice,
    responses((status = 201, description = "The device waits.", body = WaitingDevice))
)]
#[post("/auth/device", data = "<body>")]
async fn start(call: Call<'_>, body: Body) -> Result<Answer, Refusal> {
    let NewDevice { name } = NewDevice::read(&body)?;
    let started = call.flows.paired.start(name, &call.client()).await?;
    let device = WaitingDevice {
        code: started.code.as_str(),
        device_token: started.token.reveal(),
        expires_in: started.expires_in.as_secs(),
        interval: PAIRING_POLL.as_secs(),
    };
    Ok(Answer::json(Status::Created, &device))
}

/// The token of a waiting device. A malformed token gets the same answer as an unknown one.
fn device_token(call: &Call<'_>) -> Result<Token, AccountError> {
    let presented = bearer(call.request).ok_or(AccountError::Unauthenticated)?;
    Token::parse(presented).ok_or(AccountError::NotFound)
}

/// Ask whether a device is paired
///
/// Its bearer is given once.
#[utoipa::path(
    responses(
        (status = 200, description = "It is, and this is its bearer.", body = Paired),
        (status = 202, description = "Not yet.", body = Pending)
    ),
    security(("device_token" = []))
)]
#[get("/auth/device")]
async fn poll(call: Call<'_>) -> Result<Answer, Refusal> {
    let token = device_token(&call)?;
    match call.flows.paired.status(&token).await? {
        DeviceStatus::Pending { code, expires_in } => {
            let expires_in = expires_in.as_secs();
            let pending = Pending { status: "pending", code: code.as_str(), expires_in };
            Ok(Answer::json(Status::Accepted, &pending))
        }
        DeviceStatus::Paired if call.is_head() => {
            Ok(Answer::ok(&Paired { status: "paired", email: "", bearer: "" }))
        }
        DeviceStatus::Paired => {
            let FetchedBearer { email, bearer } = call.flows.paired.fetch_bearer(&token, call.ip()).await?;
            let paired = Paired { status: "paired", email: email.as_str(), bearer: bearer.reveal() };
            Ok(Answer::ok(&paired))
        }
    }
}

/// Follow a device that waits
///
/// `pairing-code` comes at once and each time that the previous code has expired, `pairing-success` once,
/// then the stream ends. Lines that begin with a colon only keep the connection open. A `HEAD` changes
/// nothing.
#[utoipa::path(
    responses((status = 200, description = "Events.", body = String, content_type = "text/event-stream",
        example = "event:pairing-code\ndata:{\"code\":\"GHT42Q\"}\n\nevent:pairing-success\ndata:{\"email\":\"ada@example.org\",\"bearer\":\"9mN2b7V4c1X8z5L3k6J0h9G2f4D7s1A5p8O3i6U0yT4\"}\n\n")),
    security(("device_token" = []))
)]
#[get("/auth/device/events")]
async fn events(call: Call<'_>) -> Result<Events, Refusal> {
    let token = device_token(&call)?;
    // A `HEAD` opens no stream: an additional stream could end the oldest of the device's streams.
    if call.is_head() {
        call.flows.paired.status(&token).await?;
        return Ok(Events(Box::pin(stream::empty())));
    }
    let news = call.flows.paired.follow(&token, call.ip()).await?;
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
