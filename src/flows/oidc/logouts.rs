//! Telling clients that a session has ended (OpenID Connect Back-Channel Logout 1.0), as leased jobs. What
//! ended it wrote the job: a sign-out, a change of the password, the end of its days.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use domain::lifetimes::{LOGOUT_AGAIN, LOGOUT_LEASE, LOGOUT_TOKEN};
use domain::{AccountError, Clock, InternalError, OidcClient, Random, Token};
use outbound::Outbound;
use serde_json::{Map, Value, json};
use store::oidc_logouts::{self, EndedSignIn};
use store::{Store, StoreError, oidc_clients};

use super::SigningKeys;
use crate::flows::jobs::leased::{Lease, LeasedWork, WorkOutcome, Worker};

/// How many sign-outs are told of at once.
const AT_ONCE: usize = 8;

/// How long a client that does not answer is told nothing at all: it holds up the others only this often.
const SILENT: Duration = Duration::from_secs(60);

/// The event that a logout token is about (section 2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Tells clients.
pub struct Logouts {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
    pub(in crate::flows) signing_keys: Arc<SigningKeys>,
    pub(in crate::flows) outbound: Outbound,
    /// Who says so: the issuer of the tokens.
    pub(in crate::flows) issuer: String,
    pub(in crate::flows) worker: Worker,
}

impl Logouts {
    /// Starts telling clients, until [`stop`](Self::stop).
    pub fn keep(self: &Arc<Self>) {
        self.worker.start(self.clone(), AT_ONCE);
    }

    /// Tells nobody else, and waits at most `patience` for those who are being told. What is left is told at
    /// the next start.
    pub async fn stop(&self, patience: Duration) {
        if !self.worker.stop(patience).await {
            log::warn!("some applications were being told of a sign-out; they are told again");
        }
    }

    /// Tells the client of one ended sign-in. A client that was revoked is told nothing.
    async fn tell(&self, ended: &EndedSignIn) -> Result<(), AccountError> {
        let client = oidc_clients::find_by_id(&mut self.store.read().await?, ended.client).await?;
        let Some((client, Some(address))) = client.map(|client| {
            let address = client.logout_uri.as_deref().and_then(|uri| uri.parse().ok());
            (client, address)
        }) else {
            return self.settle(ended).await;
        };
        let token = self.logout_token(&client, ended).await?;
        match self.outbound.post_form(&address, &[("logout_token", &token)], None).await {
            Ok(answer) if answer.is_success() => self.settle(ended).await,
            Ok(answer) => self.failed(&client, ended, &format!("it answers {}", answer.status)).await,
            Err(error) => {
                let now = self.clock.now();
                let others = self.store.transact(async |tx| {
                    oidc_logouts::put_off_others(tx, ended, now, now.after(SILENT)).await
                });
                others.await.map_err(AccountError::from)?;
                self.failed(&client, ended, &error.to_string()).await
            }
        }
    }

    async fn logout_token(&self, client: &OidcClient, ended: &EndedSignIn) -> Result<String, AccountError> {
        let key = self.signing_keys.of_client(client).await?;
        let now = self.clock.now();
        // Section 2.4: no nonce, so that it is never taken for an ID token.
        let claims = json!({
            "iss": self.issuer,
            "aud": client.identifier,
            "iat": now.0 / 1000,
            "exp": now.after(LOGOUT_TOKEN).0 / 1000,
            "jti": Token::generate(self.random.as_ref()).reveal(),
            "sub": ended.account.to_string(),
            "sid": ended.sid,
            "events": Map::from_iter([(EVENT.to_owned(), Value::Object(Map::new()))]),
        });
        let signed = key.sign_as("logout+jwt", &claims);
        signed.map_err(|error| AccountError::Internal(InternalError::new(error)))
    }

    async fn settle(&self, ended: &EndedSignIn) -> Result<(), AccountError> {
        let removed: Result<(), StoreError> =
            self.store.transact(async |tx| oidc_logouts::remove(tx, ended).await).await;
        Ok(removed?)
    }

    /// Puts the next try off, or gives the client up.
    async fn failed(&self, client: &OidcClient, ended: &EndedSignIn, why: &str) -> Result<(), AccountError> {
        let again = usize::try_from(ended.tries - 1).ok().and_then(|tries| LOGOUT_AGAIN.get(tries));
        let Some(again) = again else {
            log::warn!("the client `{}` was not told of a sign-out, and is given up: {why}", client.name);
            return self.settle(ended).await;
        };
        log::info!("the client `{}` could not be told of a sign-out: {why}", client.name);
        let until = self.clock.now().after(*again);
        let put_off = self.store.transact(async |tx| oidc_logouts::put_off(tx, ended, until).await);
        put_off.await.map(drop).map_err(AccountError::from)
    }
}

impl LeasedWork for Logouts {
    type Piece = EndedSignIn;

    const QUEUE: &'static str = "the list of sign-outs that applications are told of";

    // Each client has a server of its own, so none speaks for all.
    const ASK_AGAIN: (Duration, Duration) = (LOGOUT_LEASE, LOGOUT_LEASE);

    const LEASE: Duration = LOGOUT_LEASE;

    async fn end_old_leases(&self) -> Result<(), StoreError> {
        // A lease is short, and what it is for is not urgent.
        Ok(())
    }

    async fn lease(&self, most: usize) -> Result<Vec<EndedSignIn>, StoreError> {
        let now = self.clock.now();
        // A read blocks nobody; an unconditional write would delay other writers.
        if !oidc_logouts::due(&mut self.store.read().await?, now).await? {
            return Ok(Vec::new());
        }
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let until = now.after(LOGOUT_LEASE);
        self.store.transact(async |tx| oidc_logouts::lease(tx, most, now, until).await).await
    }

    async fn renew(&self, ended: &EndedSignIn) -> Result<bool, StoreError> {
        let until = self.clock.now().after(LOGOUT_LEASE);
        self.store.transact(async |tx| oidc_logouts::put_off(tx, ended, until).await).await
    }

    async fn work(&self, ended: &EndedSignIn, _: &Lease) -> WorkOutcome {
        if let Err(error) = self.tell(ended).await {
            log::warn!("an application could not be told of a sign-out, it is told later: {error:?}");
        }
        WorkOutcome::Settled
    }

    async fn set_aside(&self, ended: &EndedSignIn) {
        log::error!("an application is not told of a sign-out: a fault of ours");
        if let Err(error) = self.settle(ended).await {
            log::warn!("{}: {error:?}", Self::QUEUE);
        }
    }

    async fn written(&self) {
        // A look each second is soon enough.
        pending().await
    }

    fn stalled(&self, _: &str) {}

    async fn ask(&self) -> bool {
        true
    }
}
