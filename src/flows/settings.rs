//! Changing one's own account: profile, username, password.

use super::mail::cause;
use super::{Client, Flows, SignedIn, passwords, refuse_throttled};
use crate::domain::{
    AccountError, Field, FieldCode, FieldError, MailKind, NAME_MAX_CHARS, Password, ProfileChange,
    TypedPassword, Username, clean_text,
};
use crate::infra::limiter::{Action, Key};
use crate::store::accounts;

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
    pub current: TypedPassword<'a>,
    /// The new one, as typed.
    pub new: TypedPassword<'a>,
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
        let (id, now) = (who.account().id, self.parts().clock.now());
        self.store()
            .transact(async |tx| {
                // Two forms sent at once must not undo each other.
                accounts::hold(tx, id).await?;
                let Some(present) = accounts::find(tx, id).await? else { return Ok(()) };
                Ok(accounts::update_profile(tx, &present.account, &change, now).await?)
            })
            .await
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
                return Err(AccountError::taken(taken));
            }
        }
        let now = parts.clock.now();
        // A first username replaces none, so nobody needs to be warned of it.
        let renamed = who.account().username.as_ref().is_some_and(|present| *present != username);
        parts
            .store
            .transact(async |tx| {
                let written = accounts::set_username(tx, id, &username, now).await;
                written.map_err(|error| error.or_taken(Field::Username))?;
                if renamed {
                    cause::notify(tx, MailKind::UsernameChanged, who.account(), client, now).await?;
                }
                Ok(())
            })
            .await
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
        let current = current.map_err(|_| AccountError::wrong_password())?;
        let stored = self.confirm_own_password(who, &current, client).await?;
        let hash = self.hash(&new, client).await?;
        let now = parts.clock.now();
        let (old, keep) = (stored.as_deref(), Some(who.session.id));
        let replaced = parts.store.transact(async |tx| {
            match passwords::replace(tx, account, old, &hash, keep, client, now).await? {
                true => Ok(()),
                // Somebody else changed it meanwhile, so what was typed is no longer the present password.
                false => Err(AccountError::wrong_password()),
            }
        });
        replaced.await
    }
}
