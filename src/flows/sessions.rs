//! Ending sessions from the profile page.

use super::login::finish;
use super::{Flows, SignedIn};
use crate::domain::{AccountError, SessionId};
use crate::store::sessions;

impl Flows {
    /// Ends one session of the signed-in account; its own too.
    ///
    /// # Errors
    /// `NotFound` when the account has none of this number.
    pub async fn end_session(&self, who: &SignedIn, id: SessionId) -> Result<(), AccountError> {
        let mut tx = self.parts().store.write().await?;
        let ended = sessions::end(&mut tx, who.account().id, id).await;
        if finish(ended, tx).await? { Ok(()) } else { Err(AccountError::NotFound) }
    }

    /// Ends all sessions of the signed-in account but the present one; says how many.
    pub async fn end_other_sessions(&self, who: &SignedIn) -> Result<usize, AccountError> {
        let mut tx = self.parts().store.write().await?;
        let ended = sessions::end_all(&mut tx, who.account().id, Some(who.session.id)).await;
        finish(ended, tx).await
    }
}
