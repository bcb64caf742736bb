//! Writes messages to the outbox, in the transaction that causes them: links, invitations and notices. A
//! notice contains no typed text, so a stranger cannot use it to send a message of their own.

use std::sync::Arc;

use crate::flows::client::Client;
use domain::{
    Account, AccountError, Audience, Clock, EmailAddress, MailKind, Millis, OWNERS_LINK, OpeningKind,
    OpeningNotice, TokenDigest, Verification,
};
use store::outbox::{self, NewMail};
use store::{Store, StoreError, Tx, accounts, known_browsers, known_places};

/// Most links of one kind that an account has, mailed or in the outbox. Someone who asks again finds that the
/// earlier links still work, and a stranger cannot flood a mailbox.
pub(in crate::flows) const LIVE_LINKS: i64 = 3;

/// Most notices of one kind in the outbox for one account, after a long outage of the mail server. Those that
/// are too many for the mailbox come in one digest.
const WAITING_NOTICES: i64 = 50;

/// Writes a message with a link of this kind to the account's address; to a locked account, a blank.
/// `locale` is the language for an account that has none of its own.
pub(in crate::flows) async fn mail_link(
    tx: &mut Tx,
    kind: MailKind,
    account: &Account,
    locale: Option<&str>,
    now: Millis,
) -> Result<(), StoreError> {
    if !account.active() {
        return write_blank(tx, now).await;
    }
    write_link(tx, kind, account, "", locale, now).await
}

/// Mails the link by which an owner who has just ended everything that opens the account comes back.
pub(in crate::flows) async fn mail_owners_link(
    tx: &mut Tx,
    account: &Account,
    locale: Option<&str>,
    now: Millis,
) -> Result<(), StoreError> {
    write_link(tx, MailKind::Recovery, account, OWNERS_LINK, locale, now).await
}

async fn write_link(
    tx: &mut Tx,
    kind: MailKind,
    account: &Account,
    detail: &str,
    locale: Option<&str>,
    now: Millis,
) -> Result<(), StoreError> {
    let mail = NewMail {
        kind,
        account_id: Some(account.id),
        recipient: account.email.as_str(),
        locale: account.locale.as_deref().or(locale),
        detail,
    };
    outbox::insert(tx, &mail, LIVE_LINKS, now).await.map(drop)
}

/// Invites the owner of an account without a password to choose one.
pub(in crate::flows) async fn mail_invitation(
    tx: &mut Tx,
    account: &Account,
    client: &Client,
    now: Millis,
) -> Result<(), StoreError> {
    mail_link(tx, MailKind::Invitation, account, client.locale.as_deref(), now).await
}

/// Mails `address` the link that makes it the account's address.
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

/// Writes a message without a recipient. It costs the same as a real one, so the response time does not
/// reveal whether an account exists.
pub(in crate::flows) async fn write_blank(tx: &mut Tx, now: Millis) -> Result<(), StoreError> {
    let blank = NewMail { kind: MailKind::Blank, account_id: None, recipient: "", locale: None, detail: "" };
    outbox::insert(tx, &blank, LIVE_LINKS, now).await.map(drop)
}

/// Writes a notice to the account's present address, in the account's language or else in the client's. An
/// address that was never proven gets none: its owner may not be who made the account.
pub(in crate::flows) async fn notify(
    tx: &mut Tx,
    kind: MailKind,
    account: &Account,
    client: &Client,
    now: Millis,
) -> Result<(), StoreError> {
    notify_with(tx, kind, account, "", client, now).await
}

/// [`notify`], which says by which browser and from where it was done.
pub(in crate::flows) async fn notify_of_opening(
    tx: &mut Tx,
    mail: MailKind,
    account: &Account,
    kind: OpeningKind,
    client: &Client,
    now: Millis,
) -> Result<(), StoreError> {
    let (label, place) = (client.browser_label.clone(), client.place());
    let detail = OpeningNotice { kind, label, place }.to_stored();
    notify_with(tx, mail, account, &detail, client, now).await
}

/// [`notify`] with a further value that the message names.
pub(in crate::flows) async fn notify_with(
    tx: &mut Tx,
    kind: MailKind,
    account: &Account,
    detail: &str,
    client: &Client,
    now: Millis,
) -> Result<(), StoreError> {
    if account.verified_at.is_none() {
        return Ok(());
    }
    tell(tx, kind, account, detail, client.locale.as_deref(), now).await
}

/// Writes a message to the account's present address, proven or not: what it tells was done with the consent
/// of that mailbox, or by who signed in. `locale` is the language for an account that has none of its own.
pub(in crate::flows) async fn tell(
    tx: &mut Tx,
    kind: MailKind,
    account: &Account,
    detail: &str,
    locale: Option<&str>,
    now: Millis,
) -> Result<(), StoreError> {
    let mail = NewMail {
        kind,
        account_id: Some(account.id),
        recipient: account.email.as_str(),
        locale: account.locale.as_deref().or(locale),
        detail,
    };
    outbox::insert(tx, &mail, WAITING_NOTICES, now).await.map(drop)
}

/// Mails the owner of `account`, who has deleted it, the link that brings it back until `until`.
pub(in crate::flows) async fn tell_of_deletion(
    tx: &mut Tx,
    account: &Account,
    until: Millis,
    locale: Option<&str>,
    now: Millis,
) -> Result<(), StoreError> {
    tell(tx, MailKind::AccountDeleted, account, &until.0.to_string(), locale, now).await
}

/// Tells whoever had `account`, which was just erased, that it is.
pub(in crate::flows) async fn tell_of_erasure(
    tx: &mut Tx,
    account: &Account,
    now: Millis,
) -> Result<(), StoreError> {
    let mail = NewMail {
        kind: MailKind::AccountErased,
        account_id: None,
        recipient: account.email.as_str(),
        locale: account.locale.as_deref(),
        detail: "",
    };
    outbox::insert(tx, &mail, WAITING_NOTICES, now).await.map(drop)
}

/// Writes the message with a verification link, where the operator wants addresses verified and this one is
/// not.
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

/// Notices of what others may have done.
#[derive(Clone)]
pub(in crate::flows) struct Notices {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) verification: Verification,
    pub(in crate::flows) clock: Arc<dyn Clock>,
}

impl Notices {
    /// Notifies the owner of a sign-in by a browser that the account does not know. The first sign-in ever
    /// causes no notice. Call it before the sign-in writes anything.
    pub(in crate::flows) async fn notify_new_browser(
        &self,
        tx: &mut Tx,
        account: &Account,
        browser: &TokenDigest,
        client: &Client,
        now: Millis,
    ) -> Result<(), StoreError> {
        let known = known_browsers::knows(tx, account.id, browser).await?;
        if known || !accounts::signed_in_before(tx, account.id).await? {
            return Ok(());
        }
        self.notify_new_opening(tx, account, OpeningKind::Session, client, now).await
    }

    /// Notifies the owner of a sign-in by a program that is new to the account: no earlier sign-in by the
    /// same door came from its network. A new user secret is always new. The first sign-in ever causes no
    /// notice. Call it before the sign-in writes anything.
    pub(in crate::flows) async fn notify_new_program(
        &self,
        tx: &mut Tx,
        account: &Account,
        (kind, door): (OpeningKind, Audience),
        client: &Client,
        now: Millis,
    ) -> Result<(), StoreError> {
        let known = kind != OpeningKind::UserSecret
            && known_places::knows(tx, account.id, door.0, &client.place()).await?;
        if known || !accounts::signed_in_before(tx, account.id).await? {
            return Ok(());
        }
        self.notify_new_opening(tx, account, kind, client, now).await
    }

    /// Notifies the owner that something new opens the account.
    pub(in crate::flows) async fn notify_new_opening(
        &self,
        tx: &mut Tx,
        account: &Account,
        kind: OpeningKind,
        client: &Client,
        now: Millis,
    ) -> Result<(), StoreError> {
        // Who types the code of a device is not the device, whose name a stranger chose.
        let label = if kind == OpeningKind::Device { "" } else { client.browser_label.as_str() };
        // A trusted server signs others in from its own network.
        let own = kind != OpeningKind::Device && !client.trusted;
        let place = if own { client.place() } else { String::new() };
        let detail = OpeningNotice { kind, label: label.to_owned(), place }.to_stored();
        notify_with(tx, MailKind::NewBrowser, account, &detail, client, now).await
    }

    /// Notifies the owner of an address that somebody tried to register with it. A trusted server causes no
    /// notice: it registers its own people, and its answer says that the address is taken.
    pub(in crate::flows) async fn notify_of_registration(
        &self,
        email: &EmailAddress,
        client: &Client,
    ) -> Result<(), AccountError> {
        if client.trusted {
            return Ok(());
        }
        let now = self.clock.now();
        let found = accounts::owner_of(&mut self.store.read().await?, email).await?;
        let Some(owner) = found.map(|found| found.account) else { return Ok(()) };
        let written = self.store.transact(async |tx| self.tell_owner(tx, &owner, client, now).await);
        Ok(written.await?)
    }

    /// Writes the message to the owner of an address that somebody else wants: a notice, or the link that
    /// proves the address where it is to be proven. A barred owner and one who cannot be told get a blank.
    pub(in crate::flows) async fn tell_owner(
        &self,
        tx: &mut Tx,
        owner: &Account,
        client: &Client,
        now: Millis,
    ) -> Result<(), StoreError> {
        if !owner.active() {
            write_blank(tx, now).await
        } else if owner.verified_at.is_some() {
            notify(tx, MailKind::AddressTaken, owner, client, now).await
        } else if self.verification.asks(owner) {
            ask_for_proof(tx, self.verification, owner, client, now).await
        } else {
            write_blank(tx, now).await
        }
    }
}
