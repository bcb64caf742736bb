//! Ending sessions from the profile page.

use super::{Flows, SignedIn};
use crate::domain::{AccountError, SessionId};
use crate::store::sessions;

impl Flows {
    /// Ends one session of the signed-in account; its own too.
    ///
    /// # Errors
    /// `NotFound` when the account has none of this number.
    pub async fn end_session(&self, who: &SignedIn, id: SessionId) -> Result<(), AccountError> {
        let account = who.account().id;
        let ended = self.store().transact(async |tx| match sessions::end(tx, account, id).await? {
            true => Ok(()),
            false => Err(AccountError::NotFound),
        });
        ended.await
    }

    /// Ends all sessions of the signed-in account but the present one; says how many.
    pub async fn end_other_sessions(&self, who: &SignedIn) -> Result<usize, AccountError> {
        let (account, present) = (who.account().id, who.session.id);
        let ended = self.store().transact(async |tx| sessions::end_all(tx, account, Some(present)).await);
        Ok(ended.await?)
    }
}
