//! Bearers: looking them up, exchanging them and ending them.

use std::net::IpAddr;
use std::sync::Arc;

use crate::flows::client::Client;
use crate::flows::refusals::{spend, spend_by_address};
use crate::flows::sign_in::admission::Admission;
use domain::{
    AccountError, AccountId, Audience, Bearer, BearerId, Clock, Millis, PairingCode, Random, Token,
    lifetimes, network_of,
};
use limiter::{Action, Limiter};
use store::exchanged_bearers::{Exchange, Standing};
use store::{Store, StoreError, Tx, accounts, bearers, exchanged_bearers, known_apps};

/// Looks up the bearers that callers present.
#[derive(Clone)]
pub struct Bearers {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
    pub(in crate::flows) admission: Admission,
}

impl Bearers {
    /// Returns the bearer of `token`, if it is alive and of `audience`. `ip` is the caller's.
    ///
    /// # Errors
    /// `Unauthenticated` otherwise.
    pub async fn present(
        &self,
        audience: Audience,
        token: &Token,
        ip: IpAddr,
    ) -> Result<Bearer, AccountError> {
        let found = bearers::find(&self.store, audience, &token.digest()).await?;
        found.filter(|bearer| self.is_living(bearer, ip)).ok_or(AccountError::Unauthenticated)
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
        ip: IpAddr,
    ) -> Result<(Bearer, Option<Millis>), AccountError> {
        let found = bearers::find_with_code(&self.store, audience, &token.digest(), code).await?;
        found.filter(|(bearer, _)| self.is_living(bearer, ip)).ok_or(AccountError::Unauthenticated)
    }

    /// Whether the bearer is alive. Records the use of a live bearer.
    fn is_living(&self, bearer: &Bearer, ip: IpAddr) -> bool {
        let now = self.clock.now();
        let alive = bearer.live(now);
        if alive && now.since(bearer.seen_at) >= lifetimes::BEARER_TOUCH {
            self.touch(bearer.id, ip, now);
        }
        alive
    }

    /// Whether [`exchange`](Self::exchange) would give the bearer `token` of `account` a successor. Changes
    /// nothing.
    ///
    /// # Errors
    /// `Unauthenticated` when it would not.
    pub async fn may_exchange(
        &self,
        account: AccountId,
        audience: Audience,
        token: &Token,
    ) -> Result<(), AccountError> {
        let now = self.clock.now();
        let mut db = self.store.read().await?;
        let found = exchanged_bearers::find(&mut db, audience, &token.digest(), &token.family(), now).await?;
        match found {
            Some(Standing::Present(bearer) | Standing::Exchanged(bearer, _))
                if bearer.account_id == account && bearer.live(now) =>
            {
                Ok(())
            }
            _ => Err(AccountError::Unauthenticated),
        }
    }

    /// Exchanges the bearer `token` of `account` for the next. The old secret gives the same successor for
    /// another minute, since two tabs may ask at once. One that is used after that is in two hands: whoever
    /// holds a later one loses it too. The successor ends when the first bearer would have.
    ///
    /// # Errors
    /// `Unauthenticated` for an unknown bearer, one that has ended, was spent, or is of another account, and
    /// where the account lacks a second factor that its role requires; `Throttled`.
    pub async fn exchange(
        &self,
        account: AccountId,
        audience: Audience,
        token: &Token,
        client: &Client,
    ) -> Result<Token, AccountError> {
        let digest = token.digest();
        let family = token.family();
        let now = self.clock.now();
        // This read refuses an unknown secret before the write lock is taken, which would delay other
        // writers.
        let own = {
            let mut db = self.store.read().await?;
            let found = exchanged_bearers::find(&mut db, audience, &digest, &family, now).await?;
            let standing = found.ok_or(AccountError::Unauthenticated)?;
            let bearer = standing.bearer();
            bearer.account_id == account && bearer.live(now)
        };
        // The account that the request names has a budget for whoever holds a bearer of it, not for others
        // who name it.
        if !own {
            spend_by_address(&self.limiter, Action::BearerExchange, client, now)?;
            return Err(AccountError::Unauthenticated);
        }
        spend(&self.limiter, Action::BearerExchange, account, client, now)?;
        // Boxed, so that the future of a request with an invalid bearer stays small.
        let exchanged = Box::pin(self.store.transact_on(account, async |tx| {
            // A change of password must end the next bearer too. Either the change waits for this lock, or it
            // came first and has ended the bearer.
            let holder = accounts::hold_and_find(tx, account).await?;
            if holder.is_none_or(|holder| self.admission.lacks_factor(&holder.account)) {
                return Ok(None);
            }
            let found = exchanged_bearers::find(tx, audience, &digest, &family, now).await?;
            let of_account = |bearer: &Bearer| bearer.account_id == account;
            match found {
                Some(Standing::Present(bearer)) if of_account(&bearer) && bearer.live(now) => {
                    self.give_next(tx, &bearer, token, client, now).await
                }
                Some(Standing::Exchanged(bearer, sealed)) if of_account(&bearer) && bearer.live(now) => {
                    Ok(token.unseal(&sealed))
                }
                Some(Standing::Spent(bearer)) if of_account(&bearer) => {
                    bearers::end(tx, account, bearer.id).await?;
                    Ok(None)
                }
                _ => Ok(None),
            }
        }));
        let exchanged: Result<Option<Token>, AccountError> = exchanged.await;
        exchanged?.ok_or(AccountError::Unauthenticated)
    }

    async fn give_next(
        &self,
        tx: &mut Tx,
        bearer: &Bearer,
        token: &Token,
        client: &Client,
        now: Millis,
    ) -> Result<Option<Token>, AccountError> {
        let next = token.successor(self.random.as_ref());
        let Some(sealed) = token.seal(&next) else { return Ok(None) };
        let change = Exchange {
            bearer: bearer.id,
            old: &token.digest(),
            next: &next.digest(),
            family: &next.family(),
            successor: &sealed,
            expires_at: now.after(lifetimes::EXCHANGED_BEARER),
            place: &client.place(),
        };
        if !exchanged_bearers::exchange(tx, &change, now).await? {
            return Ok(None);
        }
        // The account goes on to know the app, by the next bearer, when that has ended.
        known_apps::remember(tx, bearer.account_id, change.next, Some(change.old), now).await?;
        Ok(Some(next))
    }

    fn touch(&self, id: BearerId, ip: IpAddr, now: Millis) {
        let (store, place) = (self.store.clone(), network_of(ip));
        tokio::spawn(async move {
            let written: Result<(), StoreError> =
                store.transact(async |tx| bearers::touch(tx, id, &place, now).await).await;
            if let Err(error) = written {
                log::warn!("the last use of a bearer was not noted: {error}");
            }
        });
    }
}
