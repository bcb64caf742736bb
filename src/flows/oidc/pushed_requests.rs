//! Requests that a client sends before the browser comes (RFC 9126): nobody on the way can change them.

use domain::lifetimes::PUSHED_REQUEST;
use domain::{AccountError, OidcClient, Token};
use limiter::Action;
use store::oidc_pushed_requests::{self, PushedRequest};

use super::Oidc;
use crate::flows::client::Client;
use crate::flows::refusals::spend_by_address;

/// What stands before the secret in the name of a request (RFC 9126, section 2.2).
const NAME: &str = "urn:ietf:params:oauth:request_uri:";

impl Oidc {
    /// Keeps the request in `query` for `client`. Returns its name, the `request_uri`.
    ///
    /// # Errors
    /// `Throttled`: anybody can send requests for a client without a secret.
    pub async fn push_request(
        &self,
        client: &OidcClient,
        query: &str,
        caller: &Client,
    ) -> Result<String, AccountError> {
        let now = self.clock.now();
        if client.public {
            spend_by_address(&self.limiter, Action::Authorization, caller, now)?;
        }
        let token = Token::generate(self.random.as_ref());
        let digest = token.digest();
        let kept = self
            .store
            .transact(async |tx| oidc_pushed_requests::insert(tx, &digest, client.id, query, now).await);
        kept.await?;
        Ok(format!("{NAME}{}", token.reveal()))
    }

    /// The request of `client` with this name; `None` for one of another client, and for one that was used or
    /// is too old.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn pushed_request(
        &self,
        client: &OidcClient,
        name: &str,
    ) -> Result<Option<PushedRequest>, AccountError> {
        let Some(token) = named(name) else { return Ok(None) };
        let found = oidc_pushed_requests::find(&mut self.store.read().await?, &token.digest()).await?;
        let now = self.clock.now();
        let live = |request: &PushedRequest| {
            request.client == client.id
                && request.used_at.is_none()
                && now.since(request.created_at) < PUSHED_REQUEST
        };
        Ok(found.filter(live))
    }
}

/// The secret in the name of a request.
pub(super) fn named(name: &str) -> Option<Token> {
    Token::parse(name.strip_prefix(NAME)?)
}
