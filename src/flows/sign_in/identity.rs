//! Signing in with an account at another provider, which has vouched for its owner.

use super::admission::Verdict;
use super::grants::Grant;
use super::steps::{Credential, LoggedIn, PendingSignIn, SignIn, SignInOutcome};
use crate::flows::client::Client;
use crate::flows::known_devices::KnownDevices;
use crate::flows::sessions::signed_in::SignedIn;
use domain::{AccountError, AccountId, Factor, Factors, IdentityId, Step, Token};
use store::accounts;

/// An identity that was proven, and the browser's cookies.
#[derive(Clone, Debug)]
pub struct IdentityLogin<'a> {
    /// The account that has it.
    pub account: AccountId,
    /// The identity.
    pub id: IdentityId,
    /// The known-browser secret of this browser, if it has one.
    pub browser: Option<&'a Token>,
    /// The browser's present session, which the new one replaces.
    pub replaces: Option<&'a SignedIn>,
}

impl SignIn {
    /// Signs a browser in by an identity. An account that wants a second factor is asked for it.
    ///
    /// # Errors
    /// `NotFound` when the account has the identity no more; `Locked`.
    pub async fn by_identity(
        &self,
        attempt: &IdentityLogin<'_>,
        client: &Client,
    ) -> Result<SignInOutcome<LoggedIn>, AccountError> {
        let came_to = self.by_identity_uncounted(attempt, client).await;
        self.counted(Grant::Session, "provider", came_to)
    }

    async fn by_identity_uncounted(
        &self,
        attempt: &IdentityLogin<'_>,
        client: &Client,
    ) -> Result<SignInOutcome<LoggedIn>, AccountError> {
        let (ours, owner) = {
            let mut db = self.store.read().await?;
            let ours = KnownDevices::of(&mut db, attempt.browser, client).await?.browser_is_ours();
            (ours, accounts::find(&mut db, attempt.account).await?)
        };
        // A browser secret that we never issued may have been planted by an attacker: replace it.
        let browser = attempt.browser.filter(|_| ours).cloned();
        let browser = browser.unwrap_or_else(|| Token::generate(self.random.as_ref()));
        let pending = PendingSignIn {
            account: attempt.account,
            credential: Credential::Identity(attempt.id),
            factors: Factors::only(Factor::Provider),
            grant: Grant::Session,
            browser: Some(browser.clone()),
            replaces: attempt.replaces.map(|old| (old.session.account_id, old.session.id)),
            code: None,
        };
        let owner = owner.ok_or(AccountError::NotFound)?.account;
        match self.admission.of(&owner, pending.factors, pending.grant) {
            // The browser may be trusted, which is looked up where the grant is written.
            Verdict::Admitted | Verdict::Barred | Verdict::Wanted(Step::SecondFactor) => {
                self.advance_browser(pending, browser, client).await
            }
            Verdict::Wanted(step) => Ok(SignInOutcome::Wanted(step, Box::new(pending))),
        }
    }
}
