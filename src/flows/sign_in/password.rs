//! Signing in with an address or username and a password.

use super::admission::Verdict;
use super::grants::Grant;
use super::steps::{Credential, LoggedIn, LoginAttempt, PendingSignIn, SignIn, SignInOutcome};
use crate::flows::client::Client;
use crate::flows::refusals::{refuse_hash, refuse_throttled};
use domain::{
    Account, AccountError, Field, Password, Step, Token, TypedPassword, identifier_key, require_fields,
};
use hasher::{HashError, Verified};
use limiter::Subject;
use store::accounts::{self, Credentials};
use store::known_browsers;

/// A password that was right.
pub(in crate::flows) struct Proof {
    pub(in crate::flows) credentials: Credentials,
    verified: Verified,
    /// Whether the browser's secret is one that we gave out.
    browser_is_ours: bool,
}

impl SignIn {
    /// Signs a browser in. An unknown account costs the same work as a wrong password.
    ///
    /// # Errors
    /// `Invalid` for what is missing, `InvalidCredentials`, `Throttled`, `Busy`.
    pub async fn by_password(
        &self,
        attempt: &LoginAttempt<'_>,
        client: &Client,
    ) -> Result<SignInOutcome<LoggedIn>, AccountError> {
        require_fields([(Field::Identifier, attempt.identifier), (Field::Password, attempt.password.0)])?;
        let proof = self.prove(attempt, client).await?;
        // A secret that we never gave out may have been planted by somebody who knows it.
        let browser = attempt.browser.filter(|_| proof.browser_is_ours).cloned();
        let browser = browser.unwrap_or_else(|| Token::generate(self.random.as_ref()));
        match self.pend(proof, attempt, Grant::Session, Some(browser.clone()), client).await {
            (None, pending) => self.advance_browser(pending, browser, client).await,
            (Some(step), pending) => Ok(SignInOutcome::Wanted(step, Box::new(pending))),
        }
    }

    /// Signs a program in that is given something else than a session. Costs what
    /// [`by_password`](Self::by_password) does.
    ///
    /// # Errors
    /// `Invalid` for what is missing, `InvalidCredentials`, `Throttled`, `Busy`.
    pub async fn by_password_for(
        &self,
        identifier: &str,
        password: TypedPassword<'_>,
        grant: Grant,
        client: &Client,
    ) -> Result<SignInOutcome<(Account, Token)>, AccountError> {
        require_fields([(Field::Identifier, identifier), (Field::Password, password.0)])?;
        let attempt = LoginAttempt { identifier, password, browser: None, replaces: None };
        let proof = self.prove(&attempt, client).await?;
        match self.pend(proof, &attempt, grant, None, client).await {
            (None, pending) => self.advance(pending, client).await,
            (Some(step), pending) => Ok(SignInOutcome::Wanted(step, Box::new(pending))),
        }
    }

    /// What is left to be done, and the step that comes first if one does. Where none does the password is
    /// hashed again if today's cost is higher.
    async fn pend(
        &self,
        proof: Proof,
        attempt: &LoginAttempt<'_>,
        grant: Grant,
        browser: Option<Token>,
        client: &Client,
    ) -> (Option<Step>, PendingSignIn) {
        let Proof { credentials, verified, .. } = proof;
        // Only whoever knows the password is told of a step.
        let step = match self.admission.of(&credentials.account) {
            Verdict::Wanted(step) => Some(step),
            Verdict::Admitted | Verdict::Barred => None,
        };
        let rehashed = match (step, verified.needs_rehash, Password::parse(attempt.password.0)) {
            // A queue too full for it leaves the old cost until the next time.
            (None, true, Ok(password)) => client.spare_time_for(self.passwords.hash(&password, client)).await,
            _ => None,
        };
        let pending = PendingSignIn {
            account: credentials.account.id,
            credential: Credential::Password {
                changed_at: credentials.password_changed_at,
                rehashed: rehashed.map(|new| (credentials.password_hash, new)),
            },
            grant,
            browser,
            replaces: attempt.replaces.map(|old| (old.session.account_id, old.session.id)),
        };
        (step, pending)
    }

    /// Looks the account up and checks the password, as often as the limiter allows. A barred account is
    /// refused here; whether the account has to take a further step is judged by the caller.
    ///
    /// # Errors
    /// `InvalidCredentials`, `Throttled`, `Busy`.
    pub(in crate::flows) async fn prove(
        &self,
        attempt: &LoginAttempt<'_>,
        client: &Client,
    ) -> Result<Proof, AccountError> {
        let now = self.clock.now();
        let (found, browsers) = {
            let mut db = self.store.read().await?;
            let found = accounts::find_by_identifier(&mut db, attempt.identifier).await?;
            // Looked up for nobody too, so that the cookie does not make the time tell who exists.
            let browsers = match attempt.browser {
                Some(token) => known_browsers::find(&mut db, &token.digest()).await?,
                None => Vec::new(),
            };
            (found, browsers)
        };
        let subject = match &found {
            Some(Credentials { account, .. }) => {
                match browsers.iter().find(|(knows, _)| *knows == account.id) {
                    Some((_, browser)) => Subject::KnownBrowser { account: account.id.0, browser: *browser },
                    None => Subject::Account(account.id.0),
                }
            }
            None => Subject::UnknownIdentifier(self.limiter.fingerprint(&identifier_key(attempt.identifier))),
        };
        let guess = if client.trusted {
            self.limiter.begin_trusted_login(now.0, subject).await
        } else {
            self.limiter.begin_login(now.0, subject, client.ip.into()).await
        }
        .map_err(refuse_throttled)?;
        let stored = found.as_ref().and_then(|found| found.password_hash.as_deref());
        // Nothing longer than a password can be one; the same work is done for it.
        let typed = Password::parse(attempt.password.0);
        let bytes = typed.as_ref().map_or(&b""[..], Password::as_bytes);
        let stored = if typed.is_ok() { stored } else { None };
        let verified = self.passwords.verify_guess(bytes, stored, &guess, client).await;
        match (verified, found) {
            (Ok(verified), Some(credentials))
                if verified.matches && self.admission.of(&credentials.account) != Verdict::Barred =>
            {
                guess.succeeded().await;
                Ok(Proof { credentials, verified, browser_is_ours: !browsers.is_empty() })
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
}
