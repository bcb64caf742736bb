//! Finding other people's accounts, checking their passwords and mailing them links.

use super::changes::Administration;
use crate::flows::client::Client;
use crate::flows::keys::api_keys::PresentedKey;
use crate::flows::sign_in::grants::Grant;
use domain::{
    AccountError, AccountId, Actor, ApiKey, EmailAddress, Field, FieldCode, Scope, Token, TypedPassword,
    require_fields,
};
use store::accounts;

/// What was found of an address, for an actor who may know.
pub struct Lookup {
    address: Result<Option<EmailAddress>, AccountError>,
    found: Option<AccountId>,
}

impl Lookup {
    /// Number of the account of the address; `None` where no account has it, or what was given is no address.
    ///
    /// # Errors
    /// `Forbidden`, `Invalid` when nothing was given, or characters that nobody can type.
    pub fn reveal_to(self, actor: Actor<'_>) -> Result<Option<AccountId>, AccountError> {
        actor.require(Scope::AccountsRead)?;
        self.address.map(|_| self.found)
    }
}

impl Administration {
    /// The key that a caller presents, and what is found of an address: the database is asked for both at
    /// once.
    ///
    /// # Errors
    /// `Unauthenticated`.
    pub async fn look_up(
        &self,
        presented: &[PresentedKey],
        email: &str,
    ) -> Result<(ApiKey, Lookup), AccountError> {
        let address = address_in(email);
        let (key, found) = match &address {
            Ok(Some(address)) => self.keys.present_with_account(presented, address).await?,
            Ok(None) | Err(_) => (self.keys.present(presented).await?, None),
        };
        Ok((key, Lookup { address, found }))
    }

    async fn account_of(&self, email: &str) -> Result<Option<AccountId>, AccountError> {
        match address_in(email)? {
            Some(address) => Ok(accounts::id_of(&mut self.store.read().await?, &address).await?),
            None => Ok(None),
        }
    }

    /// Checks a person's password and creates an autologin ticket. Unlike public doors, this one
    /// distinguishes an unknown address from a wrong password.
    ///
    /// # Errors
    /// `Forbidden`, `Invalid` for empty fields, `NotFound`, `InvalidCredentials`, `Locked`, `Throttled`,
    /// `Busy`.
    pub async fn authenticate(
        &self,
        actor: Actor<'_>,
        email: &str,
        password: TypedPassword<'_>,
        client: &Client,
    ) -> Result<Token, AccountError> {
        actor.require(Scope::AccountsRead)?;
        require_fields([(Field::Email, email), (Field::Password, password.0)])?;
        if self.account_of(email).await?.is_none() {
            return Err(AccountError::NotFound);
        }
        let entered = self.sign_in.by_password_for(email, password, "", Grant::Autologin, client).await?;
        Ok(entered.granted()?.1)
    }

    /// Mails a person a recovery link. The old password works until the link is used.
    ///
    /// # Errors
    /// `Forbidden`, `Invalid` when `email` is empty, `NotFound`.
    pub async fn recover(&self, actor: Actor<'_>, email: &str, client: &Client) -> Result<(), AccountError> {
        actor.require(Scope::PasswordReset)?;
        self.account_of(email).await?.ok_or(AccountError::NotFound)?;
        self.links.request_recovery(email, client.locale.as_deref(), client).await
    }
}

/// Parses the address. `None` for text that is not an address, and so belongs to nobody.
fn address_in(email: &str) -> Result<Option<EmailAddress>, AccountError> {
    match EmailAddress::parse(email) {
        Ok(address) => Ok(Some(address)),
        Err(code) if code == FieldCode::Required || email.trim().contains(char::is_control) => {
            Err(AccountError::field(Field::Email, code))
        }
        Err(_) => Ok(None),
    }
}
