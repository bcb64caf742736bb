//! Signing in with an address or username and a password.

use super::admission::Verdict;
use super::grants::Grant;
use super::steps::{Credential, LoggedIn, LoginAttempt, PendingSignIn, SignIn, SignInOutcome};
use super::weigh::{Beside, Weighed, Worth};
use crate::flows::client::Client;
use domain::{AccountError, AppPasswordId, Factor, Factors, Field, Password, Step, Token, require_fields};
use hasher::Verified;
use store::accounts::Credentials;

/// A password that was right.
pub(in crate::flows) struct Proof {
    pub(in crate::flows) credentials: Credentials,
    /// The app password that stood in place of the account's own.
    app_password: Option<AppPasswordId>,
    verified: Verified,
    /// Whether this server issued the browser's known-browser secret.
    browser_is_ours: bool,
}

impl SignIn {
    /// Signs a browser in. An unknown account costs the same time as a wrong password.
    ///
    /// # Errors
    /// `Invalid` for empty fields; `InvalidCredentials`, `Locked`, `StepWanted` for an expired password,
    /// `Throttled`, `Busy`.
    pub async fn by_password(
        &self,
        attempt: &LoginAttempt<'_>,
        client: &Client,
    ) -> Result<SignInOutcome<LoggedIn>, AccountError> {
        let came_to = self.by_password_uncounted(attempt, client).await;
        self.counted(Grant::Session, "password", came_to)
    }

    async fn by_password_uncounted(
        &self,
        attempt: &LoginAttempt<'_>,
        client: &Client,
    ) -> Result<SignInOutcome<LoggedIn>, AccountError> {
        require_fields([(Field::Identifier, attempt.identifier), (Field::Password, attempt.password.0)])?;
        let proof = self.prove(attempt, Beside::AskedLater, client).await?;
        // A browser secret that we never issued may have been planted by an attacker, who then knows it:
        // replace it.
        let browser = attempt.browser.filter(|_| proof.browser_is_ours).cloned();
        let browser = browser.unwrap_or_else(|| Token::generate(self.random.as_ref()));
        match self.pend(proof, attempt, Grant::Session, Some(browser.clone()), client).await {
            (None, pending) => self.advance_browser(pending, browser, client).await,
            (Some(step), pending) => Ok(SignInOutcome::Wanted(step, Box::new(pending))),
        }
    }

    /// Returns the pending sign-in and the step that it wants first. If it wants none and the stored hash has
    /// a lower cost than today's, hashes the password again.
    pub(super) async fn pend(
        &self,
        proof: Proof,
        attempt: &LoginAttempt<'_>,
        grant: Grant,
        browser: Option<Token>,
        client: &Client,
    ) -> (Option<Step>, PendingSignIn) {
        let Proof { credentials, verified, app_password, .. } = proof;
        // Only a caller who knows the password learns of a further step.
        let factor = app_password.map_or(Factor::Password, |_| Factor::AppPassword);
        let factors = Factors::only(factor);
        let step = match self.admission.of(&credentials.account, factors, grant) {
            // The browser may be trusted, which is looked up where the grant is written.
            Verdict::Wanted(Step::SecondFactor) => None,
            Verdict::Wanted(step) => Some(step),
            Verdict::Admitted | Verdict::Barred => None,
        };
        let credential = match app_password {
            Some(id) => Credential::AppPassword(id),
            None => {
                let typed = Password::parse(attempt.password.0);
                let rehashed = match (step, verified.needs_rehash, typed) {
                    // On a full queue the stored hash keeps its cost until the next sign-in.
                    (None, true, Ok(password)) => {
                        client.spare_time_for(self.passwords.hash(&password, client)).await
                    }
                    _ => None,
                };
                Credential::Password {
                    changed_at: credentials.password_changed_at,
                    rehashed: rehashed.map(|new| (credentials.password_hash, new)),
                }
            }
        };
        let pending = PendingSignIn {
            account: credentials.account.id,
            credential,
            factors,
            grant,
            browser,
            replaces: attempt.replaces.map(|old| (old.session.account_id, old.session.id)),
            code: None,
        };
        (step, pending)
    }

    /// Finds the account and checks its password, as a guess that the limiter counts. Refuses a barred
    /// account, and a generated password that has expired; does not ask for further steps.
    ///
    /// # Errors
    /// `InvalidCredentials`, also where what `beside` says is missing; `Locked`, `StepWanted` for an expired
    /// password, `Throttled`, `Busy`.
    pub(in crate::flows) async fn prove(
        &self,
        attempt: &LoginAttempt<'_>,
        beside: Beside<'_>,
        client: &Client,
    ) -> Result<Proof, AccountError> {
        let weighed = self.weigh(attempt, beside, client).await?;
        self.settle(weighed, attempt, client).await
    }

    /// Tells the limiter what a guess came to. A code that is still to be checked is none.
    ///
    /// # Errors
    /// As [`prove`](Self::prove).
    pub(super) async fn settle(
        &self,
        weighed: Weighed,
        attempt: &LoginAttempt<'_>,
        client: &Client,
    ) -> Result<Proof, AccountError> {
        let app_password = match weighed.right {
            Worth::Password => None,
            Worth::AppPassword(id) => Some(id),
            Worth::No | Worth::IfCode { .. } => return Err(self.refuse(weighed, attempt, client).await),
        };
        let Weighed { guess, found, verified, devices, .. } = weighed;
        let Some(credentials) = found else {
            guess.failed();
            return Err(AccountError::InvalidCredentials);
        };
        if let Err(throttled) = self.passwords.spend_right(credentials.account.id, client) {
            guess.refund().await;
            return Err(throttled);
        }
        guess.succeeded().await;
        // Only a caller who knows the password learns that the account is locked, or that the password has
        // expired.
        let account = &credentials.account;
        let leaving = account.is_leaving();
        if !account.active() && !leaving {
            return Err(AccountError::Locked);
        }
        let ends = credentials.password_expires_at.filter(|_| app_password.is_none() && !leaving);
        if ends.is_some_and(|end| end <= self.clock.now()) {
            return Err(AccountError::StepWanted(Step::NewPassword));
        }
        let browser_is_ours = devices.browser_is_ours();
        Ok(Proof { credentials, app_password, verified, browser_is_ours })
    }
}
