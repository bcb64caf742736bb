//! What a new password ends, by whatever door it came in.

use super::{Client, Flows, notices};
use crate::domain::{
    Account, AccountError, AccountId, Field, FieldCode, MailKind, Millis, Password, SessionId, Username,
};
use crate::store::{StoreError, Tx, accounts, bearers, devices, outbox, sessions, tickets};

use super::registration::Secret;

impl Flows {
    /// Checks a password that `account`'s owner chose.
    pub(super) fn check_own_choice(
        &self,
        account: &Account,
        chosen: Secret<'_>,
    ) -> Result<Password, FieldCode> {
        let new = Password::parse(chosen.0)?;
        let username = account.username.as_ref().map_or("", Username::as_str);
        let own = [account.email.as_str(), account.email.local_part(), username, &account.name];
        self.policy().password.check(&new, &own)?;
        Ok(new)
    }
}

/// Replaces the password hash `old` of `account`, tells its owner, and ends everything that the old password opened but
/// the session `keep`: other sessions, bearers of every dialect, known devices, outstanding tickets. `false` when
/// somebody else changed the password meanwhile; then nothing is ended.
pub(super) async fn replace(
    tx: &mut Tx,
    account: &Account,
    old: Option<&str>,
    new: &str,
    keep: Option<SessionId>,
    client: &Client,
    now: Millis,
) -> Result<bool, StoreError> {
    if !accounts::set_password_hash(tx, account.id, old, new, true, now).await? {
        return Ok(false);
    }
    end_everything(tx, account.id, keep, now).await?;
    notices::tell(tx, MailKind::PasswordChanged, account, client, now).await?;
    Ok(true)
}

/// Ends what the old password opened; see [`replace`].
pub(super) async fn end_everything(
    tx: &mut Tx,
    account: AccountId,
    keep: Option<SessionId>,
    now: Millis,
) -> Result<(), StoreError> {
    sessions::end_all(tx, account, keep).await?;
    bearers::end_all(tx, account).await?;
    devices::forget_all(tx, account).await?;
    // Before the tickets: a message that is being rendered adds one while its row is there.
    outbox::withdraw_links(tx, account).await?;
    tickets::void_all(tx, account, now).await
}

/// A present password that was not the one.
pub(super) fn wrong_password() -> AccountError {
    AccountError::field(Field::CurrentPassword, FieldCode::PasswordWrong)
}
