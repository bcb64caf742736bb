//! "This was not me": the owner of an account takes back what somebody else may have done since an event.

use std::time::Duration;

use super::list::{SecurityLog, readable};
use super::note::{Noted, note};
use crate::flows::client::Client;
use crate::flows::mail::cause::{mail_owners_link, notify, tell};
use crate::flows::openings::{Spared, end_everything};
use crate::flows::refusals::spend;
use crate::flows::second_factors::take_since;
use crate::flows::sessions::proof::proven_lately;
use crate::flows::sessions::signed_in::{SignedIn, require_session};
use domain::{Account, AccountError, EmailAddress, EventKind, MailKind, Millis, SecurityEvent};
use limiter::Action;
use store::{
    Linked, StoreError, Tx, account_passwords, accounts, audit_events, data_exports, identities, oidc_grants,
};

/// What is going to happen if the owner says that an event was not they.
#[derive(Clone, Debug)]
pub struct DenialOffer {
    pub event: SecurityEvent,
    /// What becomes of the account's address.
    pub address: AddressAfter,
}

/// What a denial does to the address of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressAfter {
    /// It stays: it is the one of then.
    Kept,
    /// The account gets this one back.
    Restored(EmailAddress),
    /// Another account has the one of then by now, so the account is locked: a link to the present address
    /// might go to whoever changed it.
    Lost,
}

impl SecurityLog {
    /// What [`deny`](Self::deny) would do. Changes nothing.
    ///
    /// # Errors
    /// `ProofWanted`; `NotFound` when the account has no such event.
    pub async fn denial_offer(&self, who: &SignedIn, number: i64) -> Result<DenialOffer, AccountError> {
        let now = self.clock.now();
        // Asked here too: whoever has to prove who they are comes back to this page, and not to its form.
        proven_lately(&who.session, now)?;
        let mut db = self.store.read().await?;
        let event = readable(&mut db, who.account().id, number, now).await?.ok_or(AccountError::NotFound)?;
        let address = address_after(&mut db, who.account(), &event).await?;
        Ok(DenialOffer { event, address })
    }

    /// Takes back what somebody else may have done since an event: ends everything that opens the account,
    /// this session too, and takes away the second factors, app passwords, grants to applications and
    /// accounts at other providers that were added since, and the file with the account's data that was asked
    /// for since. The password opens nothing any more; a link to
    /// choose another goes to the address that the account had then, which it gets back. Where somebody else
    /// has that by now the account is locked, and no link is mailed. Returns what became of the address.
    ///
    /// Whoever has only found an open browser could take away the owner's factors with this, so the session's
    /// owner must have proven lately who they are.
    ///
    /// # Errors
    /// `ProofWanted`; `NotFound` when the account has no such event; `Unauthenticated` when the session has
    /// ended meanwhile; `Throttled`, `Busy`.
    pub async fn deny(
        &self,
        who: &SignedIn,
        number: i64,
        client: &Client,
    ) -> Result<AddressAfter, AccountError> {
        let now = self.clock.now();
        proven_lately(&who.session, now)?;
        let id = who.account().id;
        spend(&self.limiter, Action::Ending, id, client, now)?;
        let denied = self.store.transact_on(id, async |tx| {
            // Of two copies of the form the second finds no session.
            require_session(tx, who).await?;
            let event = readable(tx, id, number, now).await?.ok_or(AccountError::NotFound)?;
            let present = accounts::find(tx, id).await?.ok_or(AccountError::Unauthenticated)?.account;
            let after = address_after(tx, &present, &event).await?;
            let account = match &after {
                AddressAfter::Restored(former) => restore(tx, present, former, client, now).await?,
                AddressAfter::Kept | AddressAfter::Lost => present,
            };
            end_everything(tx, id, Spared::NOTHING, now).await?;
            take_since(tx, id, event.at).await?;
            oidc_grants::end_since(tx, id, event.at).await?;
            identities::end_since(tx, id, event.at).await?;
            data_exports::withdraw_since(tx, id, event.at).await?;
            account_passwords::void(tx, id, now).await?;
            let denied = event.number.to_string();
            let noted = Noted::by_owner(EventKind::Denied, &denied);
            note(tx, id, &noted, client, now).await?;
            if after == AddressAfter::Lost {
                accounts::set_locked(tx, id, Some(now), now).await?;
                note(tx, id, &Noted::by_itself(EventKind::Locked), client, now).await?;
                return Ok(after);
            }
            // After the end of everything, which withdraws links.
            mail_owners_link(tx, &account, client.locale.as_deref(), now).await?;
            tell(tx, MailKind::Denied, &account, "", client.locale.as_deref(), now).await?;
            Ok(after)
        });
        denied.await
    }
}

/// What becomes of the address of `account`, compared with the one that it had before `event` and all later
/// ones. What the operator or a trusted server has changed stays.
async fn address_after(
    db: &mut impl Linked,
    account: &Account,
    event: &SecurityEvent,
) -> Result<AddressAfter, StoreError> {
    let (id, kind) = (account.id, EventKind::AddressChanged);
    // Whoever rescues an account gives it an address that the one of before is not to take back.
    let number = match audit_events::last_by_others(db, id, kind).await? {
        Some(last) => event.number.max(last + 1),
        None => event.number,
    };
    let Some(moved) = audit_events::first_since(db, id, kind, number).await? else {
        return Ok(AddressAfter::Kept);
    };
    let Ok(former) = EmailAddress::parse(&moved.detail) else { return Ok(AddressAfter::Kept) };
    if former == account.email {
        return Ok(AddressAfter::Kept);
    }
    let taken = accounts::taken(db, Some(&former), None, Some(id)).await?;
    Ok(if taken.is_empty() { AddressAfter::Restored(former) } else { AddressAfter::Lost })
}

/// Gives `account` its `former` address back, and tells the one that it loses. It counts as proven again when
/// its owner uses the link that goes there.
async fn restore(
    tx: &mut Tx,
    account: Account,
    former: &EmailAddress,
    client: &Client,
    now: Millis,
) -> Result<Account, AccountError> {
    notify(tx, MailKind::AddressChanged, &account, client, now).await?;
    let moving = accounts::set_identity(tx, account.id, former, account.role, now).await;
    moving.map_err(|error| match error {
        // Somebody else has taken the address in this moment. The next try locks the account.
        StoreError::Conflict(_) => AccountError::Busy { retry_after: Duration::from_secs(1) },
        other => other.into(),
    })?;
    let noted = Noted::by_owner(EventKind::AddressChanged, account.email.as_str());
    note(tx, account.id, &noted, client, now).await?;
    let found = accounts::find(tx, account.id).await?.ok_or(AccountError::Unauthenticated)?;
    Ok(found.account)
}
