//! Signing in and out.

use zeroize::Zeroizing;

use super::{Client, Flows, Grant, SignedIn, refuse_hash, refuse_throttled};
use crate::domain::{
    Account, AccountError, Field, Password, Token, TypedPassword, identifier_key, require_fields,
};
use crate::infra::hasher::{HashError, Verified};
use crate::infra::limiter::{Attempt, Subject};
use crate::store::accounts::{self, Credentials};
use crate::store::{known_browsers, sessions};

/// Known devices of an account that are remembered.
pub(super) const DEVICES_KEPT: i64 = 20;

/// What somebody typed who wants in.
#[derive(Clone, Debug)]
pub struct LoginAttempt<'a> {
    /// Address or username.
    pub identifier: &'a str,
    /// Password, as typed.
    pub password: TypedPassword<'a>,
    /// The known-device secret of this browser, if it has one.
    pub device: Option<&'a Token>,
    /// The session that this browser leaves behind, if any.
    pub replaces: Option<&'a SignedIn>,
}

/// A password that was right.
pub(super) struct Proof {
    pub(super) credentials: Credentials,
    verified: Verified,
    /// Whether the browser's device secret is one that we gave out.
    device_is_ours: bool,
}

/// A new session.
#[derive(Debug)]
pub struct LoggedIn {
    /// Whose.
    pub account: Account,
    /// The session's secret, for the cookie.
    pub session: Token,
    /// The browser's known-device secret, old or new.
    pub device: Token,
}

impl Flows {
    /// Signs a browser in. An unknown account costs the same work as a wrong password.
    ///
    /// # Errors
    /// `Invalid` for what is missing, `InvalidCredentials`, `Unverified`, `Throttled`, `Busy`.
    pub async fn log_in(
        &self,
        attempt: &LoginAttempt<'_>,
        client: &Client,
    ) -> Result<LoggedIn, AccountError> {
        require_fields([(Field::Identifier, attempt.identifier), (Field::Password, attempt.password.0)])?;
        let proof = self.prove(attempt, client).await?;
        // A secret that we never gave out may have been planted by somebody who knows it.
        let device = attempt.device.filter(|_| proof.device_is_ours).cloned();
        let device = device.unwrap_or_else(|| Token::generate(self.parts().random.as_ref()));
        let (account, session) = self.let_in(proof, attempt, Grant::Session, Some(&device), client).await?;
        Ok(LoggedIn { account, session, device })
    }

    /// Signs a program in that is given something else than a session. Costs what [`log_in`](Self::log_in) does.
    ///
    /// # Errors
    /// `Invalid` for what is missing, `InvalidCredentials`, `Unverified`, `Throttled`, `Busy`.
    pub async fn log_in_for(
        &self,
        identifier: &str,
        password: TypedPassword<'_>,
        grant: Grant,
        client: &Client,
    ) -> Result<(Account, Token), AccountError> {
        require_fields([(Field::Identifier, identifier), (Field::Password, password.0)])?;
        let attempt = LoginAttempt { identifier, password, device: None, replaces: None };
        let proof = self.prove(&attempt, client).await?;
        self.let_in(proof, &attempt, grant, None, client).await
    }

    /// Writes what a right password opens, unless the password was changed while it was being verified.
    async fn let_in(
        &self,
        proof: Proof,
        attempt: &LoginAttempt<'_>,
        grant: Grant,
        device: Option<&Token>,
        client: &Client,
    ) -> Result<(Account, Token), AccountError> {
        let Proof { credentials, verified, .. } = proof;
        let parts = self.parts();
        let id = credentials.account.id;
        let rehashed = match (verified.needs_rehash, Password::parse(attempt.password.0)) {
            // A queue too full for it leaves the old cost until the next time.
            (true, Ok(password)) => client.spare_time_for(self.hash(&password, client)).await,
            _ => None,
        };
        let now = parts.clock.now();
        let token = parts
            .store
            .transact(async |tx| {
                // The password must not change between this check and the grant: a session given for an old
                // password would survive the change.
                accounts::hold(tx, id).await?;
                let still = accounts::find(tx, id).await?;
                let unchanged = still.is_some_and(|still| {
                    still.password_changed_at == credentials.password_changed_at
                        && still.account.active()
                        && self.admits(&still.account)
                });
                if !unchanged {
                    return Err(AccountError::InvalidCredentials);
                }
                if let Some(hash) = &rehashed {
                    let old = credentials.password_hash.as_deref();
                    accounts::set_password_hash(tx, id, old, hash, false, now).await?;
                }
                if let Some(device) = device {
                    let account = &credentials.account;
                    self.notify_new_browser(tx, account, &device.digest(), client, now).await?;
                }
                if let Some(old) = attempt.replaces {
                    sessions::end(tx, old.session.account_id, old.session.id).await?;
                }
                let token = self.give(tx, id, grant, client, now).await?;
                if let Some(device) = device {
                    known_browsers::remember(tx, id, &device.digest(), DEVICES_KEPT, now).await?;
                }
                token.ok_or(AccountError::InvalidCredentials)
            })
            .await?;
        Ok((credentials.account, token))
    }

    /// Looks the account up and checks the password, as often as the limiter allows, and whether the account may be
    /// signed in to before its address is proven.
    pub(super) async fn prove(
        &self,
        attempt: &LoginAttempt<'_>,
        client: &Client,
    ) -> Result<Proof, AccountError> {
        let parts = self.parts();
        let now = parts.clock.now();
        let (found, devices) = {
            let mut db = parts.store.read().await?;
            let found = accounts::find_by_identifier(&mut db, attempt.identifier).await?;
            // Looked up for nobody too, so that a device cookie does not make the time tell who exists.
            let devices = match attempt.device {
                Some(token) => known_browsers::find(&mut db, &token.digest()).await?,
                None => Vec::new(),
            };
            (found, devices)
        };
        let subject = match &found {
            Some(Credentials { account, .. }) => match devices.iter().find(|(knows, _)| *knows == account.id)
            {
                Some((_, device)) => Subject::KnownBrowser { account: account.id.0, browser: *device },
                None => Subject::Account(account.id.0),
            },
            None => {
                Subject::UnknownIdentifier(parts.limiter.fingerprint(&identifier_key(attempt.identifier)))
            }
        };
        let guess = if client.trusted {
            parts.limiter.begin_trusted_login(now.0, subject).await
        } else {
            parts.limiter.begin_login(now.0, subject, client.address.into()).await
        }
        .map_err(refuse_throttled)?;
        let stored = found.as_ref().and_then(|found| found.password_hash.as_deref());
        // Nothing longer than a password can be one; the same work is done for it.
        let typed = Password::parse(attempt.password.0);
        let bytes = typed.as_ref().map_or(&b""[..], Password::as_bytes);
        let stored = if typed.is_ok() { stored } else { None };
        let verified = self.verify_guess(bytes, stored, &guess, client).await;
        match (verified, found) {
            (Ok(verified), Some(credentials)) if verified.matches && credentials.account.active() => {
                guess.succeeded().await;
                // Told to nobody but whoever knows the password.
                if !self.admits(&credentials.account) {
                    return Err(AccountError::Unverified);
                }
                Ok(Proof { credentials, verified, device_is_ours: !devices.is_empty() })
            }
            (Ok(_) | Err(HashError::Unsupported), _) => {
                guess.failed();
                Err(AccountError::InvalidCredentials)
            }
            (Err(error), _) => {
                guess.refund().await;
                Err(refuse_hash(error))
            }
        }
    }

    /// Verifies while a reserved guess is held: dropped half-way it counts as failed.
    pub(super) async fn verify_guess(
        &self,
        password: &[u8],
        stored: Option<&str>,
        _held: &Attempt,
        client: &Client,
    ) -> Result<Verified, HashError> {
        let verified = self.parts().hasher.verify(Zeroizing::new(password.to_vec()), stored);
        client.wait_for(verified).await
    }

    /// Ends the session of this request.
    ///
    /// # Errors
    /// When the database fails; the session is alive then.
    pub async fn log_out(&self, who: &SignedIn) -> Result<(), AccountError> {
        let session = &who.session;
        self.store().transact(async |tx| sessions::end(tx, session.account_id, session.id).await).await?;
        Ok(())
    }
}
