//! Permitting a client to learn who somebody is, and the code that it gets for it.

use std::fmt;

use domain::{AccountError, EventKind, OidcClient, OidcScopes, RequestedClaims, Token};
use limiter::Action;
use store::oidc_codes::{self, OidcCode};
use store::{oidc_clients, oidc_grants, oidc_pushed_requests, oidc_sign_ins};

use super::Oidc;
use super::claims::scopes_of;
use super::pushed_requests::named;
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
    /// What the client wants to read beside the claims of the scopes.
    pub claims: RequestedClaims,
    /// The name of the request, where the client pushed it.
    pub pushed: Option<PushedName>,
}

/// The `request_uri` of a request that was pushed.
#[derive(Clone)]
pub struct PushedName(pub String);

/// Redacted: whoever knows it continues the request.
impl fmt::Debug for PushedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
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
        asked: &CodeRequest,
    ) -> Result<bool, AccountError> {
        if client.first_party {
            return Ok(false);
        }
        let mut db = self.store.read().await?;
        let permitted = oidc_grants::permitted(&mut db, who.account().id, client.id).await?;
        Ok(!permitted.covers(self.to_permit(asked)))
    }

    /// What the person permits with this request: its scopes, and those that the claims belong to which it
    /// names.
    pub fn to_permit(&self, asked: &CodeRequest) -> OidcScopes {
        asked.scopes.or(scopes_of(&asked.claims, &self.fields))
    }

    /// Permits what is asked for to `client`, and makes the code for it. The first time is written to the
    /// account's log.
    ///
    /// # Errors
    /// `Unauthenticated` when the session has ended; `NotFound` when the client was revoked meanwhile, or the
    /// request that it pushed was used; `Throttled`.
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
        let pushed = match &asked.pushed {
            Some(name) => Some(named(&name.0).ok_or(AccountError::NotFound)?.digest()),
            None => None,
        };
        let (scopes, sid) = (self.to_permit(asked), Token::generate(self.random.as_ref()));
        let made = self.store.transact_on(account, async |tx| {
            require_session(tx, who).await?;
            if oidc_clients::find_by_id(tx, client.id).await?.is_none() {
                return Err(AccountError::NotFound);
            }
            if let Some(pushed) = &pushed
                && !oidc_pushed_requests::consume(tx, pushed, now).await?
            {
                return Err(AccountError::NotFound);
            }
            let before = oidc_grants::permitted(tx, account, client.id).await?;
            let grant = oidc_grants::permit(tx, account, client.id, scopes, now).await?;
            if !before.covers(scopes) {
                let noted = Noted::by_owner(EventKind::ApplicationPermitted, &client.name);
                security_log::note(tx, account, &noted, caller, now).await?;
            }
            let session = &who.session;
            // It is no secret, and half of a token's digits are plenty.
            let sid = sid.reveal().get(..22).unwrap_or_default();
            oidc_sign_ins::note(tx, session.id, (grant, client.id, account), sid).await?;
            let code = OidcCode {
                grant,
                account,
                client: client.id,
                session: session.id,
                redirect_uri: asked.redirect_uri.clone(),
                scopes: asked.scopes,
                nonce: asked.nonce.clone(),
                challenge: asked.challenge.clone(),
                claims: asked.claims.clone(),
                proven_at: session.proven_or_made_at(),
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
