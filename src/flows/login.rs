//! Signing in and out.

use zeroize::Zeroizing;

use super::registration::Secret;
use super::{Client, Flows, SignedIn, refuse_hash};
use crate::domain::{Account, AccountError, Device, EmailAddress, Password, Token, Username};
use crate::infra::hasher::{HashError, Verified};
use crate::infra::limiter::{Attempt, Subject};
use crate::store::accounts::{self, Credentials};
use crate::store::{StoreError, Tx, devices, sessions};

/// Known devices of an account that are remembered.
const DEVICES_KEPT: i64 = 20;

/// What somebody typed who wants in.
#[derive(Clone, Debug)]
pub struct LoginAttempt<'a> {
    /// Address or username.
    pub identifier: &'a str,
    /// Password, as typed.
    pub password: Secret<'a>,
    /// The known-device secret of this browser, if it has one.
    pub device: Option<&'a Token>,
    /// The session that this browser leaves behind, if any.
    pub replaces: Option<&'a SignedIn>,
}

/// Sessions that an account may have; signing in once more ends the oldest.
const SESSIONS_KEPT: i64 = 100;

/// A password that was right.
struct Proof {
    credentials: Credentials,
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
    /// Signs somebody in. An unknown account costs the same work as a wrong password.
    ///
    /// # Errors
    /// `InvalidCredentials`, `Throttled`, `Busy`.
    pub async fn log_in(
        &self,
        attempt: &LoginAttempt<'_>,
        client: &Client,
    ) -> Result<LoggedIn, AccountError> {
        let Proof { credentials, verified, device_is_ours } = self.prove(attempt, client).await?;
        let parts = self.parts();
        let account = &credentials.account;
        let rehashed = match (verified.needs_rehash, Password::parse(attempt.password.0)) {
            // A queue too full for it leaves the old cost until the next time.
            (true, Ok(password)) => self.hash(&password).await.ok(),
            _ => None,
        };
        let session = Token::generate(parts.random.as_ref());
        // A secret that we never gave out may have been planted by somebody who knows it.
        let device = attempt.device.filter(|_| device_is_ours).cloned();
        let device = device.unwrap_or_else(|| Token::generate(parts.random.as_ref()));
        let now = parts.clock.now();
        let mut tx = parts.store.write().await?;
        let written = async {
            // The password may have been changed while it was being verified, and must not be between here and
            // the new session, which would outlive it.
            accounts::hold(&mut tx, account.id).await?;
            let still = accounts::find(&mut tx, account.id).await?;
            let unchanged = still.is_some_and(|still| {
                still.password_changed_at == credentials.password_changed_at && still.account.active()
            });
            if !unchanged {
                return Ok(false);
            }
            if let Some(hash) = &rehashed {
                let old = credentials.password_hash.as_deref();
                accounts::set_password_hash(&mut tx, account.id, old, hash, false, now).await?;
            }
            if let Some(old) = attempt.replaces {
                sessions::end(&mut tx, old.session.account_id, old.session.id).await?;
            }
            let new = sessions::NewSession {
                account_id: account.id,
                token: session.digest(),
                device: Device { label: client.device.clone(), address: client.address.to_string() },
            };
            let id = sessions::insert(&mut tx, &new, now).await?;
            // Now and then is often enough for a bound that nobody meets by chance.
            if id.0 % 16 == 0 {
                sessions::keep_newest(&mut tx, account.id, SESSIONS_KEPT).await?;
            }
            devices::remember(&mut tx, account.id, &device.digest(), DEVICES_KEPT, now).await?;
            Ok::<bool, StoreError>(true)
        };
        match finish(written.await, tx).await? {
            true => Ok(LoggedIn { account: credentials.account, session, device }),
            false => Err(AccountError::InvalidCredentials),
        }
    }

    /// Looks the account up and checks the password, as often as the limiter allows.
    async fn prove(&self, attempt: &LoginAttempt<'_>, client: &Client) -> Result<Proof, AccountError> {
        let parts = self.parts();
        let now = parts.clock.now();
        let (found, devices) = {
            let mut db = parts.store.read().await?;
            let found = accounts::find_by_identifier(&mut db, attempt.identifier).await?;
            // Looked up for nobody too, so that a device cookie does not make the time tell who exists.
            let devices = match attempt.device {
                Some(token) => devices::find(&mut db, &token.digest()).await?,
                None => Vec::new(),
            };
            (found, devices)
        };
        let subject = match &found {
            Some(Credentials { account, .. }) => match devices.iter().find(|(knows, _)| *knows == account.id)
            {
                Some((_, device)) => Subject::Device { account: account.id.0, device: *device },
                None => Subject::Account(account.id.0),
            },
            None => {
                Subject::UnknownIdentifier(parts.limiter.fingerprint(&identifier_key(attempt.identifier)))
            }
        };
        let guess = parts.limiter.begin_login(now.0, subject, client.address.into())?;
        let stored = found.as_ref().and_then(|found| found.password_hash.as_deref());
        // Nothing longer than a password can be one; the same work is done for it.
        let typed = Password::parse(attempt.password.0);
        let bytes = typed.as_ref().map_or(&b""[..], Password::as_bytes);
        let stored = if typed.is_ok() { stored } else { None };
        let verified = self.verify_guess(bytes, stored, &guess).await;
        match (verified, found) {
            (Ok(verified), Some(credentials)) if verified.matches && credentials.account.active() => {
                guess.succeeded();
                Ok(Proof { credentials, verified, device_is_ours: !devices.is_empty() })
            }
            (Ok(_) | Err(HashError::Unsupported), _) => {
                guess.failed();
                Err(AccountError::InvalidCredentials)
            }
            (Err(error), _) => {
                guess.refund();
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
    ) -> Result<Verified, HashError> {
        self.parts().hasher.verify(Zeroizing::new(password.to_vec()), stored).await
    }

    /// Ends the session of this request.
    ///
    /// # Errors
    /// When the database fails; the session is alive then.
    pub async fn log_out(&self, who: &SignedIn) -> Result<(), AccountError> {
        let mut tx = self.parts().store.write().await?;
        let ended = sessions::end(&mut tx, who.session.account_id, who.session.id).await;
        finish(ended, tx).await?;
        Ok(())
    }
}

/// Commits what went well and gives up what did not.
pub(super) async fn finish<T>(outcome: Result<T, StoreError>, tx: Tx) -> Result<T, AccountError> {
    match outcome {
        Ok(value) => {
            tx.commit().await?;
            Ok(value)
        }
        Err(error) => {
            tx.rollback().await;
            Err(error.into())
        }
    }
}

/// The form that accounts are looked up by, so that spellings of an unknown name share a budget too.
pub(super) fn identifier_key(typed: &str) -> String {
    if typed.contains('@') {
        EmailAddress::parse(typed).map_or_else(|_| typed.trim().to_lowercase(), |email| email.key())
    } else {
        Username::parse(typed).map_or_else(|_| typed.trim().to_lowercase(), |username| username.key())
    }
}
