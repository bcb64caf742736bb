//! Choosing a password without knowing the present one: by a link that was mailed to the account's address.

use super::mail::cause::{self, mail_link, write_blank};
use super::{Client, Flows, passwords, refuse_throttled};
use crate::domain::{
    Account, AccountError, Field, FieldCode, MailKind, Millis, TicketPurpose, Token, TypedPassword,
    identifier_key,
};
use crate::infra::limiter::{Action, Key};
use crate::store::{accounts, tickets, user_secrets};

/// Purposes that a mailed link to choose a password may have.
const PURPOSES: [TicketPurpose; 2] = [TicketPurpose::Recovery, TicketPurpose::Invitation];

/// What the holder of a link may do with it.
#[derive(Clone, Debug)]
pub struct ResetOffer {
    /// The account that gets a password.
    pub account: Account,
    /// Whether it has one already.
    pub has_password: bool,
}

impl Flows {
    /// Mails a link to choose a new password, if `identifier` (an address or a username) is an account's that may
    /// sign in. `locale`: language of the request, for an account that has none of its own. Callers cannot learn
    /// whether there is one: neither from the outcome nor from the work, and who asks too often is told nothing.
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
        let parts = self.parts();
        let now = parts.clock.now();
        let found = {
            let mut db = parts.store.read().await?;
            accounts::find_by_identifier(&mut db, identifier).await?
        };
        if !self.may_have_mail(found.as_ref().map(|found| &found.account), identifier, client, now) {
            return Ok(());
        }
        let account = found.map(|found| found.account).filter(Account::active);
        parts
            .store
            .transact(async |tx| match &account {
                Some(account) => Ok(mail_link(tx, MailKind::Recovery, account, locale, now).await?),
                None => Ok(write_blank(tx, now).await?),
            })
            .await
    }

    /// Whether a link may be mailed once more to whoever `identifier` names, who is `found`.
    pub(super) fn may_have_mail(
        &self,
        found: Option<&Account>,
        identifier: &str,
        client: &Client,
        now: Millis,
    ) -> bool {
        let limiter = &self.parts().limiter;
        let whom = match found {
            Some(account) => Key::Account(account.id.0),
            None => Key::UnknownIdentifier(limiter.fingerprint(&identifier_key(identifier))),
        };
        // A trusted server asks for many people.
        let address = (!client.trusted).then(|| Key::Ip(client.address.into()));
        let mut keys = address.into_iter().chain([whom]);
        keys.all(|key| limiter.take(Action::MailRequest, key, now.0).is_ok())
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

    /// Whose link this is, if it is for one of `purposes`.
    pub(super) async fn find_offer(
        &self,
        token: &Token,
        purposes: &[TicketPurpose],
    ) -> Result<(ResetOffer, TicketPurpose), AccountError> {
        let mut db = self.parts().store.read().await?;
        let ticket = tickets::find(&mut db, &token.digest(), self.parts().clock.now()).await?;
        let (id, purpose) =
            ticket.filter(|(_, purpose)| purposes.contains(purpose)).ok_or(AccountError::TicketSpent)?;
        let found = accounts::find(&mut db, id).await?.filter(|found| found.account.active());
        let found = found.ok_or(AccountError::TicketSpent)?;
        Ok((ResetOffer { account: found.account, has_password: found.password_hash.is_some() }, purpose))
    }

    /// Gives the account of a mailed link the password that its reader chose, and ends everything that was opened
    /// with the old one: sessions, bearers, known devices, links; the user secret too.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired; `Invalid` when the password cannot be used, and
    /// then the link still works; `Throttled`, `Busy`.
    pub async fn reset_password(
        &self,
        token: &str,
        new: TypedPassword<'_>,
        client: &Client,
    ) -> Result<Account, AccountError> {
        let token = self.present_link(token, client)?;
        self.choose_password(&token, &PURPOSES, new, client).await
    }

    /// The secret of a mailed link, if it can be one.
    pub(super) fn present_link(&self, token: &str, client: &Client) -> Result<Token, AccountError> {
        let (parts, address) = (self.parts(), Key::Ip(client.address.into()));
        parts.limiter.take(Action::TicketUse, address, parts.clock.now().0).map_err(refuse_throttled)?;
        Token::parse(token).ok_or(AccountError::TicketSpent)
    }

    /// Uses a link for one of `purposes` up to choose a password; see [`reset_password`](Self::reset_password).
    pub(super) async fn choose_password(
        &self,
        token: &Token,
        purposes: &[TicketPurpose],
        new: TypedPassword<'_>,
        client: &Client,
    ) -> Result<Account, AccountError> {
        let parts = self.parts();
        let (ResetOffer { account, has_password }, purpose) = self.find_offer(token, purposes).await?;
        let new = self.check_own_choice(&account, new);
        let new = new.map_err(|code| AccountError::field(Field::NewPassword, code))?;
        let hash = self.hash(&new, client).await?;
        let now = parts.clock.now();
        parts
            .store
            .transact(async |tx| {
                // A sign-in with the old password waits for this lock, and then finds the password changed.
                accounts::hold(tx, account.id).await?;
                let used = tickets::consume(tx, &token.digest(), purpose, now).await?;
                let still = accounts::find(tx, account.id).await?;
                if used != Some(account.id) || !still.is_some_and(|still| still.account.active()) {
                    return Err(AccountError::TicketSpent);
                }
                accounts::reset_password(tx, account.id, &hash, now).await?;
                passwords::end_everything(tx, account.id, None, now).await?;
                // A first password replaces none, so nobody needs to be warned of it.
                if has_password {
                    cause::notify(tx, MailKind::PasswordChanged, &account, client, now).await?;
                }
                // The user secret may be in an attacker's hands: revoke it too.
                user_secrets::remove(tx, account.id).await?;
                let changed = accounts::find(tx, account.id).await?;
                changed.map(|found| found.account).ok_or(AccountError::TicketSpent)
            })
            .await
    }
}
