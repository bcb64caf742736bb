//! Verification of an e-mail address by a link that was mailed there. The holder of the link must also prove
//! to be the person who signed up. Otherwise an attacker could sign up with a victim's address, and would
//! share the account once the victim verified it.

use super::owner_proof::{OwnerProof, Shown};
use super::tickets::{Links, ResetOffer};
use crate::flows::client::Client;
use crate::flows::mail::cause::{ask_for_proof, write_blank};
use crate::flows::providers::account_of;
use crate::flows::refusals::spend_by_account;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::signed_in::SignedIn;
use domain::{
    Account, AccountError, EventKind, Field, FieldCode, MailKind, TicketPurpose, Token, TypedPassword,
    Verification, require_fields,
};
use limiter::Action;
use store::{accounts, outbox, tickets};

const PURPOSES: [TicketPurpose; 1] = [TicketPurpose::Verification];

/// The account that a link verifies, before the link is used.
#[derive(Clone, Debug)]
pub struct VerificationOffer {
    /// The account whose address is verified.
    pub account: Account,
    /// Whether the account has a password.
    pub has_password: bool,
    /// Whether this browser is signed in to the account, or has signed up by another provider.
    pub own: bool,
}

/// The proof, besides the link, that its holder is the person who signed up.
#[derive(Clone, Copy, Debug)]
pub enum AddressProof<'a> {
    /// A session of the account, or the password that was chosen at sign-up.
    Owner(OwnerProof<'a>),
    /// No proof. The account gets this password, and everything that was opened before ends.
    NewPassword(TypedPassword<'a>),
}

/// Who wants the link again.
#[derive(Clone, Copy, Debug)]
pub enum LinkRequest<'a> {
    /// The signed-in owner of the account.
    Owner(&'a SignedIn),
    /// Somebody who typed an address or a username.
    Typed(&'a str),
}

impl Links {
    /// Mails the link again, if the account that is asked for has an unverified address. To somebody who
    /// typed a name the outcome does not reveal whether there is such an account, so above the limit there is
    /// no error either.
    ///
    /// # Errors
    /// `NotFound` when verification is off, `Invalid` when nothing was typed, `Throttled` for the owner.
    pub async fn request_verification(
        &self,
        request: LinkRequest<'_>,
        client: &Client,
    ) -> Result<(), AccountError> {
        if self.verification == Verification::Off {
            return Err(AccountError::NotFound);
        }
        let identifier = match request {
            LinkRequest::Owner(who) => who.account().email.as_str(),
            LinkRequest::Typed(typed) => typed,
        };
        require_fields([(Field::Email, identifier)])?;
        let now = self.clock.now();
        let owner = matches!(request, LinkRequest::Owner(_));
        match self.count_request(client, now) {
            Err(throttled) if owner => return Err(throttled),
            Err(_) => return Ok(()),
            Ok(()) => {}
        }
        let found = accounts::find_by_identifier(&mut self.store.read().await?, identifier).await?;
        let account = found.map(|found| found.account);
        let account = account.filter(|account| account.active() && self.verification.asks(account));
        let allowed = account.as_ref().map(|account| self.count_mail(Action::VerificationMail, account, now));
        let account = match allowed {
            Some(Err(throttled)) if owner => return Err(throttled),
            Some(Err(_)) => None,
            Some(Ok(())) | None => account,
        };
        self.store
            .transact(async |tx| match &account {
                Some(account) => Ok(ask_for_proof(tx, self.verification, account, client, now).await?),
                None => Ok(write_blank(tx, now).await?),
            })
            .await
    }

    /// Returns the account and state that the link refers to, without using the link up. `browsers` are the
    /// secrets of browsers that came back from another provider.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired.
    pub async fn verification_offer(
        &self,
        token: &str,
        who: Option<&SignedIn>,
        browsers: &[Token],
    ) -> Result<VerificationOffer, AccountError> {
        let token = Token::parse(token).ok_or(AccountError::TicketSpent)?;
        let (ResetOffer { account, has_password }, _) = self.find_offer(&token, &PURPOSES).await?;
        let mut own = who.is_some_and(|who| who.account().id == account.id);
        if !own && !browsers.is_empty() {
            let mut db = self.store.read().await?;
            own = account_of(&mut db, browsers, self.clock.now()).await? == Some(account.id);
        }
        Ok(VerificationOffer { account, has_password, own })
    }

    /// The account whose address this link has verified, or another of its links at the same time. `None`
    /// when the link did something else, or the address is another one now.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn was_verified(&self, token: &str) -> Result<Option<Account>, AccountError> {
        let Some(token) = Token::parse(token) else { return Ok(None) };
        let mut db = self.store.read().await?;
        let Some((id, used_at)) = tickets::find_spent(&mut db, &token.digest(), &PURPOSES).await? else {
            return Ok(None);
        };
        // The proof and the use of the link are one transaction, and have one time. So has a change of
        // address, which proves another address and voids the link.
        if tickets::was_spent_at(&mut db, id, TicketPurpose::AddressChange, used_at).await? {
            return Ok(None);
        }
        let account = accounts::find(&mut db, id).await?.map(|found| found.account);
        Ok(account.filter(|account| account.active() && account.verified_at == Some(used_at)))
    }

    /// As [`was_verified`](Self::was_verified), where the form had a new password too: whether `new` is the
    /// account's present one.
    ///
    /// # Errors
    /// `Throttled`, `Busy`.
    pub async fn was_verified_with(
        &self,
        token: &str,
        new: TypedPassword<'_>,
        client: &Client,
    ) -> Result<Option<Account>, AccountError> {
        self.chosen_before(token, &PURPOSES, new, client).await
    }

    /// Verifies the address of the link's account. With [`AddressProof::NewPassword`] it also ends everything
    /// that was opened before: sessions, bearers, paired devices, known browsers, links, the user secret.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired. `Invalid` when the proof fails; the link
    /// still works then. `Throttled`, `Busy`.
    pub async fn verify_address(
        &self,
        token: &str,
        proof: AddressProof<'_>,
        client: &Client,
    ) -> Result<Account, AccountError> {
        let token = self.present(token, client)?;
        match proof {
            AddressProof::NewPassword(new) => self.choose_password(&token, &PURPOSES, new, client).await,
            AddressProof::Owner(proof) => {
                let (offer, _) = self.find_offer(&token, &PURPOSES).await?;
                let shown = self.check_proof(offer.account.id, proof, client).await?;
                self.note_proof(&token, &offer.account, shown, client).await
            }
        }
    }

    /// Uses the link up, unless the proof has become invalid since it was checked.
    async fn note_proof(
        &self,
        token: &Token,
        account: &Account,
        shown: Shown<'_>,
        client: &Client,
    ) -> Result<Account, AccountError> {
        let id = account.id;
        let now = self.clock.now();
        spend_by_account(&self.limiter, Action::TicketUse, id, client, now)?;
        self.store
            .transact_on(id, async |tx| {
                let still = accounts::hold_and_find(tx, id).await?.ok_or(AccountError::TicketSpent)?;
                if !shown.still_holds(tx, &still).await? {
                    return Err(AccountError::field(Field::Password, FieldCode::PasswordWrong));
                }
                let used = tickets::consume(tx, &token.digest(), TicketPurpose::Verification, now).await?;
                if used != Some(id) || !still.account.active() {
                    return Err(AccountError::TicketSpent);
                }
                accounts::prove_address(tx, id, now).await?;
                if still.account.verified_at.is_none() {
                    let noted = Noted::by_owner(EventKind::Verified, "link");
                    security_log::note(tx, id, &noted, client, now).await?;
                }
                outbox::withdraw(tx, id, MailKind::Verification).await?;
                tickets::keep_newest(tx, id, TicketPurpose::Verification, 0, now).await?;
                Ok(Account { verified_at: Some(now), ..still.account })
            })
            .await
    }
}
