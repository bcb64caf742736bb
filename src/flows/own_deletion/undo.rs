//! Bringing back an account that its owner has deleted: by the link of the mail, or by the right password.

use super::delete::OwnDeletion;
use crate::flows::client::Client;
use crate::flows::mail::cause::tell;
use crate::flows::refusals::{spend_by_account, spend_by_address};
use crate::flows::security_log::{self, Noted};
use crate::flows::sign_in::PendingSignIn;
use domain::lifetimes::RESTORE_AFTER_SIGN_IN;
use domain::{Account, AccountError, EventKind, MailKind, Millis, Step, Ticket, TicketPurpose, Token};
use limiter::Action;
use store::{Linked, StoreError, accounts, outbox, tickets};

impl OwnDeletion {
    /// The account that the link brings back, and when its rows go otherwise. Changes nothing.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired, or the account is there.
    pub async fn undo_offer(&self, token: &str) -> Result<(Account, Millis), AccountError> {
        let token = Token::parse(token).ok_or(AccountError::TicketSpent)?;
        let mut db = self.store.read().await?;
        let account = leaving(&mut db, &token, self.clock.now()).await?.ok_or(AccountError::TicketSpent)?;
        let gone_at = account.deleted_at.unwrap_or(account.updated_at).after(self.grace);
        Ok((account, gone_at))
    }

    /// Brings the account back, with all that it has but what opened it: its owner signs in again.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired, or the account is there; `Throttled`.
    pub async fn undo(&self, token: &str, client: &Client) -> Result<Account, AccountError> {
        let now = self.clock.now();
        spend_by_address(&self.limiter, Action::TicketUse, client, now)?;
        let token = Token::parse(token).ok_or(AccountError::TicketSpent)?;
        let id = leaving(&mut self.store.read().await?, &token, now).await?;
        let id = id.ok_or(AccountError::TicketSpent)?.id;
        spend_by_account(&self.limiter, Action::TicketUse, id, client, now)?;
        self.store
            .transact_on(id, async |tx| {
                accounts::hold(tx, id).await?;
                let used = tickets::consume(tx, &token.digest(), TicketPurpose::Restore, now).await?;
                let found = accounts::find_even_deleted(tx, id).await?.map(|found| found.account);
                let account = found.filter(|found| used == Some(id) && found.is_leaving());
                let account = account.ok_or(AccountError::TicketSpent)?;
                accounts::set_deleted(tx, id, None, now).await?;
                // Before the tickets: while the row of a message exists, the worker may add a ticket for its
                // link.
                outbox::withdraw(tx, id, MailKind::AccountDeleted).await?;
                tickets::keep_newest(tx, id, TicketPurpose::Restore, 0, now).await?;
                let noted = Noted::by_owner(EventKind::Restored, "");
                security_log::note(tx, id, &noted, client, now).await?;
                tell(tx, MailKind::AccountRestored, &account, "", client.locale.as_deref(), now).await?;
                Ok(Account { deleted_at: None, deleted_by_owner: false, ..account })
            })
            .await
    }

    /// Whether the account of this link, which is used up, is there again: the form was sent twice.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn was_undone(&self, token: &str) -> Result<bool, AccountError> {
        let Some(token) = Token::parse(token) else { return Ok(false) };
        let mut db = self.store.read().await?;
        let spent = tickets::find_spent(&mut db, &token.digest(), &[TicketPurpose::Restore]).await?;
        let Some((id, _)) = spent else { return Ok(false) };
        Ok(accounts::find(&mut db, id).await?.is_some())
    }

    /// A link for whoever has just signed in to an account that its owner has deleted. One that wants a
    /// second factor comes back by the mail alone.
    ///
    /// # Errors
    /// `InvalidCredentials` when it has gone meanwhile; `StepWanted` where the password is not enough.
    pub async fn link_after_sign_in(&self, pending: &PendingSignIn) -> Result<Token, AccountError> {
        let (id, now) = (pending.account(), self.clock.now());
        let token = Token::generate(self.random.as_ref());
        let ticket = Ticket {
            account_id: id,
            purpose: TicketPurpose::Restore,
            address: None,
            token: token.digest(),
            created_at: now,
            expires_at: now.after(RESTORE_AFTER_SIGN_IN),
        };
        self.store
            .transact_on(id, async |tx| {
                accounts::hold(tx, id).await?;
                let found = accounts::find_even_deleted(tx, id).await?.map(|found| found.account);
                let account = found.filter(Account::is_leaving).ok_or(AccountError::InvalidCredentials)?;
                if account.second_factor_at.is_some() {
                    return Err(AccountError::StepWanted(Step::Restore));
                }
                Ok(tickets::insert(tx, &ticket).await?)
            })
            .await?;
        Ok(token)
    }
}

/// The account that a link may bring back.
async fn leaving(db: &mut impl Linked, token: &Token, now: Millis) -> Result<Option<Account>, StoreError> {
    let found = tickets::find(db, &token.digest(), now).await?;
    let Some((id, TicketPurpose::Restore)) = found else { return Ok(None) };
    let account = accounts::find_even_deleted(db, id).await?.map(|found| found.account);
    Ok(account.filter(Account::is_leaving))
}
