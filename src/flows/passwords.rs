//! What a new password ends, by whatever door it came in.

use super::mail::cause;
use super::{Client, Flows, SignedIn, refuse_hash, refuse_throttled};
use crate::domain::{
    Account, AccountError, AccountId, FieldCode, MailKind, Millis, Password, SessionId, TypedPassword,
    Username,
};
use crate::infra::hasher::HashError;
use crate::infra::limiter::Subject;
use crate::store::{StoreError, Tx, accounts, bearers, known_browsers, outbox, sessions, tickets};

impl Flows {
    /// Checks a password that `account`'s owner chose.
    pub(super) fn check_own_choice(
        &self,
        account: &Account,
        chosen: TypedPassword<'_>,
    ) -> Result<Password, FieldCode> {
        let new = Password::parse(chosen.0)?;
        let username = account.username.as_ref().map_or("", Username::as_str);
        let own = [account.email.as_str(), account.email.local_part(), username, &account.name];
        self.policy().password.check(&new, &own)?;
        Ok(new)
    }

    /// Checks the present password of whoever is signed in, and gives its hash.
    pub(super) async fn confirm_own_password(
        &self,
        who: &SignedIn,
        typed: &Password,
        client: &Client,
    ) -> Result<Option<String>, AccountError> {
        let id = who.account().id;
        let found = accounts::find(&mut self.store().read().await?, id).await?;
        let stored = found.and_then(|found| found.password_hash);
        // Whoever found a browser unlocked must not try passwords there without end.
        let subject = Subject::KnownBrowser { account: id.0, browser: -who.session.id.0 };
        let right = self.is_password(typed.as_bytes(), stored.as_deref(), subject, client).await?;
        if right { Ok(stored) } else { Err(AccountError::wrong_password()) }
    }

    /// Whether `typed` is the password of this hash, as often as the limiter allows.
    pub(super) async fn is_password(
        &self,
        typed: &[u8],
        stored: Option<&str>,
        subject: Subject,
        client: &Client,
    ) -> Result<bool, AccountError> {
        let parts = self.parts();
        let guess = parts
            .limiter
            .begin_login(parts.clock.now().0, subject, client.address.into())
            .await
            .map_err(refuse_throttled)?;
        match self.verify_guess(typed, stored, &guess, client).await {
            Ok(verified) if verified.matches => {
                guess.succeeded().await;
                Ok(true)
            }
            Ok(_) | Err(HashError::Unsupported) => {
                guess.failed();
                Ok(false)
            }
            Err(error) => {
                guess.refund().await;
                Err(refuse_hash(error))
            }
        }
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
    cause::notify(tx, MailKind::PasswordChanged, account, client, now).await?;
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
    known_browsers::forget_all(tx, account).await?;
    // Before the tickets: a message that is being rendered adds one while its row is there.
    outbox::withdraw_links(tx, account).await?;
    tickets::void_all(tx, account, now).await
}
