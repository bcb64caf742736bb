//! Changes of password by the account's owner.

use super::profile::Profiles;
use crate::flows::client::Client;
use crate::flows::known_devices::KnownDevices;
use crate::flows::passwords::{self, Replacement};
use crate::flows::refusals::spend;
use crate::flows::security_log::Noted;
use crate::flows::sessions::signed_in::SignedIn;
use crate::flows::sign_in::admission::Admission;
use domain::{
    AccountError, AccountId, EventKind, Field, FieldCode, FieldError, Millis, Password, Session, Token,
    TypedPassword,
};
use limiter::Action;
use store::{accounts, sessions};

/// A change of password by the account's owner.
#[derive(Clone, Copy, Debug)]
pub struct PasswordInput<'a> {
    /// The present one, as typed.
    pub current: TypedPassword<'a>,
    /// The new password, as typed.
    pub new: TypedPassword<'a>,
}

impl Profiles {
    /// Replaces the account's password and ends whatever else opens the account. The session of this request
    /// goes on under a new secret, which is returned; the old one opens nothing any more.
    ///
    /// # Errors
    /// `Invalid` when the new password breaks a rule or the present one is wrong; `Throttled`, `Busy`;
    /// `Unauthenticated` when the session has ended meanwhile.
    pub async fn change_password(
        &self,
        who: &SignedIn,
        change: &PasswordInput<'_>,
        client: &Client,
    ) -> Result<Token, AccountError> {
        let account = who.account();
        spend(&self.limiter, Action::SettingsWrite, account.id, client, self.clock.now())?;
        let mut errors = Vec::new();
        if Field::CurrentPassword.is_missing(change.current.0) {
            errors.push(FieldError { field: Field::CurrentPassword, code: FieldCode::Required });
        }
        let new = self.passwords.check_own_choice(account, change.new);
        let new = match new {
            Ok(new) if errors.is_empty() => new,
            Ok(_) => return Err(AccountError::Invalid(errors)),
            Err(code) => {
                errors.push(FieldError { field: Field::NewPassword, code });
                return Err(AccountError::Invalid(errors));
            }
        };
        let current = Password::parse(change.current.0).map_err(|_| AccountError::wrong_password())?;
        let present = self.passwords.confirm_own(who, &current, client).await?;
        let hash = self.passwords.hash(&new, client).await?;
        let now = self.clock.now();
        let with = Replacement {
            old: present.password_hash.as_deref(),
            changed_at: present.password_changed_at,
            new: &hash,
            spared: self.passwords.spared(Some(who.session.id)),
            noted: Noted::by_owner(EventKind::PasswordChanged, ""),
        };
        let token = Token::generate(self.random.as_ref());
        let replaced = self.store.transact_on(account.id, async |tx| {
            if !passwords::replace(tx, account, &with, client, now).await? {
                // A concurrent request changed the password, so the typed password is no longer the present
                // one.
                return Err(AccountError::wrong_password());
            }
            match sessions::renew(tx, &who.session, &token.digest(), now).await? {
                true => Ok(()),
                false => Err(AccountError::Unauthenticated),
            }
        });
        replaced.await?;
        Ok(token)
    }

    /// Answers a change that has just been made, in a session that one of `secrets` opened before: a browser
    /// without script sends a form twice when its button is pressed twice, and shows the second answer. The
    /// first answer's secret was never read, so the session gets another, which is returned. `None` where no
    /// such change was made, the form stood on a page of another account than `shown`, or the password is not
    /// the new one.
    ///
    /// # Errors
    /// `Throttled`, `Busy`.
    pub async fn changed_before(
        &self,
        secrets: &[Token],
        shown: Option<AccountId>,
        change: &PasswordInput<'_>,
        client: &Client,
    ) -> Result<Option<Token>, AccountError> {
        let Ok(new) = Password::parse(change.new.0) else { return Ok(None) };
        // Another copy may give the session another secret meanwhile.
        for _ in 0..MOST_COPIES {
            let now = self.clock.now();
            let Some(session) = self.renewed(secrets, now).await? else { return Ok(None) };
            let id = session.account_id;
            let (found, devices) = {
                let mut db = self.store.read().await?;
                (accounts::find(&mut db, id).await?, KnownDevices::of(&mut db, None, client).await?)
            };
            let Some(found) = found.filter(|found| found.account.active()) else { return Ok(None) };
            if shown.is_some_and(|shown| shown != id) {
                return Ok(None);
            }
            let stored = found.password_hash.as_deref();
            // A guess of somebody who has the former secret is a stranger's: the session is its owner's.
            let admission = Admission::plain(self.verification);
            let subject = admission.subject(&self.limiter, id, &found.account.email.key(), client);
            let guesser = devices.guesser(id, subject, client);
            if !self.passwords.is_right(&new, stored, guesser, id, client).await? {
                return Ok(None);
            }
            let token = Token::generate(self.random.as_ref());
            let written = self.store.transact_on(id, async |tx| -> Result<bool, AccountError> {
                Ok(sessions::renew_again(tx, &session, &token.digest()).await?)
            });
            if written.await? {
                return Ok(Some(token));
            }
        }
        Ok(None)
    }

    /// The session that one of `secrets` opened until some seconds ago.
    async fn renewed(&self, secrets: &[Token], now: Millis) -> Result<Option<Session>, AccountError> {
        let mut db = self.store.read().await?;
        for secret in secrets {
            if let Some(session) = sessions::find_renewed(&mut db, &secret.digest(), now).await? {
                return Ok(Some(session));
            }
        }
        Ok(None)
    }
}

/// The copies of one form that may arrive at the same time.
const MOST_COPIES: usize = 4;
