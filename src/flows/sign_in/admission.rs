//! Whether an account is let in: the one place that says so, for every door.

use domain::{Account, AccountError, Step, Verification};

/// The operator's rules about who is let in.
#[derive(Clone, Copy, Debug)]
pub(in crate::flows) struct Admission {
    pub(in crate::flows) verification: Verification,
}

/// What becomes of somebody whose credential was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::flows) enum Verdict {
    /// Nothing is left to be done.
    Admitted,
    /// This comes first.
    Wanted(Step),
    /// Nobody gets into this account.
    Barred,
}

impl Admission {
    /// What becomes of somebody who comes with a right credential of `account`.
    pub(in crate::flows) fn of(self, account: &Account) -> Verdict {
        if !account.active() {
            Verdict::Barred
        } else if account.verified_at.is_none()
            && let Some(step) = self.of_new_accounts()
        {
            Verdict::Wanted(step)
        } else {
            Verdict::Admitted
        }
    }

    /// What the first sign-in to an account that was just made wants.
    pub(in crate::flows) fn of_new_accounts(self) -> Option<Step> {
        (self.verification == Verification::Required).then_some(Step::Verify)
    }

    /// Admits to `account` where nobody can be asked for anything more. `barred`: what this door answers for
    /// an account that nobody gets into.
    ///
    /// # Errors
    /// `StepWanted`, `barred`.
    pub(in crate::flows) fn require(
        self,
        account: &Account,
        barred: AccountError,
    ) -> Result<(), AccountError> {
        match self.of(account) {
            Verdict::Admitted => Ok(()),
            Verdict::Wanted(step) => Err(AccountError::StepWanted(step)),
            Verdict::Barred => Err(barred),
        }
    }
}
