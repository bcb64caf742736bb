//! Admission: whether an account may be signed in to. Every door asks here.

use std::sync::Arc;

use super::grants::Grant;
use crate::flows::client::Client;
use domain::{Account, AccountError, AccountId, Factors, Role, Step, Verification};
use limiter::{Limiter, Subject};
use store::accounts::NewAccountRow;

#[derive(Clone, Debug)]
pub(in crate::flows) struct Admission {
    pub(in crate::flows) verification: Verification,
    /// The roles whose accounts must have a second factor.
    pub(in crate::flows) strict: Arc<[Role]>,
    /// The version of the terms of use that people must have agreed to.
    pub(in crate::flows) terms: Option<Arc<str>>,
}

/// The decision about a person whose credential was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::flows) enum Verdict {
    /// The person may sign in.
    Admitted,
    /// The person has to take this step first.
    Wanted(Step),
    /// Nobody may sign in to this account.
    Barred,
}

impl Admission {
    /// Without roles that require a second factor.
    pub(in crate::flows) fn plain(verification: Verification) -> Self {
        Self { verification, strict: Arc::from([]), terms: None }
    }

    /// Decides about a person who has proven `factors` of `account`, and is to get `grant`. Whoever gets a
    /// ticket is asked for the second factor when it is used, by a page.
    pub(in crate::flows) fn of(&self, account: &Account, factors: Factors, grant: Grant) -> Verdict {
        if account.is_leaving() {
            Verdict::Wanted(Step::Restore)
        } else if !account.active() {
            Verdict::Barred
        } else if account.verified_at.is_none()
            && let Some(step) = self.of_new_accounts()
        {
            Verdict::Wanted(step)
        } else if account.approval_wanted_at.is_some() {
            Verdict::Wanted(Step::Approval)
        } else if account.second_factor_at.is_some() && !factors.are_enough() && grant != Grant::Autologin {
            Verdict::Wanted(Step::SecondFactor)
        } else if let Some(step) = self.held_for(account)
            && grant.of_program().is_some()
        {
            // A browser is let in to take the step, and to nothing else.
            Verdict::Wanted(step)
        } else {
            Verdict::Admitted
        }
    }

    /// Admits a program that holds what it was given before. Terms of use that have changed since do not stop
    /// it: nobody may be near it who could agree.
    ///
    /// # Errors
    /// As [`require`](Self::require).
    pub(in crate::flows) fn require_of_holder(
        &self,
        account: &Account,
        factors: Factors,
        grant: Grant,
        barred: AccountError,
    ) -> Result<(), AccountError> {
        Self { terms: None, ..self.clone() }.require(account, factors, grant, barred)
    }

    /// What the owner of `account` has to do before its sessions serve for anything else.
    pub(in crate::flows) fn held_for(&self, account: &Account) -> Option<Step> {
        if self.lacks_terms(account.terms.as_deref()) {
            Some(Step::Terms)
        } else {
            self.lacks_factor(account).then_some(Step::SetUpFactor)
        }
    }

    /// Whether somebody who agreed to the terms of use of version `agreed` last has to agree again.
    fn lacks_terms(&self, agreed: Option<&str>) -> bool {
        self.terms.as_deref().is_some_and(|version| agreed != Some(version))
    }

    /// Whether the role of `account` requires a second factor that it does not have.
    pub(in crate::flows) fn lacks_factor(&self, account: &Account) -> bool {
        account.second_factor_at.is_none() && self.strict.contains(&account.role)
    }

    /// The step that the first sign-in to a new account needs.
    pub(in crate::flows) fn of_new_accounts(&self) -> Option<Step> {
        (self.verification == Verification::Required).then_some(Step::Verify)
    }

    /// The step that the account `new` needs before whoever registered it gets `grant`.
    /// The people of a trusted server agree to terms of use when they come.
    pub(in crate::flows) fn before_first(
        &self,
        new: &NewAccountRow,
        grant: Grant,
        client: &Client,
    ) -> Option<Step> {
        let set_up = self.strict.contains(&new.role) && grant.of_program().is_some();
        let step = self.of_new_accounts().or(new.approval_wanted.then_some(Step::Approval));
        let agrees =
            self.lacks_terms(new.terms.as_deref()) && grant.of_program().is_some() && !client.trusted;
        let step = step.or(agrees.then_some(Step::Terms)).or(set_up.then_some(Step::SetUpFactor));
        step.filter(|_| grant != Grant::Nothing)
    }

    /// Whether a registration must not tell `client` that an address is taken, nor a sign-in after it: where
    /// addresses have to be proven first, everybody is answered that a link is on its way. A trusted server
    /// is told.
    pub(in crate::flows) fn conceals(&self, client: &Client) -> bool {
        self.of_new_accounts().is_some() && !client.trusted
    }

    /// Whose password a stranger guesses at, as the limiter counts it: the account's with this number and the
    /// address of this key. Where registration conceals whether it made the account, the account counts as
    /// its address does before there is one. Otherwise whoever has guessed at an address before registering
    /// it learns from the delay after it whether those guesses count, so whether the account was there.
    pub(in crate::flows) fn subject(
        &self,
        limiter: &Limiter,
        id: AccountId,
        email_key: &str,
        client: &Client,
    ) -> Subject {
        if self.conceals(client) {
            Subject::UnknownIdentifier(limiter.fingerprint(email_key))
        } else {
            Subject::Account(id.0)
        }
    }

    /// Admits a person at a door that cannot ask for a further step. `barred` is the door's error for a
    /// barred account.
    ///
    /// # Errors
    /// `StepWanted`, `barred`.
    pub(in crate::flows) fn require(
        &self,
        account: &Account,
        factors: Factors,
        grant: Grant,
        barred: AccountError,
    ) -> Result<(), AccountError> {
        match self.of(account, factors, grant) {
            Verdict::Admitted => Ok(()),
            Verdict::Wanted(step) => Err(AccountError::StepWanted(step)),
            Verdict::Barred => Err(barred),
        }
    }
}
