//! Making an account.

use super::{Client, Flows};
use crate::domain::{
    Account, AccountError, EmailAddress, Field, FieldCode, FieldError, Password, ProfileChange, Role,
    Username,
};
use crate::infra::limiter::{Action, Key};
use crate::store::{StoreError, accounts};

/// What somebody typed who wants an account.
#[derive(Clone, Debug, Default)]
pub struct NewRegistration<'a> {
    /// Address.
    pub email: &'a str,
    /// Username; empty: none.
    pub username: &'a str,
    /// Password, as typed.
    pub password: Secret<'a>,
    /// Language to begin with.
    pub locale: Option<&'a str>,
}

/// Something typed that must not print.
#[derive(Clone, Copy, Default)]
pub struct Secret<'a>(pub &'a str);

impl std::fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Flows {
    /// Makes an account with a password. `given` looks up what was typed for the operator's fields.
    ///
    /// # Errors
    /// `Invalid` with every field that cannot be accepted, `Throttled`, `Busy`.
    pub async fn register<'a>(
        &self,
        new: &NewRegistration<'a>,
        given: impl Fn(&str) -> Option<&'a str>,
        client: &Client,
    ) -> Result<Account, AccountError> {
        let parts = self.parts();
        let now = parts.clock.now();
        let mut errors = Vec::new();
        let mut refuse = |field, code| errors.push(FieldError { field, code });
        let email = EmailAddress::parse(new.email).map_err(|code| refuse(Field::Email, code)).ok();
        let username = match new.username.trim() {
            "" => None,
            typed => Username::parse(typed).map_err(|code| refuse(Field::Username, code)).ok(),
        };
        let password = Password::parse(new.password.0).and_then(|password| {
            let own =
                [new.email.trim(), email.as_ref().map_or("", EmailAddress::local_part), new.username.trim()];
            parts.policy.password.check(&password, &own).map(|()| password)
        });
        let password = password.map_err(|code| refuse(Field::Password, code)).ok();
        let fields = parts.policy.fields.parse(given, |field| field.sign_up);
        let fields = fields.map_err(|refused| errors.extend(refused)).unwrap_or_default();
        let (Some(email), Some(password), true) = (email, password, errors.is_empty()) else {
            return Err(AccountError::Invalid(errors));
        };
        // Before anything tells whether an address is taken: that answer is what is rationed.
        parts.limiter.take(Action::Registration, Key::Address(client.address.into()), now.0)?;
        {
            let mut db = parts.store.read().await?;
            let taken = accounts::taken(&mut db, Some(&email), username.as_ref(), None).await?;
            if !taken.is_empty() {
                return Err(AccountError::Invalid(taken.into_iter().map(taken_error).collect()));
            }
        }
        let password_hash = Some(self.hash(&password).await?);
        let locale = new.locale.map(|locale| Some(locale.to_owned()));
        let profile = ProfileChange { locale, fields, ..ProfileChange::default() };
        let account = accounts::NewAccount { email, username, role: Role::MEMBER, profile, password_hash };
        let mut tx = parts.store.write().await?;
        let written = async {
            let id = accounts::insert(&mut tx, &account, parts.clock.now()).await?;
            accounts::find(&mut tx, id).await?.ok_or(StoreError::Corrupt("account that was just written"))
        };
        match written.await {
            Ok(written) => {
                tx.commit().await?;
                Ok(written.account)
            }
            Err(StoreError::Conflict(_)) => {
                tx.rollback().await;
                // Somebody was faster between the look and the write.
                let mut db = parts.store.read().await?;
                let taken =
                    accounts::taken(&mut db, Some(&account.email), account.username.as_ref(), None).await?;
                Err(AccountError::Invalid(taken.into_iter().map(taken_error).collect()))
            }
            Err(error) => {
                tx.rollback().await;
                Err(error.into())
            }
        }
    }
}

pub(super) fn taken_error(field: Field) -> FieldError {
    let code = if field == Field::Email { FieldCode::EmailTaken } else { FieldCode::UsernameTaken };
    FieldError { field, code }
}
