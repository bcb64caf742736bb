//! New recovery codes, in place of those that are lost or used.

use domain::{AccountError, EventKind, MailKind, RecoveryCode, Step};
use limiter::Action;
use store::accounts;

use super::{SecondFactors, settle};
use crate::flows::client::Client;
use crate::flows::mail::cause;
use crate::flows::refusals::spend;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::proof::proven_lately;
use crate::flows::sessions::signed_in::{SignedIn, require_session};

impl SecondFactors {
    /// Makes new recovery codes. The earlier ones work no longer.
    ///
    /// # Errors
    /// `ProofWanted`; `StepWanted` when the account has no second factor; `Throttled`; `Unauthenticated` when
    /// the session has ended meanwhile.
    pub async fn make_recovery_codes(
        &self,
        who: &SignedIn,
        client: &Client,
    ) -> Result<Vec<RecoveryCode>, AccountError> {
        let (id, now) = (who.account().id, self.clock.now());
        proven_lately(&who.session, now)?;
        spend(&self.limiter, Action::SettingsWrite, id, client, now)?;
        self.store
            .transact_on(id, async |tx| {
                require_session(tx, who).await?;
                let account = accounts::find(tx, id).await?.ok_or(AccountError::NotFound)?.account;
                if account.second_factor_at.is_none() {
                    return Err(AccountError::StepWanted(Step::SetUpFactor));
                }
                let codes = settle::new_codes(tx, self.random.as_ref(), id, now).await?;
                let noted = Noted::by_owner(EventKind::RecoveryCodesMade, "");
                security_log::note(tx, id, &noted, client, now).await?;
                cause::notify(tx, MailKind::RecoveryCodesMade, &account, client, now).await?;
                Ok(codes)
            })
            .await
    }
}
