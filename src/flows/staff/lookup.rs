//! Finding other people's accounts, checking their passwords and sending them links.

use super::changes::Staff;
use crate::flows::client::Client;
use crate::flows::keys::api_keys::PresentedKey;
use crate::flows::sign_in::grants::Grant;
use domain::{
    AccountError, AccountId, Actor, EmailAddress, Field, FieldCode, Scope, Token, TypedPassword,
    require_fields,
};
use store::accounts;

impl Staff {
    /// Number of the account with this address, for the holder of a key; `None` for a text that is not an
    /// address. The key and the account are looked up at once.
    ///
    /// # Errors
    /// `Unauthenticated`, `Forbidden`, `Invalid` when nothing was given, or characters that nobody can type.
    pub async fn find(
        &self,
        presented: &[PresentedKey],
        email: &str,
    ) -> Result<Option<AccountId>, AccountError> {
        let address = address_in(email);
        let (key, found) = match &address {
            Ok(Some(address)) => self.keys.present_with_account(presented, address).await?,
            Ok(None) | Err(_) => (self.keys.present(presented).await?, None),
        };
        Actor::Key(&key).require(Scope::AccountsRead)?;
        address.map(|_| found)
    }

    async fn account_of(&self, email: &str) -> Result<Option<AccountId>, AccountError> {
        match address_in(email)? {
            Some(address) => Ok(accounts::id_of(&mut self.store.read().await?, &address).await?),
            None => Ok(None),
        }
    }

    /// Checks somebody's password and makes a ticket that signs them in by redirection. Unlike on public
    /// doors, an unknown address is told from a wrong password.
    ///
    /// # Errors
    /// `Forbidden`, `Invalid` for what is missing, `NotFound`, `InvalidCredentials`, `Throttled`, `Busy`.
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
        let entered = self.sign_in.by_password_for(email, password, Grant::Autologin, client).await?;
        Ok(entered.granted()?.1)
    }

    /// Mails somebody a link to choose a new password; the old one works until it is used.
    ///
    /// # Errors
    /// `Forbidden`, `Invalid` when nothing was given, `NotFound`.
    pub async fn recover(&self, actor: Actor<'_>, email: &str, client: &Client) -> Result<(), AccountError> {
        actor.require(Scope::PasswordReset)?;
        self.account_of(email).await?.ok_or(AccountError::NotFound)?;
        self.links.request_recovery(email, None, client).await
    }
}

/// The address in this text; `None` for a text that is not an address, and so belongs to no account.
fn address_in(email: &str) -> Result<Option<EmailAddress>, AccountError> {
    match EmailAddress::parse(email) {
        Ok(address) => Ok(Some(address)),
        Err(code) if code == FieldCode::Required || email.trim().contains(char::is_control) => {
            Err(AccountError::field(Field::Email, code))
        }
        Err(_) => Ok(None),
    }
}
