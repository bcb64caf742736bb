//! Signing in with an address or username and a password.

use super::admission::Verdict;
use super::grants::Grant;
use super::steps::{Credential, LoggedIn, LoginAttempt, PendingSignIn, SignIn, SignInOutcome};
use crate::flows::client::Client;
use crate::flows::known_devices::{KnownDevices, stranger};
use crate::flows::refusals::refuse_throttled;
use domain::{
    Account, AccountError, Factor, Factors, Field, Password, Step, Token, TypedPassword, identifier_key,
    require_fields,
};
use hasher::Verified;
use limiter::{Attempt, Subject};
use store::accounts::{self, Credentials};
use store::claims::{self, Claim};

/// A password that was right.
pub(in crate::flows) struct Proof {
    pub(in crate::flows) credentials: Credentials,
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
        require_fields([(Field::Identifier, attempt.identifier), (Field::Password, attempt.password.0)])?;
        let proof = self.prove(attempt, client).await?;
        // A browser secret that we never issued may have been planted by an attacker, who then knows it:
        // replace it.
        let browser = attempt.browser.filter(|_| proof.browser_is_ours).cloned();
        let browser = browser.unwrap_or_else(|| Token::generate(self.random.as_ref()));
        match self.pend(proof, attempt, Grant::Session, Some(browser.clone()), client).await {
            (None, pending) => self.advance_browser(pending, browser, client).await,
            (Some(step), pending) => Ok(SignInOutcome::Wanted(step, Box::new(pending))),
        }
    }

    /// Signs a program in and gives it `grant`. Costs the same time as [`by_password`](Self::by_password).
    ///
    /// # Errors
    /// `Invalid` for empty fields; `InvalidCredentials`, `Locked`, `StepWanted` for an expired password,
    /// `Throttled`, `Busy`.
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

    /// Returns the pending sign-in and the step that it wants first. If it wants none and the stored hash has
    /// a lower cost than today's, hashes the password again.
    async fn pend(
        &self,
        proof: Proof,
        attempt: &LoginAttempt<'_>,
        grant: Grant,
        browser: Option<Token>,
        client: &Client,
    ) -> (Option<Step>, PendingSignIn) {
        let Proof { credentials, verified, .. } = proof;
        // Only a caller who knows the password learns of a further step.
        let factors = Factors::only(Factor::Password);
        let step = match self.admission.of(&credentials.account, factors, grant) {
            // The browser may be trusted, which is looked up where the grant is written.
            Verdict::Wanted(Step::SecondFactor) => None,
            Verdict::Wanted(step) => Some(step),
            Verdict::Admitted | Verdict::Barred => None,
        };
        let rehashed = match (step, verified.needs_rehash, Password::parse(attempt.password.0)) {
            // On a full queue the stored hash keeps its cost until the next sign-in.
            (None, true, Ok(password)) => client.spare_time_for(self.passwords.hash(&password, client)).await,
            _ => None,
        };
        let pending = PendingSignIn {
            account: credentials.account.id,
            credential: Credential::Password {
                changed_at: credentials.password_changed_at,
                rehashed: rehashed.map(|new| (credentials.password_hash, new)),
            },
            factors,
            grant,
            browser,
            replaces: attempt.replaces.map(|old| (old.session.account_id, old.session.id)),
        };
        (step, pending)
    }

    /// Finds the account and checks its password, as a guess that the limiter counts. Refuses a barred
    /// account, and a generated password that has expired; does not ask for further steps.
    ///
    /// # Errors
    /// `InvalidCredentials`, `Locked`, `StepWanted` for an expired password, `Throttled`, `Busy`.
    pub(in crate::flows) async fn prove(
        &self,
        attempt: &LoginAttempt<'_>,
        client: &Client,
    ) -> Result<Proof, AccountError> {
        let now = self.clock.now();
        let (found, devices, claim) = {
            let mut db = self.store.read().await?;
            let found = accounts::find_by_identifier(&mut db, attempt.identifier).await?;
            let devices = KnownDevices::of(&mut db, attempt.browser, client).await?;
            let claim = if self.admission.conceals(client) {
                let id = found.as_ref().map(|found| found.account.id);
                claims::find(&mut db, id, attempt.identifier).await?
            } else {
                None
            };
            (found, devices, claim)
        };
        let subject = |id, email_key: &str| self.admission.subject(&self.limiter, id, email_key, client);
        let guesser = match (&found, &claim) {
            (Some(Credentials { account, .. }), _) => {
                devices.guesser(account.id, subject(account.id, &account.email.key()), client)
            }
            (None, Some(claim)) => stranger(subject(claim.account_id, &claim.email_key), client),
            (None, None) => {
                let fingerprint = self.limiter.fingerprint(&identifier_key(attempt.identifier));
                stranger(Subject::UnknownIdentifier(fingerprint), client)
            }
        };
        let guess = self.limiter.begin_login(now.0, guesser).await.map_err(refuse_throttled)?;
        let stored = found.as_ref().and_then(|found| found.password_hash.as_deref());
        // Bytes that cannot be a password, such as too many, are verified as an empty password against no
        // hash, which costs the same time.
        let typed = Password::parse(attempt.password.0);
        let bytes = typed.as_ref().map_or(&b""[..], Password::as_bytes);
        let stored = if typed.is_ok() { stored } else { None };
        let account = found.as_ref().map(|found| found.account.id);
        let verified = self.passwords.verify_guess(bytes, stored, &guess, account, client).await;
        let factors = Factors::only(Factor::Password);
        let verdict = found.as_ref().map(|found| self.admission.of(&found.account, factors, Grant::Session));
        let unproven = matches!(verdict, None | Some(Verdict::Wanted(Step::Verify)));
        let enters = !unproven && verified.as_ref().is_ok_and(|one| one.matches);
        if let (Some(claim), false, true) = (&claim, enters, verified.is_ok()) {
            return Err(self.answer_claim(bytes, claim, guess, client).await);
        }
        match (verified, found) {
            (Ok(verified), Some(credentials)) if verified.matches => {
                guess.succeeded().await;
                // Only a caller who knows the password learns that the account is locked, or that the
                // password has expired.
                if verdict == Some(Verdict::Barred) {
                    return Err(AccountError::Locked);
                }
                if credentials.password_expires_at.is_some_and(|end| end <= now) {
                    return Err(AccountError::StepWanted(Step::NewPassword));
                }
                Ok(Proof { credentials, verified, browser_is_ours: devices.browser_is_ours() })
            }
            (Ok(_), _) => {
                guess.failed();
                Err(AccountError::InvalidCredentials)
            }
            (Err(error), _) => {
                guess.refund().await;
                Err(error)
            }
        }
    }

    /// Answers whoever does not enter an account that has a claim: that the address is to be proven, to the
    /// password of the last registration; else that it was wrong. Whether that registration made the account
    /// or found it there changes nothing: neither the answer, nor the number of hashes, nor what is counted.
    async fn answer_claim(
        &self,
        typed: &[u8],
        claim: &Claim,
        guess: Attempt,
        client: &Client,
    ) -> AccountError {
        // Anybody can make a claim, so its password does not spend from the account's bucket either.
        let stored = Some(claim.password_hash.as_str());
        let verified = self.passwords.verify_guess(typed, stored, &guess, None, client).await;
        match verified {
            // Anybody can make a claim, so its password ends no delay of the account's.
            Ok(Verified { matches: true, .. }) => {
                guess.failed();
                AccountError::StepWanted(Step::Verify)
            }
            Ok(_) => {
                guess.failed();
                AccountError::InvalidCredentials
            }
            Err(error) => {
                guess.refund().await;
                error
            }
        }
    }
}
