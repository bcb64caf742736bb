//! Permitting a client to learn who somebody is, and the code that it gets for it.

use domain::{AccountError, OidcClient, OidcScopes, SecurityEventKind, Token};
use limiter::Action;
use store::oidc_codes::{self, OidcCode};
use store::{oidc_clients, oidc_grants};

use super::Oidc;
use crate::flows::client::Client;
use crate::flows::refusals::spend;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::signed_in::{SignedIn, require_session};

/// What a client asks a code for. Its parts were checked against the client.
#[derive(Clone, Debug)]
pub struct CodeRequest {
    /// Where the answer goes.
    pub redirect_uri: String,
    pub scopes: OidcScopes,
    pub nonce: Option<String>,
    /// The challenge (RFC 7636, S256).
    pub challenge: Option<String>,
}

impl Oidc {
    /// Whether the person has yet to permit this to `client`. The operator's own clients ask nobody.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn wants_consent(
        &self,
        who: &SignedIn,
        client: &OidcClient,
        scopes: OidcScopes,
    ) -> Result<bool, AccountError> {
        if client.first_party {
            return Ok(false);
        }
        let mut db = self.store.read().await?;
        Ok(!oidc_grants::permitted(&mut db, who.account().id, client.id).await?.covers(scopes))
    }

    /// Permits what is asked for to `client`, and makes the code for it. The first time is written to the
    /// account's log.
    ///
    /// # Errors
    /// `Unauthenticated` when the session has ended; `NotFound` when the client was revoked meanwhile;
    /// `Throttled`.
    pub async fn authorize(
        &self,
        who: &SignedIn,
        client: &OidcClient,
        asked: &CodeRequest,
        caller: &Client,
    ) -> Result<Token, AccountError> {
        let now = self.clock.now();
        let account = who.account().id;
        spend(&self.limiter, Action::Authorization, account, caller, now)?;
        let code = Token::generate(self.random.as_ref());
        let digest = code.digest();
        let made = self.store.transact_on(account, async |tx| {
            require_session(tx, who).await?;
            let live = oidc_clients::find(tx, &client.identifier).await?;
            if live.is_none_or(|(live, _)| live.id != client.id) {
                return Err(AccountError::NotFound);
            }
            let before = oidc_grants::permitted(tx, account, client.id).await?;
            let grant = oidc_grants::permit(tx, account, client.id, asked.scopes, now).await?;
            if !before.covers(asked.scopes) {
                let noted = Noted::by_owner(SecurityEventKind::ApplicationPermitted, &client.name);
                security_log::note(tx, account, &noted, caller, now).await?;
            }
            let session = &who.session;
            let code = OidcCode {
                grant,
                account,
                client: client.id,
                session: session.id,
                redirect_uri: asked.redirect_uri.clone(),
                scopes: asked.scopes,
                nonce: asked.nonce.clone(),
                challenge: asked.challenge.clone(),
                // A sign-in by redirection proves nothing: it counts from when it was.
                proven_at: if session.proven_at.0 > 0 { session.proven_at } else { session.created_at },
                factors: session.proof,
                created_at: now,
                used_at: None,
            };
            Ok(oidc_codes::insert(tx, &digest, &code).await?)
        });
        made.await?;
        Ok(code)
    }
}
