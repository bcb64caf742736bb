//! Bearers: finding whose one is, handing out the next one, ending one.

use super::{Client, Flows, Grant};
use crate::domain::{
    AccountError, AccountId, Audience, Bearer, BearerId, Lifetime, Millis, PairingCode, Token, lifetimes,
};
use crate::store::{StoreError, accounts, bearers};

impl Flows {
    /// The bearer that a caller presents, if it was made for `audience` and is alive.
    ///
    /// # Errors
    /// `Unauthenticated`.
    pub async fn present_bearer(&self, audience: Audience, token: &Token) -> Result<Bearer, AccountError> {
        let found = bearers::find(self.store(), audience, &token.digest()).await?;
        found.filter(|bearer| self.is_living(bearer)).ok_or(AccountError::Unauthenticated)
    }

    /// The same, with the time until when a device shows this code: both in one look.
    pub(super) async fn present_bearer_with_code(
        &self,
        audience: Audience,
        token: &Token,
        code: &PairingCode,
    ) -> Result<(Bearer, Option<Millis>), AccountError> {
        let found = bearers::find_with_code(self.store(), audience, &token.digest(), code).await?;
        found.filter(|(bearer, _)| self.is_living(bearer)).ok_or(AccountError::Unauthenticated)
    }

    /// Whether a bearer is alive; then its use is noted.
    fn is_living(&self, bearer: &Bearer) -> bool {
        let now = self.now();
        let alive = bearer.live(now);
        if alive && now.since(bearer.seen_at) >= lifetimes::BEARER_TOUCH {
            self.touch_bearer(bearer.id, now);
        }
        alive
    }

    /// What [`present_bearer`](Self::present_bearer) finds, which has to be one of `account`.
    ///
    /// # Errors
    /// `Unauthenticated`.
    pub async fn present_bearer_of(
        &self,
        account: AccountId,
        audience: Audience,
        token: &Token,
    ) -> Result<Bearer, AccountError> {
        let bearer = self.present_bearer(audience, token).await?;
        if bearer.account_id == account { Ok(bearer) } else { Err(AccountError::Unauthenticated) }
    }

    /// Exchanges a bearer that was presented for a new one. The old one works for another minute, then never.
    ///
    /// # Errors
    /// `Unauthenticated` when it has ended meanwhile.
    pub async fn refresh_bearer(
        &self,
        old: &Bearer,
        audience: Audience,
        lifetime: Lifetime,
        client: &Client,
    ) -> Result<Token, AccountError> {
        // In a box of its own: whoever comes with a bearer that is none gets no further than asking.
        Box::pin(self.exchange_bearer(old, Grant::Bearer(audience, lifetime), client)).await
    }

    async fn exchange_bearer(
        &self,
        old: &Bearer,
        next: Grant,
        client: &Client,
    ) -> Result<Token, AccountError> {
        let account = old.account_id;
        let now = self.now();
        self.store()
            .transact(async |tx| {
                // A change of password must end the new bearer too. It waits for this lock, or it came first and
                // has ended the old bearer.
                accounts::hold(tx, account).await?;
                if !bearers::end_by(tx, old.id, now.after(lifetimes::EXCHANGED_BEARER)).await? {
                    return Err(AccountError::Unauthenticated);
                }
                let token = self.give(tx, account, next, client, now).await?;
                token.ok_or(AccountError::Unauthenticated)
            })
            .await
    }

    fn touch_bearer(&self, id: BearerId, now: Millis) {
        let flows = self.clone();
        tokio::spawn(async move {
            let written: Result<(), StoreError> =
                flows.store().transact(async |tx| bearers::touch(tx, id, now).await).await;
            if let Err(error) = written {
                log::warn!("the last use of a bearer was not noted: {error}");
            }
        });
    }
}
