//! Tokens that somebody presents: whose they are, and their end.

use domain::{Account, AccountError, OidcClient, OidcClientId, Token};
use serde_json::{Map, Value};
use store::oidc_tokens::{self, OidcToken};
use store::{accounts, roles};

use super::Oidc;
use super::claims::claims_by_name;

/// An access token or a refresh token that somebody presents.
#[derive(Debug)]
pub struct Presented {
    pub token: OidcToken,
    pub account: Account,
    /// The name of the account's role.
    pub role: String,
}

impl Oidc {
    /// The access token or, for the client that has it, the refresh token that somebody presents, with its
    /// account.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn presented(
        &self,
        presented: &str,
        of: Option<OidcClientId>,
    ) -> Result<Option<Presented>, AccountError> {
        let Some(token) = Token::parse(presented) else { return Ok(None) };
        let now = self.clock.now();
        let Some(token) = oidc_tokens::find(&self.store, &token.digest()).await? else { return Ok(None) };
        let permitted = of.map_or(!token.refreshes, |client| client == token.client);
        if !permitted || token.expires_at <= now || token.spent_at.is_some() {
            return Ok(None);
        }
        let found = accounts::find(&mut self.store.read().await?, token.account).await?;
        let Some(found) = found.filter(|found| found.account.active()) else { return Ok(None) };
        let role = roles::name(&self.store, found.account.role).await?;
        Ok(Some(Presented { token, account: found.account, role }))
    }

    /// Ends a token of `client` (RFC 7009): an access token alone, a refresh token with all its family. A
    /// token that is none of its own is left, and nobody is told.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn revoke_token(&self, client: &OidcClient, presented: &str) -> Result<(), AccountError> {
        let Some(token) = Token::parse(presented) else { return Ok(()) };
        let digest = token.digest();
        let found = oidc_tokens::find(&self.store, &digest).await?;
        let Some(token) = found.filter(|token| token.client == client.id) else { return Ok(()) };
        let ended = self.store.transact_on(token.account, async |tx| {
            accounts::hold(tx, token.account).await?;
            if token.refreshes {
                oidc_tokens::end_family(tx, &token.family).await?;
                return Ok(());
            }
            Ok::<_, AccountError>(oidc_tokens::end(tx, &digest).await?)
        });
        ended.await
    }

    /// The claims of the account of a token, for whoever presents that.
    pub fn user_info(&self, presented: &Presented, address: impl Fn(&str) -> String) -> Map<String, Value> {
        let Presented { token, account, role } = presented;
        claims_by_name(account, role, &self.fields, (token.scopes, &token.claims.user_info), address)
    }
}
