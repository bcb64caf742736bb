//! Keeping the factors: whoever reads the mails or is signed in stops what somebody has asked for.

use super::ask::FactorRecovery;
use super::stop::stop;
use crate::flows::client::Client;
use crate::flows::refusals::{spend, spend_by_account};
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::signed_in::SignedIn;
use domain::{Account, AccountError, AccountId, EventKind, Millis, TicketPurpose, Token};
use limiter::Action;
use store::{StoreError, Tx, accounts, tickets};

impl FactorRecovery {
    /// Keeps the factors of the signed-in account.
    ///
    /// # Errors
    /// `NotFound` when they were to stay anyway; `Throttled`.
    pub async fn keep(&self, who: &SignedIn, client: &Client) -> Result<(), AccountError> {
        let (id, now) = (who.account().id, self.clock.now());
        spend(&self.limiter, Action::SettingsWrite, id, client, now)?;
        let kept = self.store.transact_on(id, async |tx| {
            accounts::hold(tx, id).await?;
            kept(tx, id, client, now).await
        });
        if kept.await? { Ok(()) } else { Err(AccountError::NotFound) }
    }

    /// The account whose factors the link keeps, and when they would be taken off. Changes nothing.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown or used, or the factors stay anyway.
    pub async fn keep_offer(&self, token: &str) -> Result<(Account, Millis), AccountError> {
        let token = Token::parse(token).ok_or(AccountError::TicketSpent)?;
        let account = self.account_of(&token, TicketPurpose::KeepFactors).await?;
        let due = account.factor_recovery_due_at.ok_or(AccountError::TicketSpent)?;
        Ok((account, due))
    }

    /// Keeps the factors, for whoever reads the mailbox of the account.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown or used, or the factors stay anyway; `Throttled`.
    pub async fn keep_by_link(&self, token: &str, client: &Client) -> Result<(), AccountError> {
        let token = self.present(token, client)?;
        let id = self.account_of(&token, TicketPurpose::KeepFactors).await?.id;
        let now = self.clock.now();
        spend_by_account(&self.limiter, Action::TicketUse, id, client, now)?;
        let kept = self.store.transact_on(id, async |tx| {
            accounts::hold(tx, id).await?;
            let used = tickets::consume(tx, &token.digest(), TicketPurpose::KeepFactors, now).await?;
            Ok::<_, StoreError>(used == Some(id) && kept(tx, id, client, now).await?)
        });
        if kept.await? { Ok(()) } else { Err(AccountError::TicketSpent) }
    }

    /// Whether the account of this link, which is used up, has kept its factors: the form was sent twice.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn were_kept(&self, token: &str) -> Result<bool, AccountError> {
        let Some(token) = Token::parse(token) else { return Ok(false) };
        let mut db = self.store.read().await?;
        let purposes = [TicketPurpose::KeepFactors];
        let Some((id, _)) = tickets::find_spent(&mut db, &token.digest(), &purposes).await? else {
            return Ok(false);
        };
        let found = accounts::find(&mut db, id).await?.map(|found| found.account);
        Ok(found
            .is_some_and(|found| found.factor_recovery_due_at.is_none() && found.second_factor_at.is_some()))
    }
}

async fn kept(tx: &mut Tx, id: AccountId, client: &Client, now: Millis) -> Result<bool, StoreError> {
    if !stop(tx, id, client.locale.as_deref(), now).await? {
        return Ok(false);
    }
    let noted = Noted::by_owner(EventKind::RecoveryCancelled, "");
    security_log::note(tx, id, &noted, client, now).await?;
    Ok(true)
}
