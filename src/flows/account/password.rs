//! Changes of password by the account's owner.

use super::profile::Profiles;
use crate::flows::client::Client;
use crate::flows::passwords;
use crate::flows::refusals::spend;
use crate::flows::sessions::signed_in::SignedIn;
use domain::{AccountError, Field, FieldCode, FieldError, Password, TypedPassword};
use limiter::Action;

/// A change of password by the account's owner.
#[derive(Clone, Copy, Debug)]
pub struct PasswordInput<'a> {
    /// The present one, as typed.
    pub current: TypedPassword<'a>,
    /// The new password, as typed.
    pub new: TypedPassword<'a>,
}

impl Profiles {
    /// Replaces the account's password, ends its other sessions and bearers, and voids its outstanding
    /// tickets.
    ///
    /// # Errors
    /// `Invalid` when the new password breaks a rule or the present one is wrong; `Throttled`, `Busy`.
    pub async fn change_password(
        &self,
        who: &SignedIn,
        change: &PasswordInput<'_>,
        client: &Client,
    ) -> Result<(), AccountError> {
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
        let stored = self.passwords.confirm_own(who, &current, client).await?;
        let hash = self.passwords.hash(&new, client).await?;
        let now = self.clock.now();
        let (old, keep) = (stored.as_deref(), Some(who.session.id));
        let replaced = self.store.transact_on(account.id, async |tx| {
            match passwords::replace(tx, account, old, &hash, keep, client, now).await? {
                true => Ok(()),
                // A concurrent request changed the password, so the typed password is no longer the present
                // one.
                false => Err(AccountError::wrong_password()),
            }
        });
        replaced.await
    }
}
