//! What the owner of an account permits to clients: *applications* on the Security page.

use domain::{AccountError, EventKind, OidcGrantId};
use limiter::Action;
use store::oidc_grants::{self, ListedGrant};

use super::Oidc;
use crate::flows::client::Client;
use crate::flows::refusals::spend;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::signed_in::{SignedIn, require_session};

impl Oidc {
    /// What the owner of the signed-in account permits, the last used first.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn applications(&self, who: &SignedIn) -> Result<Vec<ListedGrant>, AccountError> {
        Ok(oidc_grants::list(&mut self.store.read().await?, who.account().id).await?)
    }

    /// Takes back what the owner permits to one client: its tokens are dead by the next request. Nobody is
    /// asked again who they are, because ending something is never held up.
    ///
    /// # Errors
    /// `NotFound` when there is none with this number; `Unauthenticated` when the session has ended;
    /// `Throttled`.
    pub async fn end_application(
        &self,
        who: &SignedIn,
        id: OidcGrantId,
        caller: &Client,
    ) -> Result<(), AccountError> {
        let (account, now) = (who.account().id, self.clock.now());
        spend(&self.limiter, Action::Ending, account, caller, now)?;
        let ended = self.store.transact_on(account, async |tx| {
            require_session(tx, who).await?;
            let name = oidc_grants::end(tx, account, id).await?.ok_or(AccountError::NotFound)?;
            let noted = Noted::by_owner(EventKind::ApplicationEnded, &name);
            Ok(security_log::note(tx, account, &noted, caller, now).await?)
        });
        ended.await
    }
}
