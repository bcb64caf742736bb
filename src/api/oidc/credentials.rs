//! Who calls: a client by its secret, or whoever has an access token.

use domain::{OidcClient, TypedPassword};

use crate::api::oauth::basic;
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
