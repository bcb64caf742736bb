//! The one call of `/oauth/token`: exchanging a user secret for a bearer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{AccountError, AccountId, Field, FieldCode, Step};
use rocket::http::{Header, Status};
use rocket::request::Request;
use rocket::response::Responder;
use rocket::{Route, post, routes};
use utoipa::OpenApi;
use zeroize::Zeroizing;

use super::wire::{Exchange, Failure, Issued};
use crate::api::description::Description;
use crate::web::{Answer, Body, Call, Refusal};

/// A description has at least one character (RFC 6749, section A.8).
const OTHER_GRANT: &str = "The only grant type here is client_credentials.";

pub fn routes() -> Vec<Route> {
    routes![token]
}

#[derive(OpenApi)]
#[openapi(
    paths(token),
    tags((name = "oauth", description = "Short-lived bearers for user secrets (RFC 6749 4.4)."))
)]
struct Api;

pub fn describe() -> Description {
    let grant_type = Field::Custom("grant_type".to_owned());
    Description::of::<Api, Failure>().refuses(
        "token",
        vec![
            AccountError::InvalidCredentials,
            AccountError::StepWanted(Step::Verify),
            AccountError::field(grant_type, FieldCode::Repeated),
        ],
    )
}

/// An answer with `Pragma`, which RFC 6749, section 5.1, requires. Every answer has the `Cache-Control` that
/// it requires too.
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

/// Exchange a user secret for a bearer
#[utoipa::path(
    request_body = Exchange,
    responses(
        (status = 200, description = "A bearer.", body = Issued),
        (status = 400, description = "Another grant than this one.", body = Failure)
    ),
    security((), ("oauth_client" = []))
)]
#[post("/oauth/token", data = "<body>")]
async fn token(call: Call<'_>, body: Body) -> Result<Unkept, Refusal> {
    let asked = Exchange::read(&body)?;
    let grant_type = asked.grant_type;
    // RFC 6749, section 3.2: a parameter without a value counts as not sent.
    let secret = asked.client_secret.map_or("", |secret| secret.0);
    let basic = basic(call.request);
    let (id, secret) = match &basic {
        // RFC 6749, section 2.3: a client must not use two methods of authentication in one request.
        Some(_) if !secret.is_empty() => return Err(Refusal::Malformed),
        Some((id, secret)) => (id.parse().ok().map(AccountId), secret.as_str()),
        None => (asked.client_id.0, secret),
    };
    match grant_type {
        "client_credentials" => {}
        "" => return Err(Refusal::Malformed),
        _ => {
            let failure = Failure::new("unsupported_grant_type", OTHER_GRANT);
            return Ok(Answer::json(Status::BadRequest, &failure).into());
        }
    }
    let account = id.ok_or(AccountError::InvalidCredentials)?;
    let (bearer, lasts) = call.flows.user_secrets.exchange(account, secret, &call.client()).await?;
    let issued = Issued { access_token: bearer.reveal(), token_type: "Bearer", expires_in: lasts.as_secs() };
    Ok(Answer::ok(&issued).into())
}

/// Name and secret of `Authorization: Basic` (RFC 6749, section 2.3.1). Both should be form-encoded, but many
/// clients omit that, so what has no `%` is taken as it is.
pub fn basic(request: &Request<'_>) -> Option<(String, Zeroizing<String>)> {
    let (scheme, rest) = request.headers().get_one("Authorization")?.trim().split_once(' ')?;
    let decoded =
        scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(rest.trim()).ok()).flatten()?;
    let decoded = Zeroizing::new(String::from_utf8(decoded).ok()?);
    let (id, secret) = decoded.split_once(':')?;
    let plain = |text: &str| {
        if !text.contains('%') {
            return Some(text.to_owned());
        }
        let pair = Zeroizing::new(format!("s={text}"));
        Some(url::form_urlencoded::parse(pair.as_bytes()).next()?.1.into_owned())
    };
    Some((plain(id)?, Zeroizing::new(plain(secret)?)))
}
