//! User secrets: the secret that a device back end gets when it registers an account, and the changes of
//! password that need no session.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::bearers::Bearers;
use crate::flows::client::Client;
use crate::flows::links::tickets::Links;
use crate::flows::mail::cause::Notices;
use crate::flows::passwords::{self, Passwords, Replacement};
use crate::flows::refusals::{refuse_throttled, spend_by_account, spend_by_address};
use crate::flows::security_log::{self, Noted};
use crate::flows::sign_in::admission::Admission;
use crate::flows::sign_in::grants::{Grant, Grants};
use crate::flows::sign_in::steps::{LoginAttempt, SignIn};
use crate::flows::sign_in::weigh::Beside;
use domain::{
    AccountError, AccountId, Actor, Audience, Bearer, BearerId, Clock, EmailAddress, EventKind, Factor,
    Factors, Field, Lifetime, OpeningKind, Password, Random, Scope, Token, TypedPassword, lifetimes,
    require_fields,
};
use limiter::{Action, Key, Limiter};
use store::{
    Linked, Store, StoreError, Tx, account_passwords, accounts, bearers, known_places, user_secrets,
};

/// Audience of the bearers that user secrets are exchanged for.
const AUDIENCE: Audience = Audience::AMADIS;

/// The caller who asks for a generated password.
#[derive(Clone, Copy)]
pub enum ResetCaller<'a> {
    /// An API key or the operator, with rights over other people's accounts.
    Actor(Actor<'a>),
    /// A caller who presents a token: the account's user secret, a bearer that it was exchanged for, or an
    /// invalid one.
    Holder(&'a str),
    /// A caller without credentials.
    Public,
}

/// Result of a reset.
#[derive(Debug)]
pub enum ResetOutcome {
    /// The password was replaced.
    Generated {
        /// Address of the account, as stored.
        email: EmailAddress,
        /// The new password.
        password: Password,
    },
    /// Nothing was changed. The owner of the address, if any, is mailed a link.
    Mailed,
}

/// The right of a caller to the account whose password is reset.
enum Right {
    /// Of a key or the operator.
    Actor,
    /// The account's user secret.
    Secret(Token),
    /// A bearer that the user secret was exchanged for.
    Bearer(BearerId),
}

impl Right {
    /// Whether the right still holds, under the account's lock: what the caller holds may have ended while
    /// the password was hashed.
    async fn still_holds(&self, tx: &mut Tx, account: AccountId) -> Result<bool, StoreError> {
        match self {
            Self::Actor => Ok(true),
            Self::Secret(secret) => is_user_secret(tx, account, secret).await,
            Self::Bearer(id) => bearers::exists(tx, account, *id).await,
        }
    }
}

pub struct UserSecrets {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
    pub(in crate::flows) passwords: Passwords,
    pub(in crate::flows) admission: Admission,
    pub(in crate::flows) grants: Grants,
    pub(in crate::flows) bearers: Bearers,
    pub(in crate::flows) sign_in: Arc<SignIn>,
    pub(in crate::flows) links: Arc<Links>,
    pub(in crate::flows) notices: Notices,
}

impl UserSecrets {
    /// Exchanges an account's user secret for a short-lived bearer (RFC 6749, section 4.4). The secret has
    /// 256 bits, so guesses need no limit of their own.
    ///
    /// # Errors
    /// `InvalidCredentials` alike for an unknown account, a barred account and a wrong secret; `StepWanted`,
    /// `Throttled`.
    pub async fn exchange(
        &self,
        account: AccountId,
        secret: &str,
        client: &Client,
    ) -> Result<(Token, Duration), AccountError> {
        let now = self.clock.now();
        let address = Key::Ip(client.ip.into());
        self.limiter.check(Action::WrongSecret, address, now.0).map_err(refuse_throttled)?;
        spend_by_address(&self.limiter, Action::SecretExchange, client, now)?;
        let secret = Token::parse_padded(secret).ok_or(AccountError::InvalidCredentials)?;
        // This read refuses a wrong secret before the write lock is taken, which would delay other writers.
        if !is_user_secret(&mut self.store.read().await?, account, &secret).await? {
            spend_by_address(&self.limiter, Action::WrongSecret, client, now)?;
            return Err(AccountError::InvalidCredentials);
        }
        let now = self.clock.now();
        spend_by_account(&self.limiter, Action::SecretExchange, account, client, now)?;
        let given = self.store.transact_on(account, async |tx| {
            // A concurrent recovery that revokes the secret must also end this bearer, hence the lock.
            accounts::hold(tx, account).await?;
            if !is_user_secret(tx, account, &secret).await? {
                return Err(AccountError::InvalidCredentials);
            }
            let owner = accounts::find(tx, account).await?.ok_or(AccountError::InvalidCredentials)?;
            // Whoever has the secret got it for more than a password.
            let (grant, factors) =
                (Grant::Bearer(AUDIENCE, Lifetime::SHORT), Factors::only(Factor::AppPassword));
            let refused = AccountError::InvalidCredentials;
            self.admission.require_of_holder(&owner.account, factors, grant, refused)?;
            // Such a program comes back every few minutes. Only a place that is new is news.
            if !known_places::knows(tx, account, AUDIENCE.0, &client.place()).await? {
                let noted = Noted::by_owner(EventKind::SignedIn, AUDIENCE.0).with(factors);
                security_log::note(tx, account, &noted, client, now).await?;
            }
            let program = (OpeningKind::Bearer, AUDIENCE);
            self.notices.notify_new_program(tx, &owner.account, program, client, now).await?;
            user_secrets::touch(tx, account, &client.place(), now).await?;
            let token = self.grants.give(tx, account, grant, factors, client, now).await?;
            token.ok_or(AccountError::InvalidCredentials)
        });
        Ok((given.await?, Lifetime::SHORT.absolute))
    }

    /// Replaces a password for a caller who proves the present one, and ends everything that the old password
    /// opened. With a bearer `identifier` may be empty and must not name another account. An account that
    /// wants a second factor has its password changed only with a bearer.
    ///
    /// # Errors
    /// `Unauthenticated` for an invalid bearer, `InvalidCredentials` alike for an unknown account, a wrong
    /// password and the password of an account that wants more, `Locked`, `StepWanted`, `Invalid` when the
    /// new password breaks a rule, `Throttled`, `Busy`.
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
                let bearer = self.find_bearer(presented, client.ip).await?;
                Some(bearer.ok_or(AccountError::Unauthenticated)?.account_id)
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
        let password = Factors::only(Factor::Password);
        // Whoever has a bearer of amadis got it for the user secret. Nobody changes a password by one that
        // was made for a program.
        let (beside, factors) = match own {
            Some(own) => (Beside::Bearer(own), password.and(Factor::AppPassword)),
            None => (Beside::Nothing, password),
        };
        let credentials = self.sign_in.prove(&attempt, beside, client).await?.credentials;
        self.admission.require(&credentials.account, factors, Grant::Nothing, AccountError::Locked)?;
        let new = self
            .passwords
            .check_own_choice(&credentials.account, new)
            .map_err(|code| AccountError::field(Field::NewPassword, code))?;
        let hash = self.passwords.hash(&new, client).await?;
        let account = &credentials.account;
        let now = self.clock.now();
        let with = Replacement {
            old: credentials.password_hash.as_deref(),
            changed_at: credentials.password_changed_at,
            new: &hash,
            spared: self.passwords.spared(None),
            noted: Noted::by_owner(EventKind::PasswordChanged, ""),
        };
        let replaced = self.store.transact_on(account.id, async |tx| {
            match passwords::replace(tx, account, &with, client, now).await? {
                true => Ok(()),
                false => Err(AccountError::wrong_password()),
            }
        });
        replaced.await
    }

    /// Generates a password for a caller with a right to the account. It signs in for a day. For any other
    /// caller, mails the account's owner a link and changes nothing.
    ///
    /// # Errors
    /// `Forbidden` and `NotFound` for an actor only, `Invalid` when the address is empty, `Throttled`,
    /// `Busy`.
    pub async fn reset_password(
        &self,
        email: &str,
        caller: ResetCaller<'_>,
        locale: Option<&str>,
        client: &Client,
    ) -> Result<ResetOutcome, AccountError> {
        require_fields([(Field::Email, email)])?;
        match caller {
            ResetCaller::Actor(actor) => actor.require(Scope::PasswordReset)?,
            ResetCaller::Holder(_) => {
                spend_by_address(&self.limiter, Action::GeneratedPassword, client, self.clock.now())?;
            }
            // Mail has limits of its own.
            ResetCaller::Public => {}
        }
        let found = match EmailAddress::parse(email) {
            Ok(email) => accounts::find_by_identifier(&mut self.store.read().await?, email.as_str()).await?,
            Err(_) => None,
        };
        let found = found.filter(|found| found.account.active());
        let entitled = match (&found, caller) {
            (Some(found), ResetCaller::Actor(actor)) => {
                actor.may_give(found.account.role).then_some(Right::Actor)
            }
            (None, ResetCaller::Actor(_)) => return Err(AccountError::NotFound),
            (Some(found), ResetCaller::Holder(presented)) => {
                self.speaks_for(presented, found.account.id, client.ip).await?
            }
            // The same queries for a missing account, so that the response time does not reveal which
            // addresses exist.
            (None, ResetCaller::Holder(presented)) => {
                self.speaks_for(presented, AccountId(0), client.ip).await?
            }
            (_, ResetCaller::Public) => None,
        };
        let (Some(found), Some(right)) = (found, entitled) else {
            self.links.request_recovery(email, locale, client).await?;
            return Ok(ResetOutcome::Mailed);
        };
        if let ResetCaller::Holder(_) = caller {
            let (id, now) = (found.account.id, self.clock.now());
            spend_by_account(&self.limiter, Action::GeneratedPassword, id, client, now)?;
        }
        let password = Password::generate(self.random.as_ref());
        let hash = self.passwords.hash(&password, client).await?;
        let now = self.clock.now();
        let account = &found.account;
        let (kind, detail) = (EventKind::PasswordChanged, "generated");
        let with = Replacement {
            old: found.password_hash.as_deref(),
            changed_at: found.password_changed_at,
            new: &hash,
            spared: self.passwords.spared(None),
            noted: match caller {
                ResetCaller::Actor(actor) => Noted::by(actor, kind, detail),
                ResetCaller::Holder(_) | ResetCaller::Public => Noted::by_owner(kind, detail),
            },
        };
        // A concurrent change of the password or of the secret, or a lock, came first and stands.
        let overtaken = || AccountError::Busy { retry_after: Duration::from_secs(1) };
        let replaced = self.store.transact_on(account.id, async |tx| {
            let still = accounts::hold_and_find(tx, account.id).await?.filter(|still| still.account.active());
            if still.is_none() || !right.still_holds(tx, account.id).await? {
                return Err(overtaken());
            }
            match passwords::replace(tx, account, &with, client, now).await? {
                // Whoever made the password may still have it: its owner has to choose another.
                true => {
                    let end = now.after(lifetimes::GENERATED_PASSWORD);
                    account_passwords::expire(tx, account.id, end).await.map_err(AccountError::from)
                }
                false => Err(overtaken()),
            }
        });
        replaced.await?;
        Ok(ResetOutcome::Generated { email: found.account.email, password })
    }

    /// The right to `account` of whoever presents its user secret or a bearer that it was exchanged for. What
    /// was given for an app password is one program's, and gives no right to the account's password.
    async fn speaks_for(
        &self,
        presented: &str,
        account: AccountId,
        ip: IpAddr,
    ) -> Result<Option<Right>, AccountError> {
        match Token::parse_padded(presented) {
            Some(secret) => {
                let mut db = self.store.read().await?;
                let right = is_user_secret(&mut db, account, &secret).await?;
                let program = user_secrets::for_app_password(&mut db, account).await?;
                Ok((right && !program).then_some(Right::Secret(secret)))
            }
            None => {
                let bearer = self.find_bearer(presented, ip).await?;
                let Some(own) = bearer.filter(|bearer| bearer.account_id == account) else { return Ok(None) };
                let program = user_secrets::for_app_password(&mut self.store.read().await?, account).await?;
                Ok((!program).then_some(Right::Bearer(own.id)))
            }
        }
    }

    async fn find_bearer(&self, presented: &str, ip: IpAddr) -> Result<Option<Bearer>, AccountError> {
        let Some(token) = Token::parse(presented) else { return Ok(None) };
        match self.bearers.present(AUDIENCE, &token, ip).await {
            Ok(bearer) => Ok(Some(bearer)),
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
