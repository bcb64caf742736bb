//! Signing out because a client wants it (OpenID Connect RP-Initiated Logout 1.0).

use domain::{AccountError, OidcClient};
use store::oidc_sign_ins;

use super::{Hinted, Oidc};
use crate::flows::sessions::signed_in::SignedIn;

/// What a client sends along.
#[derive(Clone, Copy, Debug, Default)]
pub struct SignOutHints<'a> {
    /// An ID token of the session that is to end.
    pub token: Option<&'a str>,
    /// The client's `client_id`.
    pub client: Option<&'a str>,
    /// Where the browser is to go afterwards.
    pub target: Option<&'a str>,
}

/// What a client wants, as far as it is to be believed.
#[derive(Debug)]
pub struct SignOutRequest {
    /// The client, if it is known.
    pub client: Option<OidcClient>,
    /// Where the browser goes afterwards: an address that the operator registered for the client.
    pub target: Option<String>,
    /// Whether the client has shown that it means this very session; else its owner is asked.
    pub certain: bool,
}

impl Oidc {
    /// Reads what a client wants that has a browser come to sign out. `issuer` is this site.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn sign_out_request(
        &self,
        hints: SignOutHints<'_>,
        who: Option<&SignedIn>,
        issuer: &str,
    ) -> Result<SignOutRequest, AccountError> {
        let hinted = match hints.token {
            Some(token) => self.hint(token, issuer).await?,
            None => None,
        };
        // Section 2: whoever names two clients is none of them.
        let agreed = match (&hinted, hints.client) {
            (Some(hinted), Some(named)) => hinted.client == named,
            _ => true,
        };
        let named = hinted.as_ref().map(|hinted| hinted.client.as_str()).or(hints.client);
        let client = match named.filter(|_| agreed) {
            Some(named) => self.client(named).await?,
            None => None,
        };
        let registered = |target: &&str| {
            client.as_ref().is_some_and(|client| client.post_logout_uris.iter().any(|uri| uri == target))
        };
        let target = hints.target.filter(registered).map(str::to_owned);
        let certain = match (&client, &hinted, who) {
            (_, _, None) => true,
            (Some(client), Some(hinted), Some(who)) => self.is_session(who, client, hinted).await?,
            _ => false,
        };
        Ok(SignOutRequest { client, target, certain })
    }

    /// Whether `hinted` was given to `client` in the session of `who`.
    async fn is_session(
        &self,
        who: &SignedIn,
        client: &OidcClient,
        hinted: &Hinted,
    ) -> Result<bool, AccountError> {
        let Some(sid) = &hinted.sid else { return Ok(false) };
        let own = oidc_sign_ins::sid(&self.store, who.session.id, client.id).await?;
        Ok(hinted.account == who.account().id && own.as_ref() == Some(sid))
    }
}
