//! The passkeys of the signed-in account: listing, renaming and removing them.

use super::own::OwnPasskeys;
use super::{Passkeys, refused};
use crate::flows::client::Client;
use crate::flows::mail::cause;
use crate::flows::refusals::spend;
use crate::flows::second_factors::settle;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::proof::proven_lately;
use crate::flows::sessions::signed_in::{SignedIn, require_session};
use domain::{
    AccountError, EventKind, Field, FieldCode, MailKind, PASSKEY_NAME_MAX_CHARS, PasskeyId, clean_text,
    require_fields,
};
use limiter::Action;
use store::{accounts, passkeys};

impl Passkeys {
    /// The passkeys of the signed-in account. They are kept in memory until the account changes.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn own<'a>(&self, who: &'a SignedIn) -> Result<&'a OwnPasskeys, AccountError> {
        let read = async || -> Result<OwnPasskeys, AccountError> {
            let id = who.account().id;
            let mut db = self.store.read().await?;
            let found = accounts::find(&mut db, id).await?.ok_or(AccountError::Unauthenticated)?;
            let listed = passkeys::list(&mut db, id).await?;
            Ok(OwnPasskeys {
                passkeys: listed.into_iter().map(|stored| stored.passkey).collect(),
                handle: passkeys::handle(&mut db, id).await?,
                has_password: found.password_hash.is_some(),
            })
        };
        who.state.passkeys.get_or_try_init(read).await
    }

    /// Renames a passkey of the signed-in account.
    ///
    /// # Errors
    /// `Invalid` when the name is refused; `NotFound` when the account has no passkey with this number;
    /// `Throttled`.
    pub async fn rename(
        &self,
        who: &SignedIn,
        id: PasskeyId,
        name: &str,
        client: &Client,
    ) -> Result<(), AccountError> {
        let account = who.account().id;
        spend(&self.limiter, Action::SettingsWrite, account, client, self.clock.now())?;
        let name = clean_text(name, PASSKEY_NAME_MAX_CHARS)
            .map_err(|code| AccountError::field(Field::PasskeyName, code))?;
        require_fields([(Field::PasskeyName, name.as_str())])?;
        let renamed = self.store.transact_on(account, async |tx| {
            require_session(tx, who).await?;
            Ok::<_, AccountError>(passkeys::rename(tx, account, id, &name).await?)
        });
        if renamed.await? { Ok(()) } else { Err(AccountError::NotFound) }
    }

    /// Removes a passkey of the signed-in account, but not the last thing that signs in to it.
    ///
    /// # Errors
    /// `Invalid` for the last passkey of an account without a password; `NotFound` when the account has no
    /// passkey with this number; `ProofWanted`, `Throttled`.
    pub async fn remove(&self, who: &SignedIn, id: PasskeyId, client: &Client) -> Result<(), AccountError> {
        let now = self.clock.now();
        proven_lately(&who.session, now)?;
        let account = who.account().id;
        spend(&self.limiter, Action::SettingsWrite, account, client, now)?;
        self.store
            .transact_on(account, async |tx| {
                require_session(tx, who).await?;
                let found = accounts::find(tx, account).await?.ok_or(AccountError::Unauthenticated)?;
                let name = passkeys::remove(tx, account, id).await?.ok_or(AccountError::NotFound)?;
                let last = !passkeys::any(tx, account).await?;
                if last && found.password_hash.is_none() {
                    return Err(refused(FieldCode::PasskeyLast));
                }
                settle(tx, account).await?;
                let noted = Noted::by_owner(EventKind::PasskeyRemoved, &name);
                security_log::note(tx, account, &noted, client, now).await?;
                cause::notify(tx, MailKind::PasskeyRemoved, &found.account, client, now).await?;
                Ok(())
            })
            .await
    }
}
