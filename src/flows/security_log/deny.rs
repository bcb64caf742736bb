//! "This was not me": the owner of an account takes back what somebody else may have done since an event.

use std::time::Duration;

use super::list::{SecurityLog, readable};
use super::note::{Noted, note};
use crate::flows::client::Client;
use crate::flows::mail::cause::{mail_link, notify, tell};
use crate::flows::openings::{Spared, end_everything};
use crate::flows::refusals::spend;
use crate::flows::second_factors::take_since;
use crate::flows::sessions::proof::proven_lately;
use crate::flows::sessions::signed_in::SignedIn;
use domain::{Account, AccountError, EmailAddress, MailKind, Millis, SecurityEvent, SecurityEventKind};
use limiter::Action;
use store::{Linked, StoreError, Tx, accounts, security_events, sessions};

/// What is going to happen if the owner says that an event was not they.
#[derive(Clone, Debug)]
pub struct DenialOffer {
    pub event: SecurityEvent,
    /// The address that the account gets back; `None` where it keeps the one that it has.
    pub restored: Option<EmailAddress>,
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
        let restored = address_of_then(&mut db, who.account(), &event).await?;
        Ok(DenialOffer { event, restored })
    }

    /// Takes back what somebody else may have done since an event: ends everything that opens the account,
    /// this session too, and takes away the second factors and app passwords that were made since. The
    /// password opens nothing any more; a link to choose another goes to the address that the account had
    /// then, which it gets back unless somebody else has it by now.
    ///
    /// Whoever has only found an open browser could take away the owner's factors with this, so the session's
    /// owner must have proven lately who they are.
    ///
    /// # Errors
    /// `ProofWanted`; `NotFound` when the account has no such event; `Unauthenticated` when the session has
    /// ended meanwhile; `Throttled`, `Busy`.
    pub async fn deny(&self, who: &SignedIn, number: i64, client: &Client) -> Result<(), AccountError> {
        let now = self.clock.now();
        proven_lately(&who.session, now)?;
        let id = who.account().id;
        spend(&self.limiter, Action::Ending, id, client, now)?;
        let denied = self.store.transact_on(id, async |tx| {
            accounts::hold(tx, id).await?;
            // Of two copies of the form the second finds no session.
            if sessions::find(tx, &who.session.token).await?.is_none() {
                return Err(AccountError::Unauthenticated);
            }
            let event = readable(tx, id, number, now).await?.ok_or(AccountError::NotFound)?;
            let present = accounts::find(tx, id).await?.ok_or(AccountError::Unauthenticated)?.account;
            let account = restore_address(tx, present, &event, client, now).await?;
            end_everything(tx, id, Spared::NOTHING, now).await?;
            take_since(tx, id, event.at).await?;
            accounts::expire_password(tx, id, now).await?;
            let denied = event.number.to_string();
            let noted = Noted::by_owner(SecurityEventKind::Denied, &denied);
            note(tx, id, &noted, client, now).await?;
            // After the end of everything, which withdraws links.
            mail_link(tx, MailKind::Recovery, &account, client.locale.as_deref(), now).await?;
            Ok(tell(tx, MailKind::Denied, &account, "", client.locale.as_deref(), now).await?)
        });
        denied.await
    }
}

/// The address that `account` had before `event` and all later ones, if it has another now and nobody else
/// has that.
async fn address_of_then(
    db: &mut impl Linked,
    account: &Account,
    event: &SecurityEvent,
) -> Result<Option<EmailAddress>, StoreError> {
    let (id, kind) = (account.id, SecurityEventKind::AddressChanged);
    let Some(moved) = security_events::first_since(db, id, kind, event.number).await? else {
        return Ok(None);
    };
    let Ok(former) = EmailAddress::parse(&moved.detail) else { return Ok(None) };
    let taken = accounts::taken(db, Some(&former), None, Some(id)).await?;
    Ok((former != account.email && taken.is_empty()).then_some(former))
}

/// Gives `account` back the address of before `event`, and tells the one that it loses. It counts as proven
/// again when its owner uses the link that goes there.
async fn restore_address(
    tx: &mut Tx,
    account: Account,
    event: &SecurityEvent,
    client: &Client,
    now: Millis,
) -> Result<Account, AccountError> {
    let Some(former) = address_of_then(tx, &account, event).await? else { return Ok(account) };
    notify(tx, MailKind::AddressChanged, &account, client, now).await?;
    let moving = accounts::set_identity(tx, account.id, &former, account.role, now).await;
    moving.map_err(|error| match error {
        // Somebody else has taken the address in this moment. The next try lets them have it.
        StoreError::Conflict(_) => AccountError::Busy { retry_after: Duration::from_secs(1) },
        other => other.into(),
    })?;
    let noted = Noted::by_owner(SecurityEventKind::AddressChanged, account.email.as_str());
    note(tx, account.id, &noted, client, now).await?;
    let found = accounts::find(tx, account.id).await?.ok_or(AccountError::Unauthenticated)?;
    Ok(found.account)
}
