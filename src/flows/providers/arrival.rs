//! A browser that comes back from a provider.

use ::providers::{Answer, Identity};
use domain::lifetimes::PENDING_IDENTITY;
use domain::{AccountError, AccountId, FieldCode, IdentityId, Step, Token};
use limiter::Action;
use store::pending_identities::{self, PendingIdentity};
use store::provider_departures::{self, ProviderDeparture};
use store::{StoreError, identities};

use super::departure::Secrets;
use super::{ProviderRefused, Providers, failed, refused};
use crate::flows::client::Client;
use crate::flows::refusals::spend_by_address;
use crate::flows::sessions::signed_in::SignedIn;
use crate::flows::sign_in::{IdentityLogin, LoggedIn, SignInOutcome};

/// What a browser brought back, and its cookies.
#[derive(Clone, Copy)]
pub struct ProviderReturn<'a> {
    /// The name of the provider, by the address that the answer went to.
    pub provider: &'a str,
    /// Where the answer went.
    pub redirect_uri: &'a str,
    /// The state, as it came.
    pub state: &'a str,
    /// The rest of the answer.
    pub answer: Answer<'a>,
    /// The secrets of browsers that were sent to a provider.
    pub browsers: &'a [Token],
    /// The known-browser secret of this browser, if it has one.
    pub known: Option<&'a Token>,
    /// Who is signed in.
    pub who: Option<&'a SignedIn>,
}

/// What becomes of somebody whom a provider vouches for.
#[derive(Debug)]
pub enum Arrived {
    /// An account has the identity.
    SignedIn(Box<SignInOutcome<LoggedIn>>, String),
    /// No account has it yet. The secret is for the browser's cookie.
    Unknown(Token),
    /// It is linked to the account that is signed in.
    Linked(String),
}

impl Providers {
    /// Takes the answer of a provider. The state is used up by the write itself, with the cookie of the
    /// browser that was sent there, and with the provider that it was sent to: the answer of another one has
    /// another address (RFC 9700, section 4.4).
    ///
    /// # Errors
    /// `NotFound` when there is no such provider; `Invalid` when the state is not this browser's, or the
    /// provider does not vouch for anybody; `Throttled`. As [`link`](Self::link) where an account is to be
    /// linked, and as a sign-in otherwise.
    pub async fn arrive(
        &self,
        back: &ProviderReturn<'_>,
        client: &Client,
    ) -> Result<Arrived, ProviderRefused> {
        let now = self.clock.now();
        spend_by_address(&self.limiter, Action::Provider, client, now)?;
        let provider = self.named(back.provider)?;
        let Some((request, secrets, state)) = self.take(back).await? else {
            log::warn!("provider `{}`: an answer that this browser did not ask for", back.provider);
            return Err(refused(FieldCode::ProviderLost).into());
        };
        let next = request.next.clone();
        let and_next = |error| ProviderRefused { error, next: next.clone() };
        let asked = secrets.request(back.redirect_uri, &state);
        let identity = provider.identity(&back.answer, &asked, now).await;
        let identity = identity.map_err(|error| and_next(failed(provider, &error)))?;
        let label = &provider.settings().label;
        if let Some(session) = request.session {
            // The account of another session would get what this one asked for.
            let Some(who) = back.who.filter(|who| who.session.id == session) else {
                log::warn!(
                    "provider `{}`: an account that another session was to be linked with",
                    back.provider
                );
                return Err(and_next(refused(FieldCode::ProviderLost)));
            };
            self.link(who, &identity, label, client).await.map_err(and_next)?;
            return Ok(Arrived::Linked(request.next));
        }
        let found = {
            let mut db = self.store.read().await?;
            identities::find(&mut db, &identity.issuer, &identity.subject).await?
        };
        // Nobody is told whether an account was made for an address that is still to be proven, neither by
        // the answer nor by the number of queries.
        let (account, id) = found.unwrap_or((AccountId(0), IdentityId(0)));
        let attempt = IdentityLogin { account, id, browser: back.known, replaces: back.who };
        match self.sign_in.by_identity(&attempt, client).await {
            Ok(SignInOutcome::Wanted(Step::Verify, _)) => {}
            Err(AccountError::NotFound) if found.is_none() => {}
            Ok(outcome) => return Ok(Arrived::SignedIn(Box::new(outcome), request.next)),
            Err(error) => return Err(and_next(error)),
        }
        Ok(Arrived::Unknown(self.keep(back.provider, identity, request.next).await?))
    }

    /// Uses up the request whose state and whose cookie came back.
    async fn take(
        &self,
        back: &ProviderReturn<'_>,
    ) -> Result<Option<(ProviderDeparture, Secrets, Token)>, StoreError> {
        let Some(state) = Token::parse(back.state) else { return Ok(None) };
        let (now, digest) = (self.clock.now(), state.digest());
        for browser in back.browsers {
            let cookie = browser.digest();
            let taken = self.store.transact(async |tx| {
                provider_departures::take(tx, &digest, &cookie, back.provider, now).await
            });
            if let Some(request) = taken.await? {
                return Ok(Some((request, Secrets::of(browser, &state), state)));
            }
        }
        Ok(None)
    }

    /// Keeps somebody whom no account has for this browser. Returns the secret of its cookie.
    async fn keep(&self, provider: &str, who: Identity, next: String) -> Result<Token, StoreError> {
        let token = Token::generate(self.random.as_ref());
        let Identity { issuer, subject, email, name, handle } = who;
        let provider = provider.to_owned();
        let new = PendingIdentity { provider, issuer, subject, handle, email, name, next };
        let until = self.clock.now().after(PENDING_IDENTITY);
        let written = self
            .store
            .transact(async |tx| pending_identities::insert(tx, &token.digest(), &new, until).await);
        written.await?;
        Ok(token)
    }
}
