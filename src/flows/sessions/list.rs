//! Ending sessions from the profile page.

use super::signed_in::{Sessions, SignedIn, require_session};
use crate::flows::client::Client;
use crate::flows::refusals::spend;
use crate::flows::security_log::{self, Noted};
use domain::{AccountError, AccountId, EventKind, OpeningKind, SessionId};
use limiter::Action;
use store::sessions;

impl Sessions {
    /// Ends the session of this request. On an error the session stays alive.
    ///
    /// # Errors
    /// `Throttled`.
    pub async fn end_present(&self, who: &SignedIn, client: &Client) -> Result<(), AccountError> {
        let (account, id) = (who.session.account_id, who.session.id);
        self.count_ending(account, client)?;
        self.store.transact_on(account, async |tx| sessions::end(tx, account, id).await).await?;
        Ok(())
    }

    fn count_ending(&self, account: AccountId, client: &Client) -> Result<(), AccountError> {
        spend(&self.limiter, Action::Ending, account, client, self.clock.now())
    }

    /// Ends one session of the signed-in account, which may be the present one.
    ///
    /// # Errors
    /// `NotFound` when the account has no session with this number; `Throttled`.
    pub async fn end(&self, who: &SignedIn, id: SessionId, client: &Client) -> Result<(), AccountError> {
        let account = who.account().id;
        self.count_ending(account, client)?;
        let now = self.clock.now();
        let ended = self.store.transact_on(account, async |tx| {
            if !sessions::end(tx, account, id).await? {
                return Err(AccountError::NotFound);
            }
            // Whoever ends the session of this browser signs out, which is no news.
            if id != who.session.id {
                let kind = OpeningKind::Session.as_str();
                let noted = Noted::by_owner(EventKind::OpeningEnded, kind);
                security_log::note(tx, account, &noted, client, now).await?;
            }
            Ok(())
        });
        ended.await
    }

    /// Ends all sessions of the signed-in account except the present one. Returns their number.
    ///
    /// # Errors
    /// `Throttled`.
    pub async fn end_others(&self, who: &SignedIn, client: &Client) -> Result<usize, AccountError> {
        let (account, present) = (who.account().id, who.session.id);
        self.count_ending(account, client)?;
        let now = self.clock.now();
        let ended = self.store.transact_on(account, async |tx| {
            require_session(tx, who).await?;
            let ended = sessions::end_all(tx, account, Some(present)).await?;
            if ended > 0 {
                let kind = OpeningKind::Session.as_str();
                let noted = Noted::by_owner(EventKind::OpeningsEnded, kind);
                security_log::note(tx, account, &noted, client, now).await?;
            }
            Ok(ended)
        });
        ended.await
    }
}
