//! Change of an account's e-mail address by its owner. The new address takes effect when it is verified; the
//! present address gets a notice.

use super::owner_proof::OwnerProof;
use super::tickets::Links;
use crate::flows::client::Client;
use crate::flows::mail::cause::notify;
use crate::flows::mail::reaches;
use crate::flows::refusals::{spend, spend_by_account};
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::proof::proven_lately;
use crate::flows::sessions::signed_in::{SignedIn, require_session_held};
use domain::{
    Account, AccountError, EmailAddress, EventKind, Field, FieldCode, FieldError, MailKind, Password,
    TicketPurpose, Token, TypedPassword,
};
use limiter::Action;
use store::{accounts, outbox, tickets};

impl Links {
    /// Mails `typed` a link that makes it the account's address, and mails the present address a notice. An
    /// address that belongs to another account gets a notice instead of a link; the caller cannot tell the
    /// two cases apart.
    ///
    /// # Errors
    /// `Invalid` when the address breaks a rule or the password is wrong; `ProofWanted` where the account has
    /// no password; `Throttled`, `Busy`.
    pub async fn request_address(
        &self,
        who: &SignedIn,
        typed: &str,
        current: TypedPassword<'_>,
        client: &Client,
    ) -> Result<(), AccountError> {
        let id = who.account().id;
        spend(&self.limiter, Action::SettingsWrite, id, client, self.clock.now())?;
        let mut errors = Vec::new();
        let email = EmailAddress::parse(typed).and_then(|email| {
            // Other capitals are a change: some mail servers tell them apart, and people want to see theirs.
            if email == who.account().email {
                return Err(FieldCode::EmailSame);
            }
            self.rules.check_address(&email)?;
            Ok(email)
        });
        let email = email.map_err(|code| errors.push(FieldError { field: Field::Email, code })).ok();
        let has_password = who.state.has_password;
        if has_password && Field::CurrentPassword.is_missing(current.0) {
            errors.push(FieldError { field: Field::CurrentPassword, code: FieldCode::Required });
        }
        let (Some(email), true) = (email, errors.is_empty()) else {
            return Err(AccountError::Invalid(errors));
        };
        if !reaches(&self.mailer, &email).await {
            return Err(AccountError::field(Field::Email, FieldCode::EmailNotAscii));
        }
        let stored = if has_password {
            let current = Password::parse(current.0).map_err(|_| AccountError::wrong_password())?;
            self.passwords.confirm_own(who, &current, client).await?.password_hash
        } else {
            // Whoever has passkeys alone has proven themselves by one.
            proven_lately(&who.session, self.clock.now())?;
            None
        };
        let now = self.clock.now();
        let wanted = self.wanted_address(id, email, now).await?;
        self.store
            .transact_on(id, async |tx| {
                let still = wanted.hold(tx, id).await?;
                let unchanged = still.filter(|still| still.password_hash == stored && still.account.active());
                let account = unchanged.ok_or_else(AccountError::wrong_password)?.account;
                require_session_held(tx, who).await?;
                self.ask_for_address(tx, &account, &wanted, client, now).await?;
                Ok(notify(tx, MailKind::AddressRequested, &account, client, now).await?)
            })
            .await
    }

    /// Returns the address that the link verifies and the account that asked for it, without using the link
    /// up.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired.
    pub async fn address_offer(
        &self,
        token: &str,
        who: Option<&SignedIn>,
    ) -> Result<AddressOffer, AccountError> {
        let token = Token::parse(token).ok_or(AccountError::TicketSpent)?;
        let (account, address) = self.find_address(&token).await?;
        let own = who.is_some_and(|who| who.account().id == account.id);
        Ok(AddressOffer { address, account: account.email.masked(), own })
    }

    async fn find_address(&self, token: &Token) -> Result<(Account, EmailAddress), AccountError> {
        let (offer, _) = self.find_offer(token, &[TicketPurpose::AddressChange]).await?;
        let address = tickets::address_of(&mut self.store.read().await?, &token.digest()).await?;
        Ok((offer.account, address.ok_or(AccountError::TicketSpent)?))
    }

    /// Whether this link, which is used up, gave the account of `who` the address that it has: the form was
    /// sent twice.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn was_confirmed(&self, token: &str, who: &SignedIn) -> Result<bool, AccountError> {
        let Some(token) = Token::parse(token) else { return Ok(false) };
        let mut db = self.store.read().await?;
        let spent = tickets::find_spent(&mut db, &token.digest(), &[TicketPurpose::AddressChange]).await?;
        let account = who.account();
        let Some((id, used_at)) = spent.filter(|(id, _)| *id == account.id) else { return Ok(false) };
        let address = tickets::address_of(&mut db, &token.digest()).await?;
        let present = accounts::find(&mut db, id).await?.map(|found| found.account);
        Ok(present.is_some_and(|present| {
            present.verified_at == Some(used_at) && address.as_ref() == Some(&present.email)
        }))
    }

    /// Makes the address that the link was mailed to the account's verified address. The holder of the link
    /// must be the account's owner: otherwise somebody could attach another person's address to an account of
    /// theirs by a click of that person. All other links that were mailed to the former address stop working.
    /// Sessions stay alive.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired; `Invalid` when the proof fails, or another
    /// account has taken the address meanwhile; `Throttled`, `Busy`.
    pub async fn confirm_address(
        &self,
        token: &str,
        proof: OwnerProof<'_>,
        client: &Client,
    ) -> Result<Account, AccountError> {
        let token = self.present(token, client)?;
        let (Account { id, .. }, address) = self.find_address(&token).await?;
        let shown = self.check_proof(id, proof, client).await?;
        let now = self.clock.now();
        spend_by_account(&self.limiter, Action::TicketUse, id, client, now)?;
        self.store
            .transact_on(id, async |tx| {
                let found = accounts::hold_and_find(tx, id).await?.ok_or(AccountError::TicketSpent)?;
                if !shown.still_holds(tx, &found).await? {
                    return Err(AccountError::field(Field::Password, FieldCode::PasswordWrong));
                }
                let used = tickets::consume(tx, &token.digest(), TicketPurpose::AddressChange, now).await?;
                let former = Some(found.account).filter(|former| former.active() && used == Some(id));
                let former = former.ok_or(AccountError::TicketSpent)?;
                let moved = accounts::set_address(tx, id, &address, now).await;
                moved.map_err(|error| error.or_taken(Field::Email))?;
                outbox::withdraw_links(tx, id).await?;
                tickets::void_all(tx, id, now).await?;
                let noted = Noted::by_owner(EventKind::AddressChanged, former.email.as_str());
                security_log::note(tx, id, &noted, client, now).await?;
                notify(tx, MailKind::AddressChanged, &former, client, now).await?;
                Ok(Account { email: address, verified_at: Some(now), ..former })
            })
            .await
    }

    /// Voids the link for a holder who does not know the account, and every other link by which the account
    /// would get the same address.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired; `Throttled`.
    pub async fn decline_address(&self, token: &str, client: &Client) -> Result<(), AccountError> {
        let token = self.present(token, client)?;
        let (Account { id, .. }, address) = self.find_address(&token).await?;
        let now = self.clock.now();
        spend_by_account(&self.limiter, Action::TicketUse, id, client, now)?;
        self.store
            .transact_on(id, async |tx| {
                accounts::hold(tx, id).await?;
                // Before the tickets: while the row of a message exists, the worker may add a ticket for it.
                outbox::withdraw_from(tx, id, MailKind::AddressChange, &address).await?;
                Ok(tickets::void_of_address(tx, id, &address, now).await?)
            })
            .await
    }
}

/// What a link to a new address offers, before it is used.
#[derive(Clone, Debug)]
pub struct AddressOffer {
    /// The address that the link proves.
    pub address: EmailAddress,
    /// The present address of the account that asked, masked.
    pub account: String,
    /// Whether this browser is signed in to that account.
    pub own: bool,
}
