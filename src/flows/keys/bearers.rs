//! Bearers: looking them up, exchanging them and ending them.

use std::sync::Arc;

use crate::flows::client::Client;
use crate::flows::refusals::spend;
use crate::flows::sign_in::grants::{Grant, Grants};
use domain::{
    AccountError, AccountId, Audience, Bearer, BearerId, Clock, Lifetime, Millis, PairingCode, Token,
    lifetimes,
};
use limiter::{Action, Limiter};
use store::{Store, StoreError, accounts, bearers};

/// Looks up the bearers that callers present.
#[derive(Clone)]
pub struct Bearers {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) grants: Grants,
}

impl Bearers {
    /// Returns the bearer of `token`, if it is alive and of `audience`.
    ///
    /// # Errors
    /// `Unauthenticated` otherwise.
    pub async fn present(&self, audience: Audience, token: &Token) -> Result<Bearer, AccountError> {
        let found = bearers::find(&self.store, audience, &token.digest()).await?;
        found.filter(|bearer| self.is_living(bearer)).ok_or(AccountError::Unauthenticated)
    }

    /// As [`present`](Self::present), and also returns the time until which a device shows `code`. One query
    /// reads both.
    ///
    /// # Errors
    /// `Unauthenticated`.
    pub(in crate::flows) async fn present_with_code(
        &self,
        audience: Audience,
        token: &Token,
        code: &PairingCode,
    ) -> Result<(Bearer, Option<Millis>), AccountError> {
        let found = bearers::find_with_code(&self.store, audience, &token.digest(), code).await?;
        found.filter(|(bearer, _)| self.is_living(bearer)).ok_or(AccountError::Unauthenticated)
    }

    /// Whether the bearer is alive. Records the use of a live bearer.
    fn is_living(&self, bearer: &Bearer) -> bool {
        let now = self.clock.now();
        let alive = bearer.live(now);
        if alive && now.since(bearer.seen_at) >= lifetimes::BEARER_TOUCH {
            self.touch(bearer.id, now);
        }
        alive
    }

    /// As [`present`](Self::present), for a bearer of `account`.
    ///
    /// # Errors
    /// `Unauthenticated`, also for a bearer of another account.
    pub async fn present_of(
        &self,
        account: AccountId,
        audience: Audience,
        token: &Token,
    ) -> Result<Bearer, AccountError> {
        let bearer = self.present(audience, token).await?;
        if bearer.account_id == account { Ok(bearer) } else { Err(AccountError::Unauthenticated) }
    }

    /// Exchanges a bearer for a new one. The old bearer works for another minute.
    ///
    /// # Errors
    /// `Unauthenticated` when the old bearer has ended meanwhile; `Throttled`.
    pub async fn refresh(
        &self,
        old: &Bearer,
        audience: Audience,
        lifetime: Lifetime,
        client: &Client,
    ) -> Result<Token, AccountError> {
        // Boxed, so that the future of a request with an invalid bearer stays small.
        Box::pin(self.exchange(old, Grant::Bearer(audience, lifetime), client)).await
    }

    async fn exchange(&self, old: &Bearer, next: Grant, client: &Client) -> Result<Token, AccountError> {
        let account = old.account_id;
        let now = self.clock.now();
        spend(&self.limiter, Action::BearerExchange, account, client, now)?;
        self.store
            .transact_on(account, async |tx| {
                // A change of password must end the new bearer too. Either the change waits for this lock, or
                // it came first and has ended the old bearer.
                accounts::hold(tx, account).await?;
                if !bearers::end_by(tx, old.id, now.after(lifetimes::EXCHANGED_BEARER)).await? {
                    return Err(AccountError::Unauthenticated);
                }
                let token = self.grants.give(tx, account, next, client, now).await?;
                token.ok_or(AccountError::Unauthenticated)
            })
            .await
    }

    fn touch(&self, id: BearerId, now: Millis) {
        let store = self.store.clone();
        tokio::spawn(async move {
            let written: Result<(), StoreError> =
                store.transact(async |tx| bearers::touch(tx, id, now).await).await;
            if let Err(error) = written {
                log::warn!("the last use of a bearer was not noted: {error}");
            }
        });
    }
}
