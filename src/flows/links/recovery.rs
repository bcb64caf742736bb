//! Choosing a password without knowing the present one: by a link that was mailed to the account's address.

use super::tickets::{Links, ResetOffer};
use crate::flows::client::Client;
use crate::flows::mail::cause::{mail_link, write_blank};
use domain::{Account, AccountError, Field, FieldCode, MailKind, TicketPurpose, Token, TypedPassword};
use store::accounts;

/// Purposes that a mailed link to choose a password may have.
const PURPOSES: [TicketPurpose; 2] = [TicketPurpose::Recovery, TicketPurpose::Invitation];

impl Links {
    /// Mails a link to choose a new password, if `identifier` (an address or a username) is an account's that
    /// may sign in. `locale`: language of the request, for an account that has none of its own. Callers
    /// cannot learn whether there is one: neither from the outcome nor from the work, and who asks too often
    /// is told nothing.
    ///
    /// # Errors
    /// `Invalid` when nothing was typed, and when the database fails.
    pub async fn request_recovery(
        &self,
        identifier: &str,
        locale: Option<&str>,
        client: &Client,
    ) -> Result<(), AccountError> {
        if identifier.trim().is_empty() {
            return Err(AccountError::field(Field::Email, FieldCode::Required));
        }
        let now = self.clock.now();
        let found = {
            let mut db = self.store.read().await?;
            accounts::find_by_identifier(&mut db, identifier).await?
        };
        if !self.may_have_mail(found.as_ref().map(|found| &found.account), identifier, client, now) {
            return Ok(());
        }
        let account = found.map(|found| found.account).filter(Account::active);
        self.store
            .transact(async |tx| match &account {
                Some(account) => Ok(mail_link(tx, MailKind::Recovery, account, locale, now).await?),
                None => Ok(write_blank(tx, now).await?),
            })
            .await
    }

    /// What the holder of this link may do. Looking does not use it up.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired.
    pub async fn reset_offer(&self, token: &str) -> Result<ResetOffer, AccountError> {
        let token = Token::parse(token).ok_or(AccountError::TicketSpent)?;
        let (offer, _) = self.find_offer(&token, &PURPOSES).await?;
        Ok(offer)
    }

    /// Gives the account of a mailed link the password that its reader chose, and ends everything that was
    /// opened with the old one: sessions, bearers, known browsers, links; the user secret too.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired; `Invalid` when the password cannot be used,
    /// and then the link still works; `Throttled`, `Busy`.
    pub async fn reset_password(
        &self,
        token: &str,
        new: TypedPassword<'_>,
        client: &Client,
    ) -> Result<Account, AccountError> {
        let token = self.present(token, client)?;
        self.choose_password(&token, &PURPOSES, new, client).await
    }
}
