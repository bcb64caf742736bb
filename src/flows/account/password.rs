//! Changes of password by the account's owner.

use super::profile::Profiles;
use crate::flows::client::Client;
use crate::flows::passwords;
use crate::flows::refusals::spend;
use crate::flows::sessions::signed_in::SignedIn;
use domain::{AccountError, Field, FieldCode, FieldError, Password, Token, TypedPassword};
use limiter::Action;
use store::sessions;

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
        let stored = self.passwords.confirm_own(who, &current, client).await?;
        let hash = self.passwords.hash(&new, client).await?;
        let now = self.clock.now();
        let (old, spared) = (stored.as_deref(), self.passwords.spared(Some(who.session.id)));
        let token = Token::generate(self.random.as_ref());
        let replaced = self.store.transact_on(account.id, async |tx| {
            if !passwords::replace(tx, account, old, &hash, spared, client, now).await? {
                // A concurrent request changed the password, so the typed password is no longer the present
                // one.
                return Err(AccountError::wrong_password());
            }
            match sessions::renew(tx, &who.session, &token.digest()).await? {
                true => Ok(()),
                false => Err(AccountError::Unauthenticated),
            }
        });
        replaced.await?;
        Ok(token)
    }
}
