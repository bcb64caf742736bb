//! Changing one's own account: profile, username, password.

use super::login::finish;
use super::passwords::{self, wrong_password};
use super::registration::{Secret, taken_error};
use super::{Client, Flows, SignedIn, notices, refuse_throttled};
use crate::domain::{
    AccountError, Field, FieldCode, FieldError, MailKind, NAME_MAX_CHARS, Password, ProfileChange, Username,
    clean_text,
};
use crate::infra::limiter::{Action, Key};
use crate::store::{StoreError, accounts};

/// What was typed into the profile form; `None`: the field was not sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProfileInput<'a> {
    /// Display name.
    pub name: Option<&'a str>,
    /// First name.
    pub firstname: Option<&'a str>,
    /// Last name.
    pub lastname: Option<&'a str>,
    /// Language; empty: the browser's.
    pub locale: Option<&'a str>,
}

/// A change of password by its owner.
#[derive(Clone, Copy, Debug)]
pub struct PasswordChange<'a> {
    /// The present one, as typed.
    pub current: Secret<'a>,
    /// The new one, as typed.
    pub new: Secret<'a>,
}

impl Flows {
    pub(super) fn throttle_settings(&self, who: &SignedIn) -> Result<(), AccountError> {
        let now = self.parts().clock.now();
        self.parts()
            .limiter
            .take(Action::SettingsWrite, Key::Account(who.account().id.0), now.0)
            .map_err(refuse_throttled)
    }

    /// Changes names, language and the operator's fields. `given` looks up what was typed for the latter.
    ///
    /// # Errors
    /// `Invalid` with every field that cannot be accepted.
    pub async fn change_profile<'a>(
        &self,
        who: &SignedIn,
        input: &ProfileInput<'a>,
        given: impl Fn(&str) -> Option<&'a str>,
    ) -> Result<(), AccountError> {
        self.throttle_settings(who)?;
        let policy = self.policy();
        let mut errors = Vec::new();
        let mut text = |field: Field, raw: Option<&str>| {
            raw.and_then(|raw| match clean_text(raw, NAME_MAX_CHARS) {
                Ok(text) => Some(text),
                Err(code) => {
                    errors.push(FieldError { field, code });
                    None
                }
            })
        };
        let name = text(Field::Name, input.name);
        let firstname = text(Field::Firstname, input.firstname);
        let lastname = text(Field::Lastname, input.lastname);
        let locale = match input.locale.map(str::trim) {
            None => None,
            Some("") => Some(None),
            Some(code) if policy.locales.iter().any(|known| known == code) => Some(Some(code.to_owned())),
            Some(_) => {
                errors.push(FieldError { field: Field::Locale, code: FieldCode::LocaleUnknown });
                None
            }
        };
        let fields = policy.fields.parse(given, |_| false);
        let fields = fields.map_err(|refused| errors.extend(refused)).unwrap_or_default();
        if !errors.is_empty() {
            return Err(AccountError::Invalid(errors));
        }
        let change = ProfileChange { name, firstname, lastname, locale, fields };
        let mut tx = self.parts().store.write().await?;
        let now = self.parts().clock.now();
        let written = async {
            // Two forms sent at once must not undo each other.
            accounts::hold(&mut tx, who.account().id).await?;
            let Some(present) = accounts::find(&mut tx, who.account().id).await? else { return Ok(()) };
            accounts::update_profile(&mut tx, &present.account, &change, now).await
        };
        finish(written.await, tx).await
    }

    /// Gives the account another username.
    ///
    /// # Errors
    /// `Invalid` when it cannot be used or is taken.
    pub async fn change_username(
        &self,
        who: &SignedIn,
        typed: &str,
        client: &Client,
    ) -> Result<(), AccountError> {
        self.throttle_settings(who)?;
        let username = Username::parse(typed).map_err(|code| AccountError::field(Field::Username, code))?;
        let parts = self.parts();
        let id = who.account().id;
        {
            let mut db = parts.store.read().await?;
            let taken = accounts::taken(&mut db, None, Some(&username), Some(id)).await?;
            if !taken.is_empty() {
                return Err(AccountError::Invalid(taken.into_iter().map(taken_error).collect()));
            }
        }
        let mut tx = parts.store.write().await?;
        let now = parts.clock.now();
        let written = async {
            accounts::set_username(&mut tx, id, &username, now).await?;
            // The first one replaces none.
            let renamed = who.account().username.as_ref().is_some_and(|present| *present != username);
            if renamed {
                notices::tell(&mut tx, MailKind::UsernameChanged, who.account(), client, now).await?;
            }
            Ok(())
        };
        let written = written.await;
        if let Err(StoreError::Conflict(_)) = written {
            tx.rollback().await;
            return Err(AccountError::field(Field::Username, FieldCode::UsernameTaken));
        }
        finish(written, tx).await
    }

    /// Gives the account another password, ends its other sessions and voids its outstanding tickets.
    ///
    /// # Errors
    /// `Invalid` when the new one cannot be used or the present one is wrong, `Throttled`, `Busy`.
    pub async fn change_password(
        &self,
        who: &SignedIn,
        change: &PasswordChange<'_>,
        client: &Client,
    ) -> Result<(), AccountError> {
        self.throttle_settings(who)?;
        let parts = self.parts();
        let account = who.account();
        let mut errors = Vec::new();
        let current = Password::parse(change.current.0);
        if let Err(FieldCode::Required) = current {
            errors.push(FieldError { field: Field::CurrentPassword, code: FieldCode::Required });
        }
        let new = self.check_own_choice(account, change.new);
        let new = match new {
            Ok(new) if errors.is_empty() => new,
            Ok(_) => return Err(AccountError::Invalid(errors)),
            Err(code) => {
                errors.push(FieldError { field: Field::NewPassword, code });
                return Err(AccountError::Invalid(errors));
            }
        };
        let current = current.map_err(|_| wrong_password())?;
        let stored = self.confirm_own_password(who, &current, client).await?;
        let hash = self.hash(&new, client).await?;
        let mut tx = parts.store.write().await?;
        let now = parts.clock.now();
        let keep = Some(who.session.id);
        let written = passwords::replace(&mut tx, account, stored.as_deref(), &hash, keep, client, now).await;
        // Changed by somebody else meanwhile: what was typed as the present one no longer is.
        if finish(written, tx).await? { Ok(()) } else { Err(wrong_password()) }
    }
}
