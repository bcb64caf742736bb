//! What a device back end does by the secret that it was given when it registered an account, and changes of password
//! by somebody who is not signed in.

use std::time::Duration;

use super::api_keys::require;
use super::{Client, Flows, Grant, LoginAttempt, passwords};
use crate::domain::{
    AccountError, AccountId, ApiKey, Audience, EmailAddress, Field, FieldCode, Lifetime, Password, Scope,
    Token, TypedPassword, require_fields,
};
use crate::store::{Linked, StoreError, accounts, user_secrets};

/// The bearers that user secrets are exchanged for.
const AUDIENCE: Audience = Audience("amadis");

/// Who asks for a password to be made up.
#[derive(Clone, Copy)]
pub enum ResetCaller<'a> {
    /// A trusted server.
    Key(&'a ApiKey),
    /// Somebody who presents this: the account's user secret, a bearer that it was exchanged for, or neither.
    Holder(&'a str),
    /// Anybody.
    Public,
}

/// What came of it.
#[derive(Debug)]
pub enum ResetOutcome {
    /// The new password, and the address as it is stored.
    Generated {
        /// Address of the account.
        email: EmailAddress,
        /// Its new password.
        password: Password,
    },
    /// Nothing was changed; whoever owns the address has mail.
    Mailed,
}

impl Flows {
    /// Exchanges an account's user secret for a short-lived bearer (RFC 6749 4.4). A secret has 256 bits, so that
    /// guessing needs no limit.
    ///
    /// # Errors
    /// `InvalidCredentials` for an unknown or barred account and a wrong secret alike, `Unverified`.
    pub async fn exchange_user_secret(
        &self,
        account: AccountId,
        secret: &str,
        client: &Client,
    ) -> Result<(Token, Duration), AccountError> {
        let secret = Token::parse_padded(secret).ok_or(AccountError::InvalidCredentials)?;
        // Before a write, which would keep others waiting for junk.
        if !is_user_secret(&mut self.store().read().await?, account, &secret).await? {
            return Err(AccountError::InvalidCredentials);
        }
        let now = self.parts().clock.now();
        let given = self.store().transact(async |tx| {
            // A recovery that takes the secret away must end what is given for it too.
            accounts::hold(tx, account).await?;
            if !is_user_secret(tx, account, &secret).await? {
                return Err(AccountError::InvalidCredentials);
            }
            let owner = accounts::find(tx, account).await?;
            if !owner.is_some_and(|owner| self.admits(&owner.account)) {
                return Err(AccountError::Unverified);
            }
            let grant = Grant::Bearer(AUDIENCE, Lifetime::SHORT);
            let token = self.give(tx, account, grant, client, now).await?;
            token.ok_or(AccountError::InvalidCredentials)
        });
        Ok((given.await?, Lifetime::SHORT.absolute))
    }

    /// Gives somebody another password who proves the present one, and ends everything that it opened. The bearer of
    /// an account need not say which account it means, and cannot mean another.
    ///
    /// # Errors
    /// `Unauthenticated` for a bearer that is none, `InvalidCredentials` for an unknown account and a wrong password alike,
    /// `Unverified`, `Invalid` when the new one cannot be used, `Throttled`, `Busy`.
    pub async fn change_password_of(
        &self,
        identifier: &str,
        old: TypedPassword<'_>,
        new: TypedPassword<'_>,
        bearer: Option<&str>,
        client: &Client,
    ) -> Result<(), AccountError> {
        let own = match bearer {
            Some(presented) => {
                Some(self.account_of_bearer(presented).await?.ok_or(AccountError::Unauthenticated)?)
            }
            None => None,
        };
        let own_address = match own {
            Some(id) => self.account(id).await?.map(|account| account.email),
            None => None,
        };
        let identifier = match (identifier.trim(), &own_address) {
            ("", Some(own)) => own.as_str(),
            (typed, _) => typed,
        };
        require_fields([
            (Field::Email, identifier),
            (Field::CurrentPassword, old.0),
            (Field::NewPassword, new.0),
        ])?;
        let attempt = LoginAttempt { identifier, password: old, device: None, replaces: None };
        let credentials = self.prove(&attempt, client).await?.credentials;
        if own.is_some_and(|own| own != credentials.account.id) {
            return Err(AccountError::InvalidCredentials);
        }
        let new = self
            .check_own_choice(&credentials.account, new)
            .map_err(|code| AccountError::field(Field::NewPassword, code))?;
        let hash = self.hash(&new, client).await?;
        let account = &credentials.account;
        let now = self.parts().clock.now();
        let old = credentials.password_hash.as_deref();
        let replaced = self.store().transact(async |tx| {
            match passwords::replace(tx, account, old, &hash, None, client, now).await? {
                true => Ok(()),
                false => Err(AccountError::wrong_password()),
            }
        });
        replaced.await
    }

    /// Makes up a password for a caller who has a right to the account; for everybody else mails its owner a link
    /// and changes nothing.
    ///
    /// # Errors
    /// `Forbidden` and `NotFound` for a trusted server alone, `Invalid` when no address was given, `Busy`.
    pub async fn reset_password_of(
        &self,
        email: &str,
        caller: ResetCaller<'_>,
        locale: Option<&str>,
        client: &Client,
    ) -> Result<ResetOutcome, AccountError> {
        if email.trim().is_empty() {
            return Err(AccountError::field(Field::Email, FieldCode::Required));
        }
        if let ResetCaller::Key(key) = caller {
            require(key, Scope::PasswordReset)?;
        }
        let found = match EmailAddress::parse(email) {
            Ok(email) => {
                accounts::find_by_identifier(&mut self.store().read().await?, email.as_str()).await?
            }
            Err(_) => None,
        };
        let found = found.filter(|found| found.account.active());
        let entitled = match (&found, caller) {
            (Some(found), ResetCaller::Key(key)) => key.may_give(found.account.role),
            (None, ResetCaller::Key(_)) => return Err(AccountError::NotFound),
            (Some(found), ResetCaller::Holder(presented)) => {
                self.speaks_for(presented, found.account.id).await?
            }
            // The same work for nobody, so that the time does not tell who exists.
            (None, ResetCaller::Holder(presented)) => self.speaks_for(presented, AccountId(0)).await?,
            (_, ResetCaller::Public) => false,
        };
        let (Some(found), true) = (found, entitled) else {
            self.request_recovery(email, locale, client).await?;
            return Ok(ResetOutcome::Mailed);
        };
        let password = Password::generate(self.parts().random.as_ref());
        let hash = self.hash(&password, client).await?;
        let now = self.parts().clock.now();
        let (account, old) = (&found.account, found.password_hash.as_deref());
        let replaced = self.store().transact(async |tx| {
            match passwords::replace(tx, account, old, &hash, None, client, now).await? {
                true => Ok::<_, AccountError>(()),
                // Somebody else's new password came first, and stays.
                false => Err(AccountError::Busy { retry_after: Duration::from_secs(1) }),
            }
        });
        replaced.await?;
        Ok(ResetOutcome::Generated { email: found.account.email, password })
    }

    /// Whether what was presented is the account's user secret or a bearer that it was exchanged for.
    async fn speaks_for(&self, presented: &str, account: AccountId) -> Result<bool, AccountError> {
        match Token::parse_padded(presented) {
            Some(secret) => Ok(is_user_secret(&mut self.store().read().await?, account, &secret).await?),
            None => Ok(self.account_of_bearer(presented).await? == Some(account)),
        }
    }

    async fn account_of_bearer(&self, presented: &str) -> Result<Option<AccountId>, AccountError> {
        let Some(token) = Token::parse(presented) else { return Ok(None) };
        match self.present_bearer(AUDIENCE, &token).await {
            Ok(bearer) => Ok(Some(bearer.account_id)),
            Err(AccountError::Unauthenticated) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

async fn is_user_secret(
    db: &mut impl Linked,
    account: AccountId,
    secret: &Token,
) -> Result<bool, StoreError> {
    let stored = user_secrets::find(db, account).await?;
    let active = accounts::find(db, account).await?.is_some_and(|found| found.account.active());
    Ok(active && stored == Some(secret.digest()))
}
