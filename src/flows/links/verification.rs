//! Proving that an address is one's own, by a link that was mailed there. Whoever opens it must also be the
//! one who chose the password: otherwise somebody could sign up with another's address and share the account
//! once it is proven.

use super::tickets::{Links, ResetOffer};
use crate::flows::client::Client;
use crate::flows::mail::cause::{ask_for_proof, write_blank};
use crate::flows::sessions::signed_in::SignedIn;
use domain::{
    Account, AccountError, Field, FieldCode, MailKind, Password, TicketPurpose, Token, TypedPassword,
    Verification,
};
use limiter::Subject;
use store::{accounts, outbox, sessions, tickets};

const PURPOSES: [TicketPurpose; 1] = [TicketPurpose::Verification];

/// What the holder of a link may do with it.
#[derive(Clone, Debug)]
pub struct VerificationOffer {
    /// The account whose address it proves.
    pub account: Account,
    /// Whether it has a password.
    pub has_password: bool,
    /// Whether it is the account that this browser is signed in to.
    pub own: bool,
}

/// How the holder of a link shows to be the one whose account it is.
#[derive(Clone, Copy, Debug)]
pub enum AddressProof<'a> {
    /// By being signed in to it.
    Session(&'a SignedIn),
    /// By the password that was chosen at sign-up.
    Password(TypedPassword<'a>),
    /// Not at all: the account gets this password, and everything that was made before ends.
    NewPassword(TypedPassword<'a>),
}

impl Links {
    /// Mails the link once more, if `identifier` (an address or a username) is an account's whose address is
    /// not proven. Callers cannot learn whether there is one, and who asks too often is told nothing.
    ///
    /// # Errors
    /// `NotFound` where addresses are not proven, `Invalid` when nothing was typed.
    pub async fn request_verification(&self, identifier: &str, client: &Client) -> Result<(), AccountError> {
        if self.verification == Verification::Off {
            return Err(AccountError::NotFound);
        }
        if identifier.trim().is_empty() {
            return Err(AccountError::field(Field::Email, FieldCode::Required));
        }
        let now = self.clock.now();
        let found = accounts::find_by_identifier(&mut self.store.read().await?, identifier).await?;
        let found = found.map(|found| found.account);
        if !self.may_have_mail(found.as_ref(), identifier, client, now) {
            return Ok(());
        }
        let account = found.filter(|account| account.active() && self.verification.asks(account));
        self.store
            .transact(async |tx| match &account {
                Some(account) => Ok(ask_for_proof(tx, self.verification, account, client, now).await?),
                None => Ok(write_blank(tx, now).await?),
            })
            .await
    }

    /// What the holder of this link may do. Looking does not use it up.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired.
    pub async fn verification_offer(
        &self,
        token: &str,
        who: Option<&SignedIn>,
    ) -> Result<VerificationOffer, AccountError> {
        let token = Token::parse(token).ok_or(AccountError::TicketSpent)?;
        let (ResetOffer { account, has_password }, _) = self.find_offer(&token, &PURPOSES).await?;
        let own = who.is_some_and(|who| who.account().id == account.id);
        Ok(VerificationOffer { account, has_password, own })
    }

    /// Proves the address of the account of a mailed link. A new password ends everything that was opened
    /// before: sessions, bearers, paired devices, known browsers, links, the user secret.
    ///
    /// # Errors
    /// `TicketSpent` when the link is unknown, used or expired; `Invalid` when the proof is none, and then
    /// the link still works; `Throttled`, `Busy`.
    pub async fn verify_address(
        &self,
        token: &str,
        proof: AddressProof<'_>,
        client: &Client,
    ) -> Result<Account, AccountError> {
        let token = self.present(token, client)?;
        match proof {
            AddressProof::NewPassword(new) => self.choose_password(&token, &PURPOSES, new, client).await,
            AddressProof::Session(who) => {
                let (offer, _) = self.find_offer(&token, &PURPOSES).await?;
                if offer.account.id != who.account().id {
                    return Err(AccountError::field(Field::Password, FieldCode::Required));
                }
                self.note_proof(&token, &offer.account, Shown::Session(who)).await
            }
            AddressProof::Password(typed) => {
                let (offer, _) = self.find_offer(&token, &PURPOSES).await?;
                let id = offer.account.id;
                let refused = |code| AccountError::field(Field::Password, code);
                let password = Password::parse(typed.0).map_err(|code| match code {
                    FieldCode::Required => refused(code),
                    _ => refused(FieldCode::PasswordWrong),
                })?;
                let found = accounts::find(&mut self.store.read().await?, id).await?;
                let stored = found.and_then(|found| found.password_hash);
                let subject = Subject::Account(id.0);
                if !self.passwords.is_right(password.as_bytes(), stored.as_deref(), subject, client).await? {
                    return Err(refused(FieldCode::PasswordWrong));
                }
                self.note_proof(&token, &offer.account, Shown::Password(stored)).await
            }
        }
    }

    /// Uses the link up, unless what was shown holds no longer.
    async fn note_proof(
        &self,
        token: &Token,
        account: &Account,
        shown: Shown<'_>,
    ) -> Result<Account, AccountError> {
        let id = account.id;
        let now = self.clock.now();
        self.store
            .transact(async |tx| {
                accounts::hold(tx, id).await?;
                let still = accounts::find(tx, id).await?.ok_or(AccountError::TicketSpent)?;
                let holds = match shown {
                    Shown::Session(who) => sessions::find(tx, &who.session.token).await?.is_some(),
                    Shown::Password(hash) => still.password_hash == hash,
                };
                if !holds {
                    return Err(AccountError::field(Field::Password, FieldCode::PasswordWrong));
                }
                let used = tickets::consume(tx, &token.digest(), TicketPurpose::Verification, now).await?;
                if used != Some(id) || !still.account.active() {
                    return Err(AccountError::TicketSpent);
                }
                accounts::prove_address(tx, id, now).await?;
                outbox::withdraw(tx, id, MailKind::Verification).await?;
                tickets::keep_newest(tx, id, TicketPurpose::Verification, 0, now).await?;
                Ok(Account { verified_at: Some(now), ..still.account })
            })
            .await
    }
}

/// What was shown besides the link.
enum Shown<'a> {
    Session(&'a SignedIn),
    /// The password of this hash.
    Password(Option<String>),
}
