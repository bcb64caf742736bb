//! Sending a browser to a provider.

use ::providers::AuthorizationRequest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::lifetimes::PROVIDER_DEPARTURE;
use domain::{AccountError, Token};
use limiter::Action;
use sha2::{Digest as _, Sha256};
use store::provider_departures::{self, NewProviderDeparture};

use super::{Providers, failed};
use crate::flows::client::Client;
use crate::flows::refusals::spend_by_address;
use crate::flows::sessions::proof::proven_lately;
use crate::flows::sessions::signed_in::{SignedIn, require_session};

/// What somebody wants of a provider.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// The name of the provider.
    pub provider: &'a str,
    /// Who wants to link an account there; `None` for signing in.
    pub links: Option<&'a SignedIn>,
    /// Where to go on to afterwards; may be empty.
    pub next: &'a str,
    /// Where the answer goes.
    pub redirect_uri: &'a str,
}

/// The way to a provider.
#[derive(Debug)]
pub struct Departure {
    /// Where the browser is sent.
    pub address: String,
    /// The secret of the browser's cookie. Only with it the answer is of use.
    pub browser: Token,
}

/// What is sent along with a browser, or recognised when it comes back: computed from the two secrets of
/// which the database has only the digests, each in another place: one in the address and one in the cookie.
pub(super) struct Secrets {
    pub(super) nonce: String,
    pub(super) verifier: String,
}

impl Secrets {
    pub(super) fn of(browser: &Token, state: &Token) -> Self {
        let derived = |purpose: &str| {
            let hash = Sha256::new_with_prefix(purpose)
                .chain_update(browser.reveal())
                .chain_update(" ")
                .chain_update(state.reveal())
                .finalize();
            URL_SAFE_NO_PAD.encode(hash)
        };
        Self { nonce: derived("nonce "), verifier: derived("verifier ") }
    }

    pub(super) fn request<'a>(&'a self, redirect_uri: &'a str, state: &'a Token) -> AuthorizationRequest<'a> {
        let Self { nonce, verifier } = self;
        AuthorizationRequest { redirect_uri, state: state.reveal(), nonce, verifier }
    }
}

impl Providers {
    /// Sends a browser to a provider. Whoever wants to link an account must have proven lately who they are.
    ///
    /// # Errors
    /// `NotFound` when there is no such provider; `Invalid` when it does not answer; `ProofWanted`,
    /// `Unauthenticated` for a session that may link nothing; `Throttled`.
    pub async fn depart(&self, wish: &Wish<'_>, client: &Client) -> Result<Departure, AccountError> {
        let now = self.clock.now();
        spend_by_address(&self.limiter, Action::Provider, client, now)?;
        if let Some(who) = wish.links {
            proven_lately(&who.session, now)?;
        }
        let provider = self.named(wish.provider)?;
        let [browser, state] = [(); 2].map(|()| Token::generate(self.random.as_ref()));
        let secrets = Secrets::of(&browser, &state);
        // Whoever is kept waiting by a provider holds no connection to the database.
        let address = provider.address(&secrets.request(wish.redirect_uri, &state), now).await;
        let address = address.map_err(|error| failed(provider, &error))?;
        let new = NewProviderDeparture {
            state: &state.digest(),
            browser: &browser.digest(),
            provider: wish.provider,
            session: wish.links.map(|who| who.session.id),
            next: wish.next,
            expires_at: now.after(PROVIDER_DEPARTURE),
        };
        let written = self.store.transact(async |tx| {
            if let Some(who) = wish.links {
                require_session(tx, who).await?;
            }
            Ok::<_, AccountError>(provider_departures::insert(tx, &new).await?)
        });
        written.await?;
        Ok(Departure { address: address.into(), browser })
    }
}

#[cfg(test)]
mod tests {
    use domain::OsRandom;

    use super::*;

    #[test]
    fn what_a_provider_checks_takes_both_secrets() {
        let [browser, other, state] = [(); 3].map(|()| Token::generate(&OsRandom));
        let secrets = Secrets::of(&browser, &state);
        assert_eq!(secrets.verifier, Secrets::of(&browser, &state).verifier);
        // RFC 7636, section 4.1: 43 to 128 characters.
        assert_eq!(secrets.verifier.len(), 43);
        assert_ne!(secrets.verifier, secrets.nonce);
        for different in [Secrets::of(&other, &state), Secrets::of(&browser, &other)] {
            assert!(different.verifier != secrets.verifier && different.nonce != secrets.nonce);
        }
    }
}
