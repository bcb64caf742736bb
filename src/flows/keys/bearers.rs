//! Bearers: finding whose one is, handing out the next one, ending one.

use std::sync::Arc;

use crate::flows::client::Client;
use crate::flows::sign_in::grants::{Grant, Grants};
use domain::{
    AccountError, AccountId, Audience, Bearer, BearerId, Clock, Lifetime, Millis, PairingCode, Token,
    lifetimes,
};
use store::{Store, StoreError, accounts, bearers};

/// Finds the bearers that callers present.
#[derive(Clone)]
pub struct Bearers {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) grants: Grants,
}

impl Bearers {
    /// The bearer that a caller presents, if it was made for `audience` and is alive.
    ///
    /// # Errors
    /// `Unauthenticated`.
    pub async fn present(&self, audience: Audience, token: &Token) -> Result<Bearer, AccountError> {
        let found = bearers::find(&self.store, audience, &token.digest()).await?;
        found.filter(|bearer| self.is_living(bearer)).ok_or(AccountError::Unauthenticated)
    }

    /// The same, with the time until when a device shows this code: both in one look.
    pub(in crate::flows) async fn present_with_code(
        &self,
        audience: Audience,
        token: &Token,
        code: &PairingCode,
    ) -> Result<(Bearer, Option<Millis>), AccountError> {
        let found = bearers::find_with_code(&self.store, audience, &token.digest(), code).await?;
        found.filter(|(bearer, _)| self.is_living(bearer)).ok_or(AccountError::Unauthenticated)
    }

    /// Whether a bearer is alive; then its use is noted.
    fn is_living(&self, bearer: &Bearer) -> bool {
        let now = self.clock.now();
        let alive = bearer.live(now);
        if alive && now.since(bearer.seen_at) >= lifetimes::BEARER_TOUCH {
            self.touch(bearer.id, now);
        }
        alive
    }

    /// What [`present`](Self::present) finds, which has to be one of `account`.
    ///
    /// # Errors
    /// `Unauthenticated`.
    pub async fn present_of(
        &self,
        account: AccountId,
        audience: Audience,
        token: &Token,
    ) -> Result<Bearer, AccountError> {
        let bearer = self.present(audience, token).await?;
        if bearer.account_id == account { Ok(bearer) } else { Err(AccountError::Unauthenticated) }
    }

    /// Exchanges a bearer that was presented for a new one. The old one works for another minute, then never.
    ///
    /// # Errors
    /// `Unauthenticated` when it has ended meanwhile.
    pub async fn refresh(
        &self,
        old: &Bearer,
        audience: Audience,
        lifetime: Lifetime,
        client: &Client,
    ) -> Result<Token, AccountError> {
        // In a box of its own: a request with an unknown bearer gets no further than this question.
        Box::pin(self.exchange(old, Grant::Bearer(audience, lifetime), client)).await
    }

    async fn exchange(&self, old: &Bearer, next: Grant, client: &Client) -> Result<Token, AccountError> {
        let account = old.account_id;
        let now = self.clock.now();
        self.store
            .transact(async |tx| {
                // A change of password must end the new bearer too. It waits for this lock, or it came first
                // and has ended the old bearer.
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
