//! Recovery: choosing a password through a link that was mailed to the account's address.

use super::tickets::{Links, ResetOffer};
use crate::flows::client::Client;
use crate::flows::mail::cause::{mail_link, write_blank};
use domain::{Account, AccountError, Field, MailKind, TicketPurpose, Token, TypedPassword, require_fields};
use limiter::Action;
use store::accounts;

/// Ticket purposes that let the holder choose a password.
const PURPOSES: [TicketPurpose; 2] = [TicketPurpose::Recovery, TicketPurpose::Invitation];

impl Links {
    /// Mails a recovery link if `identifier` (an address or a username) belongs to an active account.
    /// `locale` is the language for an account that has none of its own. Neither the outcome nor the response
    /// time reveals whether the account exists, so a caller above the limit gets no error.
    ///
    /// # Errors
    /// `Invalid` when `identifier` is empty.
    pub async fn request_recovery(
        &self,
        identifier: &str,
        locale: Option<&str>,
        client: &Client,
    ) -> Result<(), AccountError> {
        require_fields([(Field::Email, identifier)])?;
        let now = self.clock.now();
        if self.count_request(client, now).is_err() {
            return Ok(());
        }
        let found = accounts::find_by_identifier(&mut self.store.read().await?, identifier).await?;
        let account = found.map(|found| found.account).filter(Account::active);
        let account = account.filter(|account| self.count_mail(Action::RecoveryMail, account, now).is_ok());
        self.store
            .transact(async |tx| match &account {
                Some(account) => Ok(mail_link(tx, MailKind::Recovery, account, locale, now).await?),
                None => Ok(write_blank(tx, now).await?),
            })
            .await
    }

    /// Returns the account and state that the link refers to, without using the link up.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired.
    pub async fn reset_offer(&self, token: &str) -> Result<ResetOffer, AccountError> {
        let token = Token::parse(token).ok_or(AccountError::TicketSpent)?;
        let (offer, _) = self.find_offer(&token, &PURPOSES).await?;
        Ok(offer)
    }

    /// Sets the password that the holder of the link chose. Ends everything that was opened with the old
    /// password: sessions, bearers, known browsers, links. Revokes the user secret too.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired. `Invalid` when the password breaks a rule;
    /// the link still works then. `Throttled`, `Busy`.
    pub async fn reset_password(
        &self,
        token: &str,
        new: TypedPassword<'_>,
        client: &Client,
    ) -> Result<Account, AccountError> {
        let token = self.present(token, client)?;
        self.choose_password(&token, &PURPOSES, new, client).await
    }

    /// The account whose present password is `new` and was set by this link, which is used up: the form was
    /// sent twice.
    ///
    /// # Errors
    /// `Throttled`, `Busy`.
    pub async fn was_reset(
        &self,
        token: &str,
        new: TypedPassword<'_>,
        client: &Client,
    ) -> Result<Option<Account>, AccountError> {
        self.chosen_before(token, &PURPOSES, new, client).await
    }
}
