//! OpenID Connect: this server tells registered clients – sites, apps, programs – who signed in. A person
//! permits it once (a *grant*); the browser brings a *code* back, which the client exchanges for tokens.

mod authorization;
mod claims;
pub mod clients;
mod grants;
mod refused;
mod signing_keys;
mod tokens;

use std::sync::Arc;

use domain::{AccountError, AccountId, Clock, CustomFields, OidcClient, Random, Token};
use limiter::{Action, Key, Limiter};
use store::{Store, oidc_clients};

pub use authorization::CodeRequest;
pub use refused::Refused;
pub use signing_keys::{SigningKeys, signing_key_context};
pub use tokens::Presented;

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
    pub signing_keys: SigningKeys,
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
        let found = oidc_clients::find(&mut self.store.read().await?, identifier).await?;
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
        let claims = signing::read(token, &self.signing_keys.published().await?);
        let ours =
            claims.filter(|claims| claims["iss"] == issuer && claims["aud"] == client.identifier.as_str());
        Ok(ours.and_then(|claims| claims["sub"].as_str()?.parse().ok()).map(AccountId))
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
            true => oidc_clients::find(&mut self.store.read().await?, identifier).await?,
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
