//! Who calls: a client by its secret, or whoever has an access token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{OidcClient, TypedPassword};
use rocket::request::Request;
use zeroize::Zeroizing;

use crate::flows::oidc::Refused;
use crate::web::{Call, Refusal};

/// The client that a call presents (RFC 6749, section 2.3): by `Authorization: Basic` or in the body, never
/// by both.
///
/// # Errors
/// `Malformed` when it uses two ways.
pub async fn client(
    call: &Call<'_>,
    (id, secret): (Option<&str>, Option<&TypedPassword<'_>>),
) -> Result<Result<OidcClient, Refused>, Refusal> {
    let sent = secret.map(|secret| secret.0).filter(|secret| !secret.is_empty());
    let basic = basic(call.request);
    let (id, secret) = match &basic {
        Some((named, _)) if sent.is_some() || id.is_some_and(|id| id != named) => {
            return Err(Refusal::Malformed);
        }
        Some((named, secret)) => (named.as_str(), Some(secret.as_str()).filter(|secret| !secret.is_empty())),
        None => (id.unwrap_or_default(), sent),
    };
    Ok(call.flows.oidc.authenticate(id, secret, &call.client()).await)
}

/// Name and secret of `Authorization: Basic`, both form-encoded (RFC 6749, section 2.3.1). Ours have nothing
/// that an encoder changes.
fn basic(request: &Request<'_>) -> Option<(String, Zeroizing<String>)> {
    let (scheme, rest) = request.headers().get_one("Authorization")?.trim().split_once(' ')?;
    let decoded =
        scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(rest.trim()).ok()).flatten()?;
    let decoded = Zeroizing::new(String::from_utf8(decoded).ok()?);
    let (id, secret) = decoded.split_once(':')?;
    Some((id.to_owned(), Zeroizing::new(secret.to_owned())))
}
