//! Counts what sign-ins come to, for the operator's figures. Nothing of a person is in them.

use super::grants::{Grant, SignInKind};
use super::steps::{SignIn, SignInOutcome};
use domain::AccountError;

impl SignIn {
    /// What sign-ins came to since the start.
    pub fn counts(&self) -> Vec<(SignInKind, u64)> {
        self.grants.sign_ins.all()
    }

    /// Counts what a sign-in for `grant` by a credential of the kind `by` came to, and returns that.
    pub(super) fn counted<T>(
        &self,
        grant: Grant,
        by: &'static str,
        came_to: Result<SignInOutcome<T>, AccountError>,
    ) -> Result<SignInOutcome<T>, AccountError> {
        let outcome = match &came_to {
            Ok(SignInOutcome::Granted(_)) => "granted",
            Ok(SignInOutcome::Wanted(..)) | Err(AccountError::StepWanted(_)) => "step_wanted",
            Err(AccountError::Locked) => "locked",
            Err(AccountError::Throttled { .. }) => "throttled",
            Err(AccountError::Busy { .. }) => "busy",
            Err(AccountError::Unavailable(_) | AccountError::Internal(_)) => "error",
            Err(_) => "refused",
        };
        self.grants.sign_ins.count(SignInKind { door: grant.door(), by, outcome });
        came_to
    }
}
