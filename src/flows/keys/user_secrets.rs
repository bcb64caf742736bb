//! What a device back end does by the secret that it was given when it registered an account, and changes of
//! password by somebody who is not signed in.

use std::sync::Arc;
use std::time::Duration;

use super::bearers::Bearers;
use crate::flows::client::Client;
use crate::flows::links::tickets::Links;
use crate::flows::passwords::{self, Passwords};
use crate::flows::sign_in::admission::Admission;
use crate::flows::sign_in::grants::{Grant, Grants};
use crate::flows::sign_in::steps::{LoginAttempt, SignIn};
use domain::{
    AccountError, AccountId, Actor, Audience, Clock, EmailAddress, Field, FieldCode, Lifetime, Password,
    Random, Scope, Token, TypedPassword, require_fields,
};
use store::{Linked, Store, StoreError, accounts, user_secrets};

/// The bearers that user secrets are exchanged for.
const AUDIENCE: Audience = Audience("amadis");

/// Who asks for a password to be made up.
#[derive(Clone, Copy)]
pub enum ResetCaller<'a> {
    /// Somebody with rights of their own over accounts.
    Actor(Actor<'a>),
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

/// What user secrets open.
pub struct UserSecrets {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
    pub(in crate::flows) passwords: Passwords,
    pub(in crate::flows) admission: Admission,
    pub(in crate::flows) grants: Grants,
    pub(in crate::flows) bearers: Bearers,
    pub(in crate::flows) sign_in: Arc<SignIn>,
    pub(in crate::flows) links: Arc<Links>,
}

impl UserSecrets {
    /// Exchanges an account's user secret for a short-lived bearer (RFC 6749 4.4). A secret has 256 bits, so
    /// that guessing needs no limit.
    ///
    /// # Errors
    /// `InvalidCredentials` for an unknown or barred account and a wrong secret alike, `StepWanted`.
    pub async fn exchange(
        &self,
        account: AccountId,
        secret: &str,
        client: &Client,
    ) -> Result<(Token, Duration), AccountError> {
        let secret = Token::parse_padded(secret).ok_or(AccountError::InvalidCredentials)?;
        // Before a write, which would keep others waiting for junk.
        if !is_user_secret(&mut self.store.read().await?, account, &secret).await? {
            return Err(AccountError::InvalidCredentials);
        }
        let now = self.clock.now();
        let given = self.store.transact(async |tx| {
            // A recovery that takes the secret away must end what is given for it too.
            accounts::hold(tx, account).await?;
            if !is_user_secret(tx, account, &secret).await? {
                return Err(AccountError::InvalidCredentials);
            }
            let owner = accounts::find(tx, account).await?.ok_or(AccountError::InvalidCredentials)?;
            self.admission.require(&owner.account, AccountError::InvalidCredentials)?;
            let grant = Grant::Bearer(AUDIENCE, Lifetime::SHORT);
            let token = self.grants.give(tx, account, grant, client, now).await?;
            token.ok_or(AccountError::InvalidCredentials)
        });
        Ok((given.await?, Lifetime::SHORT.absolute))
    }

    /// Gives somebody another password who proves the present one, and ends everything that it opened. The
    /// bearer of an account need not say which account it means, and cannot mean another.
    ///
    /// # Errors
    /// `Unauthenticated` for an unknown bearer, `InvalidCredentials` for an unknown account and a wrong
    /// password alike, `StepWanted`, `Invalid` when the new one cannot be used, `Throttled`, `Busy`.
    pub async fn change_password(
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
            Some(id) => {
                let found = accounts::find(&mut self.store.read().await?, id).await?;
                found.map(|found| found.account.email)
            }
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
        let attempt = LoginAttempt { identifier, password: old, browser: None, replaces: None };
        let credentials = self.sign_in.prove(&attempt, client).await?.credentials;
        self.admission.require(&credentials.account, AccountError::InvalidCredentials)?;
        if own.is_some_and(|own| own != credentials.account.id) {
            return Err(AccountError::InvalidCredentials);
        }
        let new = self
            .passwords
            .check_own_choice(&credentials.account, new)
            .map_err(|code| AccountError::field(Field::NewPassword, code))?;
        let hash = self.passwords.hash(&new, client).await?;
        let account = &credentials.account;
        let now = self.clock.now();
        let old = credentials.password_hash.as_deref();
        let replaced = self.store.transact(async |tx| {
            match passwords::replace(tx, account, old, &hash, None, client, now).await? {
                true => Ok(()),
                false => Err(AccountError::wrong_password()),
            }
        });
        replaced.await
    }

    /// Makes up a password for a caller who has a right to the account; for everybody else mails its owner a
    /// link and changes nothing.
    ///
    /// # Errors
    /// `Forbidden` and `NotFound` for an actor alone, `Invalid` when no address was given, `Busy`.
    pub async fn reset_password(
        &self,
        email: &str,
        caller: ResetCaller<'_>,
        locale: Option<&str>,
        client: &Client,
    ) -> Result<ResetOutcome, AccountError> {
        if email.trim().is_empty() {
            return Err(AccountError::field(Field::Email, FieldCode::Required));
        }
        if let ResetCaller::Actor(actor) = caller {
            actor.require(Scope::PasswordReset)?;
        }
        let found = match EmailAddress::parse(email) {
            Ok(email) => accounts::find_by_identifier(&mut self.store.read().await?, email.as_str()).await?,
            Err(_) => None,
        };
        let found = found.filter(|found| found.account.active());
        let entitled = match (&found, caller) {
            (Some(found), ResetCaller::Actor(actor)) => actor.may_give(found.account.role),
            (None, ResetCaller::Actor(_)) => return Err(AccountError::NotFound),
            (Some(found), ResetCaller::Holder(presented)) => {
                self.speaks_for(presented, found.account.id).await?
            }
            // The same work for nobody, so that the time does not tell who exists.
            (None, ResetCaller::Holder(presented)) => self.speaks_for(presented, AccountId(0)).await?,
            (_, ResetCaller::Public) => false,
        };
        let (Some(found), true) = (found, entitled) else {
            self.links.request_recovery(email, locale, client).await?;
            return Ok(ResetOutcome::Mailed);
        };
        let password = Password::generate(self.random.as_ref());
        let hash = self.passwords.hash(&password, client).await?;
        let now = self.clock.now();
        let (account, old) = (&found.account, found.password_hash.as_deref());
        let replaced = self.store.transact(async |tx| {
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
            Some(secret) => Ok(is_user_secret(&mut self.store.read().await?, account, &secret).await?),
            None => Ok(self.account_of_bearer(presented).await? == Some(account)),
        }
    }

    async fn account_of_bearer(&self, presented: &str) -> Result<Option<AccountId>, AccountError> {
        let Some(token) = Token::parse(presented) else { return Ok(None) };
        match self.bearers.present(AUDIENCE, &token).await {
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
