//! The exchange of a code for tokens (RFC 6749, section 4.1.3).

use std::fmt;

use outbound::{Outbound, Received};
use serde_json::Value;
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use crate::error::ProviderError;
use crate::request::AuthorizationRequest;
use crate::settings::ProviderSettings;

/// How this server says who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientAuthentication {
    /// `client_secret_basic`
    Basic,
    /// `client_secret_post`
    Post,
}

/// What was given for a code. It does not print.
pub(crate) struct Exchanged {
    pub(crate) id_token: Option<Zeroizing<String>>,
    pub(crate) access_token: Option<Zeroizing<String>>,
}

impl fmt::Debug for Exchanged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exchanged")
    }
}

/// Exchanges `code` at the endpoint `token`.
///
/// # Errors
/// The provider does not answer, answers with an error, or not as it should.
pub(crate) async fn exchange(
    outbound: &Outbound,
    token: &Url,
    authentication: ClientAuthentication,
    settings: &ProviderSettings,
    code: &str,
    request: &AuthorizationRequest<'_>,
) -> Result<Exchanged, ProviderError> {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", request.redirect_uri),
        ("code_verifier", request.verifier),
    ];
    let secret = settings.client_secret.reveal();
    let received = match authentication {
        ClientAuthentication::Basic => {
            // RFC 6749, section 2.3.1: both are form-encoded before they are joined.
            let (id, secret) = (encoded(&settings.client_id), encoded(secret));
            outbound.post_form(token, &form, Some((&id, &secret))).await?
        }
        ClientAuthentication::Post => {
            form.extend([("client_id", settings.client_id.as_str()), ("client_secret", secret)]);
            outbound.post_form(token, &form, None).await?
        }
    };
    let answer = json(&received, "no JSON from the token endpoint")?;
    // GitHub tells an error with the status of success.
    if let Some(error) = answer["error"].as_str() {
        // Only the person can deny, and the code says that they have not.
        return Err(match ProviderError::said(error) {
            ProviderError::Denied => ProviderError::Refused(error.to_owned()),
            other => other,
        });
    }
    if !received.is_success() {
        return Err(ProviderError::Malformed("an error without a code from the token endpoint"));
    }
    let text = |name: &str| answer[name].as_str().map(|text| Zeroizing::new(text.to_owned()));
    Ok(Exchanged { id_token: text("id_token"), access_token: text("access_token") })
}

/// The body of an answer as JSON.
///
/// # Errors
/// `Malformed` with `what`.
pub(crate) fn json(received: &Received, what: &'static str) -> Result<Value, ProviderError> {
    serde_json::from_slice(&received.body).map_err(|_| ProviderError::Malformed(what))
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
