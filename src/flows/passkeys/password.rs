//! An account without a password, to which its passkeys alone sign in.

use super::{Passkeys, refused};
use crate::flows::client::Client;
use crate::flows::mail::cause;
use crate::flows::refusals::spend;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::proof::proven_lately;
use crate::flows::sessions::signed_in::{SignedIn, require_session};
use domain::{AccountError, EventKind, FieldCode, MailKind};
use limiter::Action;
use store::{accounts, passkeys};

impl Passkeys {
    /// Takes the password of the signed-in account away. A mailed link sets another, at any time.
    ///
    /// # Errors
    /// `Invalid` when the account has no passkey; `NotFound` when it has no password; `ProofWanted`,
    /// `Throttled`.
    pub async fn remove_password(&self, who: &SignedIn, client: &Client) -> Result<(), AccountError> {
        let now = self.clock.now();
        proven_lately(&who.session, now)?;
        let id = who.account().id;
        spend(&self.limiter, Action::SettingsWrite, id, client, now)?;
        self.store
            .transact_on(id, async |tx| {
                require_session(tx, who).await?;
                let account = accounts::find(tx, id).await?.ok_or(AccountError::Unauthenticated)?.account;
                if !passkeys::any(tx, id).await? {
                    return Err(refused(FieldCode::PasskeyWanted));
                }
                if !accounts::remove_password(tx, id, now).await? {
                    return Err(AccountError::NotFound);
                }
                let noted = Noted::by_owner(EventKind::PasswordRemoved, "");
                security_log::note(tx, id, &noted, client, now).await?;
                cause::notify(tx, MailKind::PasswordRemoved, &account, client, now).await?;
                Ok(())
            })
            .await
    }
}
