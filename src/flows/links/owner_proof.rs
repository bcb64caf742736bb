//! The proof, besides a link, that its holder is the account's owner.

use super::tickets::Links;
use crate::flows::client::Client;
use crate::flows::known_devices::KnownDevices;
use crate::flows::providers::account_of;
use crate::flows::sessions::signed_in::SignedIn;
use crate::flows::sign_in::admission::Admission;
use domain::{AccountError, AccountId, Field, FieldCode, Millis, Password, Step, Token, TypedPassword};
use store::accounts::{self, Credentials};
use store::{StoreError, Tx, sessions};

/// What the holder of a link shows.
#[derive(Clone, Copy, Debug)]
pub enum OwnerProof<'a> {
    /// A session of the account.
    Session(&'a SignedIn),
    /// The password of the account.
    Password(TypedPassword<'a>),
    /// The secrets of this browser, which has come back from another provider as somebody whom the account is
    /// linked with.
    Identity(&'a [Token]),
}

/// A proof that was checked.
pub(super) enum Shown<'a> {
    Session(&'a SignedIn),
    /// The stored hash that the typed password matched.
    Password(Option<String>),
    /// The secrets of a browser that came back from another provider.
    Identity(&'a [Token], Millis),
}

impl Links {
    /// Checks a proof. A password counts as a guess at the account.
    ///
    /// # Errors
    /// `Invalid` when the session is another account's or the password is wrong; `StepWanted` for a generated
    /// password that has expired; `Throttled`, `Busy`.
    pub(super) async fn check_proof<'a>(
        &self,
        id: AccountId,
        proof: OwnerProof<'a>,
        client: &Client,
    ) -> Result<Shown<'a>, AccountError> {
        let refused = |code| AccountError::field(Field::Password, code);
        match proof {
            OwnerProof::Session(who) if who.account().id == id => Ok(Shown::Session(who)),
            OwnerProof::Session(_) => Err(refused(FieldCode::Required)),
            OwnerProof::Identity(browsers) => {
                let now = self.clock.now();
                let owner = account_of(&mut self.store.read().await?, browsers, now).await?;
                if owner == Some(id) {
                    Ok(Shown::Identity(browsers, now))
                } else {
                    Err(refused(FieldCode::Required))
                }
            }
            OwnerProof::Password(typed) => {
                let password = Password::parse(typed.0).map_err(|code| match code {
                    FieldCode::Required => refused(code),
                    _ => refused(FieldCode::PasswordWrong),
                })?;
                let (found, devices) = {
                    let mut db = self.store.read().await?;
                    (accounts::find(&mut db, id).await?, KnownDevices::of(&mut db, None, client).await?)
                };
                let admission = Admission::plain(self.verification);
                let email_key = found.as_ref().map(|found| found.account.email.key()).unwrap_or_default();
                let subject = admission.subject(&self.limiter, id, &email_key, client);
                let expires_at = found.as_ref().and_then(|found| found.password_expires_at);
                let stored = found.and_then(|found| found.password_hash);
                let guesser = devices.guesser(id, subject, client);
                if !self.passwords.is_right(&password, stored.as_deref(), guesser, id, client).await? {
                    return Err(refused(FieldCode::PasswordWrong));
                }
                // Only a caller who knows the password learns that it has expired.
                if expires_at.is_some_and(|end| end <= self.clock.now()) {
                    return Err(AccountError::StepWanted(Step::NewPassword));
                }
                Ok(Shown::Password(stored))
            }
        }
    }
}

impl Shown<'_> {
    /// Whether the proof still holds for the account `still`, which was read under its lock.
    pub(super) async fn still_holds(&self, tx: &mut Tx, still: &Credentials) -> Result<bool, StoreError> {
        match self {
            Self::Session(who) => Ok(sessions::find(tx, &who.session.token).await?.is_some()),
            Self::Password(hash) => Ok(still.password_hash == *hash),
            Self::Identity(browsers, now) => {
                Ok(account_of(tx, browsers, *now).await? == Some(still.account.id))
            }
        }
    }
}
