//! Signing in with a passkey: no address and no password are typed.

use super::grants::Grant;
use super::steps::{Credential, LoggedIn, PendingSignIn, SignIn, SignInOutcome};
use crate::flows::client::Client;
use crate::flows::known_devices::KnownDevices;
use crate::flows::sessions::signed_in::SignedIn;
use domain::{AccountError, Factor, Factors, Token};
use store::StoreError;

/// What an authenticator has answered, and the browser's cookies.
#[derive(Clone, Debug)]
pub struct PasskeyLogin<'a> {
    /// `PublicKeyCredential` as JSON.
    pub answer: &'a str,
    /// The known-browser secret of this browser, if it has one.
    pub browser: Option<&'a Token>,
    /// The browser's present session, which the new one replaces.
    pub replaces: Option<&'a SignedIn>,
}

impl SignIn {
    /// Signs a browser in by a passkey.
    ///
    /// # Errors
    /// `Invalid` when the answer is refused; `Locked`, `Throttled`.
    pub async fn by_passkey(
        &self,
        attempt: &PasskeyLogin<'_>,
        client: &Client,
    ) -> Result<SignInOutcome<LoggedIn>, AccountError> {
        let came_to = self.by_passkey_uncounted(attempt, client).await;
        self.counted(Grant::Session, "passkey", came_to)
    }

    async fn by_passkey_uncounted(
        &self,
        attempt: &PasskeyLogin<'_>,
        client: &Client,
    ) -> Result<SignInOutcome<LoggedIn>, AccountError> {
        let proof = self.passkeys.check_sign_in(attempt.answer, client).await?;
        let ours = {
            let mut db = self.store.read().await?;
            KnownDevices::of(&mut db, attempt.browser, client).await?.browser_is_ours()
        };
        // A browser secret that we never issued may have been planted by an attacker: replace it.
        let browser = attempt.browser.filter(|_| ours).cloned();
        let browser = browser.unwrap_or_else(|| Token::generate(self.random.as_ref()));
        let pending = PendingSignIn {
            account: proof.account,
            credential: Credential::Passkey(proof),
            factors: Factors::only(Factor::Passkey),
            grant: Grant::Session,
            browser: Some(browser.clone()),
            replaces: attempt.replaces.map(|old| (old.session.account_id, old.session.id)),
            code: None,
        };
        self.advance_browser(pending, browser, client).await
    }

    /// Uses the challenge of a passkey up that was right and let nobody in.
    pub(super) async fn spend_challenge(&self, pending: &PendingSignIn) -> Result<(), StoreError> {
        let Credential::Passkey(proof) = &pending.credential else { return Ok(()) };
        let now = self.clock.now();
        self.store.transact_on(pending.account, async |tx| proof.spend(tx, now).await).await
    }
}
