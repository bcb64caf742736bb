//! OpenID Connect: this server tells registered clients – sites, apps, programs – who signed in. A person
//! permits it once (a *grant*); the browser brings a *code* back, which the client exchanges for tokens.

mod authorization;
mod claims;
mod claims_parameter;
pub mod clients;
mod devices;
mod grants;
mod logouts;
mod parameters;
mod presented;
mod pushed_requests;
mod refused;
mod request;
mod sign_out;
mod signing_keys;
mod tokens;

use std::sync::Arc;

use domain::{AccountError, AccountId, Clock, CustomFields, OidcClient, Random, RequestedClaims, Token};
use limiter::{Action, Key, Limiter};
use store::{Store, oidc_clients};

pub use authorization::{CodeRequest, PushedName};
pub use devices::WaitingClient;
pub use logouts::Logouts;
pub use parameters::Parameters;
pub use presented::Presented;
pub use refused::{Refused, Told};
pub use request::{Authorization, Target, Unsound, once_proven};
pub use sign_out::{SignOutHints, SignOutRequest};
pub use signing_keys::{SigningKeys, signing_key_context};

use super::client::Client;
use super::refusals::refuse_throttled;
use super::sign_in::admission::Admission;

pub struct Oidc {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
    pub(in crate::flows) admission: Admission,
    pub(in crate::flows) fields: CustomFields,
    pub signing_keys: Arc<SigningKeys>,
}

/// What an ID token says that a client sends back.
#[derive(Clone, Debug)]
struct Hinted {
    /// The `client_id` of the client that it was given to.
    pub client: String,
    /// Whose it is.
    pub account: AccountId,
    /// The session's name for that client.
    pub sid: Option<String>,
}

/// Whether `text` has the form of a `client_id`. Nothing else is looked up.
fn is_identifier(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

impl Oidc {
    /// The client with this `client_id`, unless it is revoked.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn client(&self, identifier: &str) -> Result<Option<OidcClient>, AccountError> {
        if !is_identifier(identifier) {
            return Ok(None);
        }
        let found = oidc_clients::find(&self.store, identifier).await?;
        Ok(found.map(|(client, _)| client))
    }

    /// Whose ID token `token` is, which this server gave to `client` once; `None` for any other. It may have
    /// expired.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn hinted(
        &self,
        client: &OidcClient,
        token: &str,
        issuer: &str,
    ) -> Result<Option<AccountId>, AccountError> {
        let hinted = self.hint(token, issuer).await?;
        Ok(hinted.filter(|hinted| hinted.client == client.identifier).map(|hinted| hinted.account))
    }

    /// What `token` says, if it is an ID token of this server. It may have expired.
    async fn hint(&self, token: &str, issuer: &str) -> Result<Option<Hinted>, AccountError> {
        let claims = signing::read(token, &self.signing_keys.published().await?);
        // A logout token is signed by the same keys, and is no ID token.
        let ours = claims.filter(|claims| claims["iss"] == issuer && claims.get("events").is_none());
        Ok(ours.and_then(|claims| {
            Some(Hinted {
                client: claims["aud"].as_str()?.to_owned(),
                account: AccountId(claims["sub"].as_str()?.parse().ok()?),
                sid: claims["sid"].as_str().map(str::to_owned),
            })
        }))
    }

    /// Of the claims that a client asks for by name those that there are.
    pub fn known_claims(&self, asked: RequestedClaims) -> RequestedClaims {
        claims::known(asked, &self.fields)
    }

    /// The client with this `client_id` and `secret`. A public client has no secret and presents none. All
    /// ways to be refused look alike, and wrong ones are counted by the address of `caller`.
    ///
    /// # Errors
    /// `Client`; `Account` with `Throttled` after too many wrong ones.
    pub async fn authenticate(
        &self,
        identifier: &str,
        secret: Option<&str>,
        caller: &Client,
    ) -> Result<OidcClient, Refused> {
        let found = match is_identifier(identifier) {
            true => oidc_clients::find(&self.store, identifier).await?,
            false => None,
        };
        let matches = found.filter(|(_, kept)| match (kept, secret) {
            (None, None) => true,
            // Digests are compared in constant time.
            (Some(kept), Some(secret)) => Token::parse(secret).is_some_and(|token| token.digest() == *kept),
            (None, Some(_)) | (Some(_), None) => false,
        });
        match matches {
            Some((client, _)) => Ok(client),
            None => {
                let (key, now) = (Key::Ip(caller.ip.into()), self.clock.now());
                self.limiter.take(Action::WrongSecret, key, now.0).map_err(refuse_throttled)?;
                Err(Refused::Client)
            }
        }
    }
}
