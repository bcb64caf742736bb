//! Ending sessions from the profile page.

use super::signed_in::{Sessions, SignedIn};
use domain::{AccountError, SessionId};
use store::sessions;

impl Sessions {
    /// Ends the session of this request. On an error the session stays alive.
    pub async fn end_present(&self, who: &SignedIn) -> Result<(), AccountError> {
        let session = &who.session;
        self.store.transact(async |tx| sessions::end(tx, session.account_id, session.id).await).await?;
        Ok(())
    }

    /// Ends one session of the signed-in account, which may be the present one.
    ///
    /// # Errors
    /// `NotFound` when the account has no session with this number.
    pub async fn end(&self, who: &SignedIn, id: SessionId) -> Result<(), AccountError> {
        let account = who.account().id;
        let ended = self.store.transact(async |tx| match sessions::end(tx, account, id).await? {
            true => Ok(()),
            false => Err(AccountError::NotFound),
        });
        ended.await
    }

    /// Ends all sessions of the signed-in account except the present one. Returns their number.
    pub async fn end_others(&self, who: &SignedIn) -> Result<usize, AccountError> {
        let (account, present) = (who.account().id, who.session.id);
        let ended = self.store.transact(async |tx| sessions::end_all(tx, account, Some(present)).await);
        Ok(ended.await?)
    }
}
