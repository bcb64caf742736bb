//! `/oauth/token`: a device back end exchanges its user secret for a short-lived bearer (RFC 6749 4.4). The client is the
//! account: its number and its secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rocket::http::{Header, Status};
use rocket::request::Request;
use rocket::response::{Responder, Response};
use rocket::{Route, post, routes};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use zeroize::Zeroizing;

use super::request::{Read, request};
use super::{Description, Door};
use crate::domain::{AccountError, AccountId, Field, TypedPassword};
use crate::web::{Answer, Body, Call, Dialect, Refusal, words};

pub const DOOR: Door =
    Door { dialect: Dialect { name: "oauth", base: "/oauth", refuse }, cross_origin: true, routes, describe };

fn routes() -> Vec<Route> {
    routes![token]
}

#[derive(OpenApi)]
#[openapi(
    paths(token),
    tags((name = "oauth", description = "Short-lived bearers for user secrets (RFC 6749 4.4)."))
)]
struct Api;

fn describe() -> Description {
    Description::of::<Api, Failure>()
}

#[derive(Serialize, ToSchema)]
struct Issued<'a> {
    /// The bearer, for the amadis calls.
    #[schema(example = "9mN2b7V4c1X8z5L3k6J0h9G2f4D7s1A5p8O3i6U0yT4")]
    access_token: &'a str,
    #[schema(pattern = "^Bearer$", example = "Bearer")]
    token_type: &'static str,
    /// Seconds.
    #[schema(example = 900)]
    expires_in: u64,
}

/// What is not to be kept on the way, in the words of RFC 6749 5.1; `Cache-Control` has every answer of ours.
#[derive(Responder)]
struct Unkept {
    answer: Answer,
    pragma: Header<'static>,
}

impl From<Answer> for Unkept {
    fn from(answer: Answer) -> Self {
        Self { answer, pragma: Header::new("Pragma", "no-cache") }
    }
}

/// An error of RFC 6749 5.2.
#[derive(Serialize, ToSchema)]
struct Failure {
    /// A stable code.
    #[schema(example = "invalid_client")]
    error: &'static str,
    /// A sentence for developers.
    #[schema(example = "Wrong name or password.")]
    error_description: String,
}

/// A description that is sent has one character at least (RFC 6749 A.8).
const OTHER_GRANT: &str = "The only grant type here is client_credentials.";

/// The number of an account, as text or as a number of JSON. One that cannot be any is told what an unknown one is.
struct ClientId(Option<AccountId>);

impl Read<'_> for ClientId {
    fn read(body: &Body, name: &str, field: Field) -> Result<Self, AccountError> {
        match (body.integer(name, field.clone()), body.text(name, field)) {
            (Ok(number), _) => Ok(Self(number.map(AccountId))),
            (Err(_), Ok(Some(_))) => Ok(Self(None)),
            (Err(error), _) => Err(error),
        }
    }
}

request! {
    /// A user secret. Number and secret may come as `Authorization: Basic` instead.
    Exchange {
        #[schema(example = "client_credentials")]
        grant_type: &'a str = Field::Custom("grant_type".into()),
        /// Number of the account.
        #[schema(value_type = Option<i64>, example = 42)]
        client_id: ClientId = Field::AccountId,
        /// The account's `user_secret`.
        #[schema(value_type = Option<String>, format = Password, example = "ZE9v3q0m1kQJ6b0x8cB0m5Jt7YtRr1oQ2w3e4r5t6y4=")]
        client_secret: Option<TypedPassword<'a>> = Field::Password,
    }
}

/// Exchange a user secret for a bearer
#[utoipa::path(
    request_body = Exchange,
    responses(
        (status = 200, description = "A bearer.", body = Issued),
        (status = 400, description = "Another grant than this one.", body = Failure)
    ),
    security((), ("oauth_client" = [])),
    extensions(("x-refusals" = json!(["invalid_credentials", "unverified", "grant_type:repeated"])))
)]
#[post("/oauth/token", data = "<body>")]
async fn token(call: Call<'_>, body: Body) -> Result<Unkept, Refusal> {
    let asked = Exchange::read(&body)?;
    let grant_type = asked.grant_type;
    // RFC 6749 3.2: a parameter without a value is one that was not sent.
    let secret = asked.client_secret.map_or("", |secret| secret.0);
    let basic = basic(call.request);
    let (id, secret) = match &basic {
        // RFC 6749 2.3: no client uses more than one way.
        Some(_) if !secret.is_empty() => return Err(Refusal::Malformed),
        Some((id, secret)) => (id.parse().ok().map(AccountId), secret.as_str()),
        None => (asked.client_id.0, secret),
    };
    match grant_type {
        "client_credentials" => {}
        "" => return Err(Refusal::Malformed),
        _ => return Ok(failure(Status::BadRequest, "unsupported_grant_type", OTHER_GRANT.to_owned()).into()),
    }
    let account = id.ok_or(AccountError::InvalidCredentials)?;
    let (bearer, lasts) = call.flows.exchange_user_secret(account, secret, &call.client()).await?;
    let issued = Issued { access_token: bearer.reveal(), token_type: "Bearer", expires_in: lasts.as_secs() };
    Ok(Answer::ok(&issued).into())
}

/// Number and secret of `Authorization: Basic` (RFC 6749 2.3.1), whose parts are form-encoded; many clients forget that,
/// and a secret that was not encoded is taken as it is.
fn basic(request: &Request<'_>) -> Option<(String, Zeroizing<String>)> {
    let (scheme, rest) = request.headers().get_one("Authorization")?.trim().split_once(' ')?;
    let decoded =
        scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(rest.trim()).ok()).flatten()?;
    let decoded = Zeroizing::new(String::from_utf8(decoded).ok()?);
    let (id, secret) = decoded.split_once(':')?;
    let plain = if secret.contains('%') {
        url::form_urlencoded::parse(format!("s={secret}").as_bytes()).next()?.1.into_owned()
    } else {
        secret.to_owned()
    };
    Some((id.to_owned(), Zeroizing::new(plain)))
}

fn failure(status: Status, error: &'static str, description: String) -> Answer {
    // RFC 6749 allows printable ASCII without quotes and backslashes here.
    let plain = |c: char| match c {
        '\u{2019}' => '\'',
        ' '..='~' if c != '"' && c != '\\' => c,
        _ => '-',
    };
    Answer::json(status, &Failure { error, error_description: description.chars().map(plain).collect() })
}

fn refuse(refusal: &Refusal, incident: Option<&str>, request: &Request<'_>) -> Response<'static> {
    let (status, error) = match refusal {
        Refusal::Account(AccountError::Invalid(_)) | Refusal::Malformed => {
            (Status::BadRequest, "invalid_request")
        }
        Refusal::Account(AccountError::InvalidCredentials | AccountError::Unauthenticated) => {
            (Status::Unauthorized, "invalid_client")
        }
        Refusal::Account(AccountError::Unverified | AccountError::Forbidden) | Refusal::CrossSite => {
            (Status::Forbidden, "unauthorized_client")
        }
        Refusal::Account(
            AccountError::Throttled { .. } | AccountError::Busy { .. } | AccountError::Unavailable(_),
        ) => (refusal.status(), "temporarily_unavailable"),
        Refusal::Account(AccountError::Internal(_)) => (refusal.status(), "server_error"),
        Refusal::Account(AccountError::NotFound | AccountError::TicketSpent)
        | Refusal::NotFound
        | Refusal::MethodNotAllowed(_)
        | Refusal::TimedOut
        | Refusal::TooLarge
        | Refusal::UnsupportedMediaType => (refusal.status(), "invalid_request"),
    };
    let mut answer =
        failure(status, error, words(refusal, incident, request, "en", wire_name)).into_response();
    if status == Status::Unauthorized {
        // RFC 6749 5.2: named where the client tried this way; always is simpler, and RFC 9110 11.6.1 wants it.
        answer.set_raw_header("WWW-Authenticate", "Basic realm=\"oauth\", charset=\"UTF-8\"");
    }
    answer
}

fn wire_name(field: &Field) -> &str {
    match field {
        Field::AccountId => "client_id",
        Field::Password => "client_secret",
        other => other.name(),
    }
}
