//! Signing programs in. They cannot be asked for a further step: what an account that wants a second factor
//! is to show comes with the request.

use super::grants::Grant;
use super::steps::{Credential, LoginAttempt, PendingCode, PendingSignIn, SignIn, SignInOutcome};
use super::weigh::{Beside, Weighed, Worth};
use crate::flows::client::Client;
use domain::{
    Account, AccountError, AccountId, Factor, Factors, Field, Step, Token, TypedPassword, require_fields,
};

impl SignIn {
    /// Signs a program in and gives it `grant`. Costs the same time as [`by_password`](Self::by_password).
    ///
    /// For an account that wants a second factor, `password` is an app password for the program's dialect, or
    /// `code` a code beside the password; else the right password is answered like a wrong one. An account
    /// that wants none ignores the code. A [`Grant::Autologin`] is given for the password alone: the page
    /// that it leads to asks.
    ///
    /// # Errors
    /// `Invalid` for empty fields; `InvalidCredentials`, `Locked`, `StepWanted` for an expired password,
    /// `Throttled`, `Busy`.
    pub async fn by_password_for(
        &self,
        identifier: &str,
        password: TypedPassword<'_>,
        code: &str,
        grant: Grant,
        client: &Client,
    ) -> Result<SignInOutcome<(Account, Token)>, AccountError> {
        let came_to = self.by_password_for_uncounted(identifier, password, code, grant, client).await;
        self.counted(grant, "password", came_to)
    }

    async fn by_password_for_uncounted(
        &self,
        identifier: &str,
        password: TypedPassword<'_>,
        code: &str,
        grant: Grant,
        client: &Client,
    ) -> Result<SignInOutcome<(Account, Token)>, AccountError> {
        require_fields([(Field::Identifier, identifier), (Field::Password, password.0)])?;
        let attempt = LoginAttempt { identifier, password, browser: None, replaces: None };
        let beside = match grant.of_program() {
            Some((_, door)) => Beside::Program { door, code },
            None => Beside::AskedLater,
        };
        let weighed = self.weigh(&attempt, beside, client).await?;
        if let Worth::IfCode { password } = weighed.right {
            let code = PendingCode { typed: code.to_owned().into(), password };
            return self.by_code(weighed, &attempt, code, grant, client).await;
        }
        let proof = self.settle(weighed, &attempt, client).await?;
        let outcome = match self.pend(proof, &attempt, grant, None, client).await {
            (None, pending) => self.advance(pending, client).await?,
            (Some(step), pending) => SignInOutcome::Wanted(step, Box::new(pending)),
        };
        match outcome {
            // It has come to want a second factor meanwhile; or its owner has deleted it.
            SignInOutcome::Wanted(Step::SecondFactor | Step::Restore, _) => {
                Err(AccountError::InvalidCredentials)
            }
            outcome => Ok(outcome),
        }
    }

    /// Signs a program in by a password and a code. The code is checked under the account's lock, whether the
    /// password was right or wrong; the limiter counts a wrong one of either as a wrong guess.
    async fn by_code(
        &self,
        weighed: Weighed,
        attempt: &LoginAttempt<'_>,
        code: PendingCode,
        grant: Grant,
        client: &Client,
    ) -> Result<SignInOutcome<(Account, Token)>, AccountError> {
        let found = weighed.found.as_ref();
        let account = found.map_or(AccountId(0), |found| found.account.id);
        let pending = PendingSignIn {
            account,
            credential: Credential::Password {
                changed_at: found.and_then(|found| found.password_changed_at),
                rehashed: None,
            },
            factors: Factors::only(Factor::Password),
            grant,
            browser: None,
            replaces: None,
            code: Some(code),
        };
        match self.advance(pending, client).await {
            Ok(SignInOutcome::Wanted(Step::SecondFactor, _)) | Err(AccountError::InvalidCredentials) => {
                Err(self.refuse(weighed, attempt, client).await)
            }
            Err(error @ (AccountError::Locked | AccountError::StepWanted(_))) => {
                weighed.guess.succeeded().await;
                Err(error)
            }
            Err(error) => {
                weighed.guess.refund().await;
                Err(error)
            }
            Ok(outcome) => {
                weighed.guess.succeeded().await;
                // Whoever has it all is in already; the next one is refused before the hash.
                let _ = self.passwords.spend_right(account, client);
                Ok(outcome)
            }
        }
    }
}
