//! What the owner of an account is told by mail because somebody else may have done it. A notice is written with its
//! cause; nothing in it was typed by anybody.

use super::login::finish;
use super::{Client, Flows};
use crate::domain::{Account, AccountError, EmailAddress, MailKind, Millis, TokenDigest};
use crate::infra::limiter::{Action, Key};
use crate::store::outbox::{self, NewMail};
use crate::store::{StoreError, Tx, accounts, known_browsers};

/// Notices of one kind about one account that wait to be sent at most.
const WAITING: i64 = 3;

/// Writes a notice to the address that `account` has. Its language is the account's, else the one that whoever caused it
/// asks for.
pub(super) async fn tell(
    tx: &mut Tx,
    kind: MailKind,
    account: &Account,
    client: &Client,
    now: Millis,
) -> Result<(), StoreError> {
    let detail = if kind == MailKind::NewDevice { client.device.as_str() } else { "" };
    let mail = NewMail {
        kind,
        account_id: Some(account.id),
        recipient: account.email.as_str(),
        locale: account.locale.as_deref().or(client.locale.as_deref()),
        detail,
    };
    outbox::insert(tx, &mail, WAITING, now).await.map(drop)
}

impl Flows {
    /// Tells the owner of `account` of a sign-in by a browser that it does not know. Nothing is said of the very first,
    /// and no more than three times an hour.
    pub(super) async fn tell_of_new_device(
        &self,
        tx: &mut Tx,
        account: &Account,
        device: &TokenDigest,
        client: &Client,
        now: Millis,
    ) -> Result<(), StoreError> {
        let key = Key::Account(account.id.0);
        let is_new = known_browsers::is_new(tx, account.id, device).await?;
        if is_new && self.parts().limiter.take(Action::NewBrowserNotice, key, now.0).is_ok() {
            tell(tx, MailKind::NewDevice, account, client, now).await?;
        }
        Ok(())
    }

    /// Tells the owner of an address that somebody wanted to make an account with it, three times an hour at most. A
    /// trusted server asks for its own people, and is told so itself.
    pub(super) async fn tell_of_registration(
        &self,
        email: &EmailAddress,
        client: &Client,
    ) -> Result<(), AccountError> {
        if client.trusted {
            return Ok(());
        }
        let now = self.parts().clock.now();
        let found = accounts::find_by_identifier(&mut self.store().read().await?, email.as_str()).await?;
        let Some(owner) = found.map(|found| found.account).filter(|owner| self.may_tell_owner(owner, now))
        else {
            return Ok(());
        };
        let mut tx = self.store().write().await?;
        let told = tell(&mut tx, MailKind::AddressTaken, &owner, client, now).await;
        finish(told, tx).await
    }

    /// Whether the owner of an address that somebody else wanted may be told so once more.
    pub(super) fn may_tell_owner(&self, owner: &Account, now: Millis) -> bool {
        let key = Key::Account(owner.id.0);
        owner.active() && self.parts().limiter.take(Action::AddressTakenNotice, key, now.0).is_ok()
    }
}
