//! Writing a message in the transaction that causes it: links, invitations, and notices of what somebody else
//! may have done. Nothing in a notice was typed by anybody.

use std::sync::Arc;

use crate::flows::client::Client;
use domain::{Account, AccountError, Clock, EmailAddress, MailKind, Millis, TokenDigest, Verification};
use limiter::{Action, Key, Limiter};
use store::outbox::{self, NewMail};
use store::{Store, StoreError, Tx, accounts, known_browsers};

/// Most links of one kind that an account has, sent or waiting to be sent: whoever asks again because nothing
/// came finds the earlier ones good, and a stranger cannot fill a mailbox.
pub(in crate::flows) const LIVE_LINKS: i64 = 3;

/// Most notices of one kind about one account that wait to be sent.
const WAITING_NOTICES: i64 = 3;

/// Writes a message with a link of this kind to the account's address. `locale`: language for an account that
/// has none of its own.
pub(in crate::flows) async fn mail_link(
    tx: &mut Tx,
    kind: MailKind,
    account: &Account,
    locale: Option<&str>,
    now: Millis,
) -> Result<(), StoreError> {
    let mail = NewMail {
        kind,
        account_id: Some(account.id),
        recipient: account.email.as_str(),
        locale: account.locale.as_deref().or(locale),
        detail: "",
    };
    outbox::insert(tx, &mail, LIVE_LINKS, now).await.map(drop)
}

/// Invites the owner of an account that was made without a password to choose one.
pub(in crate::flows) async fn mail_invitation(
    tx: &mut Tx,
    account: &Account,
    now: Millis,
) -> Result<(), StoreError> {
    mail_link(tx, MailKind::Invitation, account, None, now).await
}

/// Writes the link that makes `address` the account's, to `address`.
pub(in crate::flows) async fn mail_address_change(
    tx: &mut Tx,
    account: &Account,
    address: &EmailAddress,
    client: &Client,
    now: Millis,
) -> Result<(), StoreError> {
    let link = NewMail {
        kind: MailKind::AddressChange,
        account_id: Some(account.id),
        recipient: address.as_str(),
        locale: account.locale.as_deref().or(client.locale.as_deref()),
        detail: "",
    };
    outbox::insert(tx, &link, LIVE_LINKS, now).await.map(drop)
}

/// Writes a message to nobody, which costs what another does: so the time does not tell whether there is an
/// account.
pub(in crate::flows) async fn write_blank(tx: &mut Tx, now: Millis) -> Result<(), StoreError> {
    let blank = NewMail { kind: MailKind::Blank, account_id: None, recipient: "", locale: None, detail: "" };
    outbox::insert(tx, &blank, LIVE_LINKS, now).await.map(drop)
}

/// Writes a notice to the address that `account` has. Its language is the account's, else the one that
/// whoever caused it asks for.
pub(in crate::flows) async fn notify(
    tx: &mut Tx,
    kind: MailKind,
    account: &Account,
    client: &Client,
    now: Millis,
) -> Result<(), StoreError> {
    let detail = if kind == MailKind::NewBrowser { client.browser_label.as_str() } else { "" };
    let mail = NewMail {
        kind,
        account_id: Some(account.id),
        recipient: account.email.as_str(),
        locale: account.locale.as_deref().or(client.locale.as_deref()),
        detail,
    };
    outbox::insert(tx, &mail, WAITING_NOTICES, now).await.map(drop)
}

/// Writes the message that asks for proof of the account's address, where that is wanted and not given yet.
pub(in crate::flows) async fn ask_for_proof(
    tx: &mut Tx,
    wanted: Verification,
    account: &Account,
    client: &Client,
    now: Millis,
) -> Result<(), StoreError> {
    if !wanted.asks(account) {
        return Ok(());
    }
    mail_link(tx, MailKind::Verification, account, client.locale.as_deref(), now).await
}

/// Notices that strangers can cause, so that their number is limited.
#[derive(Clone)]
pub(in crate::flows) struct Notices {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
}

impl Notices {
    /// Notifies the owner of `account` of a sign-in by a browser that it does not know: not of the very
    /// first, and three times an hour at most.
    pub(in crate::flows) async fn notify_new_browser(
        &self,
        tx: &mut Tx,
        account: &Account,
        browser: &TokenDigest,
        client: &Client,
        now: Millis,
    ) -> Result<(), StoreError> {
        let key = Key::Account(account.id.0);
        let is_new = known_browsers::is_new(tx, account.id, browser).await?;
        if is_new && self.limiter.take(Action::NewBrowserNotice, key, now.0).is_ok() {
            notify(tx, MailKind::NewBrowser, account, client, now).await?;
        }
        Ok(())
    }

    /// Notifies the owner of an address that somebody wanted to make an account with it, three times an hour
    /// at most. A trusted server asks for its own people, and learns from the answer that the address is
    /// taken.
    pub(in crate::flows) async fn notify_of_registration(
        &self,
        email: &EmailAddress,
        client: &Client,
    ) -> Result<(), AccountError> {
        if client.trusted {
            return Ok(());
        }
        let now = self.clock.now();
        let found = accounts::find_by_identifier(&mut self.store.read().await?, email.as_str()).await?;
        let owner = found.map(|found| found.account).filter(|owner| self.may_notify_owner(owner, now));
        let Some(owner) = owner else { return Ok(()) };
        let written =
            self.store.transact(async |tx| notify(tx, MailKind::AddressTaken, &owner, client, now).await);
        Ok(written.await?)
    }

    /// Whether the owner of an address that somebody else wanted may be notified once more.
    pub(in crate::flows) fn may_notify_owner(&self, owner: &Account, now: Millis) -> bool {
        let key = Key::Account(owner.id.0);
        owner.active() && self.limiter.take(Action::AddressTakenNotice, key, now.0).is_ok()
    }
}
