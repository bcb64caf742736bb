//! The parts that all mailed links share.

use std::sync::Arc;

use crate::flows::client::Client;
use crate::flows::factor_recovery::remove_factors;
use crate::flows::known_devices::KnownDevices;
use crate::flows::mail::cause::{self, Notices};
use crate::flows::openings::{Spared, end_everything};
use crate::flows::passwords::Passwords;
use crate::flows::refusals::{refuse_throttled, spend_by_account, spend_by_address};
use crate::flows::security_log::{self, Noted};
use crate::flows::sign_in::admission::Admission;
use domain::{
    Account, AccountError, Clock, EventKind, Field, MailKind, Millis, Password, Random, SignUpRules,
    TicketPurpose, Token, TypedPassword, Verification,
};
use limiter::{Action, Key, Limiter};
use mailer::Mailer;
use store::{Store, accounts, identities, imported_accounts, tickets};

/// Mails links and redeems them.
pub struct Links {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) passwords: Passwords,
    pub(in crate::flows) notices: Notices,
    pub(in crate::flows) mailer: Arc<Mailer>,
    pub(in crate::flows) verification: Verification,
    pub(in crate::flows) random: Arc<dyn Random>,
    pub(in crate::flows) rules: SignUpRules,
}

/// The account that a link refers to, before the link is used.
#[derive(Clone, Debug)]
pub struct ResetOffer {
    /// The account that gets the password.
    pub account: Account,
    /// Whether the account has a password already.
    pub has_password: bool,
}

impl Links {
    /// Counts a request for mail by the address of `client`. A trusted server acts for many people, so its
    /// address is not limited.
    ///
    /// # Errors
    /// `Throttled` above the limit. Only the account's owner may be told.
    pub(super) fn count_request(&self, client: &Client, now: Millis) -> Result<(), AccountError> {
        if client.trusted {
            return Ok(());
        }
        self.limiter.take(Action::MailRequest, Key::Ip(client.ip.into()), now.0).map_err(refuse_throttled)
    }

    /// Counts a link of the kind `action` that is about to be mailed to `account`. Only mail counts: no
    /// request that mails nothing takes a link from the account's owner. Whoever asks cannot tell, if a blank
    /// is written instead.
    ///
    /// # Errors
    /// `Throttled` above the limit. Only the account's owner may be told.
    pub(super) fn count_mail(
        &self,
        action: Action,
        account: &Account,
        now: Millis,
    ) -> Result<(), AccountError> {
        self.limiter.take(action, Key::Account(account.id.0), now.0).map_err(refuse_throttled)
    }

    /// Finds the account and purpose of a link, if its purpose is one of `purposes` and the account is
    /// active.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used, expired or for another purpose, or the account is
    /// barred.
    pub(super) async fn find_offer(
        &self,
        token: &Token,
        purposes: &[TicketPurpose],
    ) -> Result<(ResetOffer, TicketPurpose), AccountError> {
        let mut db = self.store.read().await?;
        let ticket = tickets::find(&mut db, &token.digest(), self.clock.now()).await?;
        let (id, purpose) =
            ticket.filter(|(_, purpose)| purposes.contains(purpose)).ok_or(AccountError::TicketSpent)?;
        let found = accounts::find(&mut db, id).await?.filter(|found| found.account.active());
        let found = found.ok_or(AccountError::TicketSpent)?;
        Ok((ResetOffer { account: found.account, has_password: found.password_hash.is_some() }, purpose))
    }

    /// Sets a new password and uses the link up; see [`reset_password`](Self::reset_password).
    ///
    /// # Errors
    /// `TicketSpent`; `Invalid` when the password breaks a rule; `Throttled`, `Busy`.
    pub(super) async fn choose_password(
        &self,
        token: &Token,
        purposes: &[TicketPurpose],
        new: TypedPassword<'_>,
        client: &Client,
    ) -> Result<Account, AccountError> {
        let (ResetOffer { account, has_password }, purpose) = self.find_offer(token, purposes).await?;
        spend_by_account(&self.limiter, Action::TicketUse, account.id, client, self.clock.now())?;
        let new = self.passwords.check_own_choice(&account, new);
        let new = new.map_err(|code| AccountError::field(Field::NewPassword, code))?;
        let hash = self.passwords.hash(&new, client).await?;
        let now = self.clock.now();
        self.store
            .transact_on(account.id, async |tx| {
                // A concurrent sign-in with the old password waits for this lock, then finds the password
                // changed.
                accounts::hold(tx, account.id).await?;
                let used = tickets::consume(tx, &token.digest(), purpose, now).await?;
                let still = accounts::find(tx, account.id).await?.filter(|still| still.account.active());
                let Some(still) = still.filter(|_| used == Some(account.id)) else {
                    return Err(AccountError::TicketSpent);
                };
                accounts::reset_password(tx, account.id, &hash, now).await?;
                // Whoever had the account may have the user secret too, so it ends whatever the operator set.
                end_everything(tx, account.id, Spared::NOTHING, now).await?;
                // Until now nobody had proven the address. Whoever set the factors up may be somebody who
                // signed up with another person's; nobody did where the account came along from another
                // product.
                if still.account.verified_at.is_none()
                    && still.account.second_factor_at.is_some()
                    && !imported_accounts::came_along(tx, account.id).await?
                {
                    let noted = Noted::by_itself(EventKind::FactorsRemoved);
                    remove_factors(tx, &still.account, &noted, now).await?;
                }
                // Likewise whoever linked accounts at other providers with it.
                if still.account.verified_at.is_none() {
                    identities::end_since(tx, account.id, Millis(0)).await?;
                    // And whoever agreed to the terms of use.
                    accounts::disagree(tx, account.id, now).await?;
                }
                if still.account.verified_at.is_none() {
                    let noted = Noted::by_owner(EventKind::Verified, "link");
                    security_log::note(tx, account.id, &noted, client, now).await?;
                }
                let noted = Noted::by_owner(EventKind::PasswordChanged, "link");
                security_log::note(tx, account.id, &noted, client, now).await?;
                // A first password replaces nothing, so it needs no notice.
                if has_password {
                    // The link has just proven the address.
                    let proven =
                        Account { verified_at: account.verified_at.or(Some(now)), ..account.clone() };
                    cause::notify(tx, MailKind::PasswordChanged, &proven, client, now).await?;
                }
                let changed = accounts::find(tx, account.id).await?;
                changed.map(|found| found.account).ok_or(AccountError::TicketSpent)
            })
            .await
    }

    /// The account whose present password was chosen when this link was used up, if `typed` is that password:
    /// the form was sent twice. Counts as a guess at the account.
    ///
    /// # Errors
    /// `Throttled`, `Busy`.
    pub(super) async fn chosen_before(
        &self,
        token: &str,
        purposes: &[TicketPurpose],
        typed: TypedPassword<'_>,
        client: &Client,
    ) -> Result<Option<Account>, AccountError> {
        let (Some(token), Ok(password)) = (Token::parse(token), Password::parse(typed.0)) else {
            return Ok(None);
        };
        let (found, devices) = {
            let mut db = self.store.read().await?;
            let Some((id, used_at)) = tickets::find_spent(&mut db, &token.digest(), purposes).await? else {
                return Ok(None);
            };
            let found = accounts::find(&mut db, id).await?;
            let found = found.filter(|found| found.password_changed_at == Some(used_at));
            (found, KnownDevices::of(&mut db, None, client).await?)
        };
        let Some(found) = found.filter(|found| found.account.active()) else { return Ok(None) };
        let (id, stored) = (found.account.id, found.password_hash.as_deref());
        let admission = Admission::plain(self.verification);
        let subject = admission.subject(&self.limiter, id, &found.account.email.key(), client);
        let guesser = devices.guesser(id, subject, client);
        let right = self.passwords.is_right(&password, stored, guesser, id, client).await?;
        Ok(right.then_some(found.account))
    }

    /// Counts an attempt to use a link, and parses its secret.
    ///
    /// # Errors
    /// `Throttled`; `TicketSpent` when `token` is malformed.
    pub(super) fn present(&self, token: &str, client: &Client) -> Result<Token, AccountError> {
        spend_by_address(&self.limiter, Action::TicketUse, client, self.clock.now())?;
        Token::parse(token).ok_or(AccountError::TicketSpent)
    }
}
