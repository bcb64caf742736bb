//! A change of address that was asked for and is not proven yet. What the account's owner sees of it, sends
//! again and cancels is the same whoever has the address.

use super::tickets::Links;
use crate::flows::client::Client;
use crate::flows::mail::cause::mail_address_change;
use crate::flows::refusals::{refuse_throttled, spend};
use crate::flows::sessions::signed_in::{SignedIn, require_session, require_session_held};
use domain::{
    Account, AccountError, AccountId, EmailAddress, MailKind, MailedLink, Millis, Ticket, TicketPurpose,
    Token,
};
use limiter::{Action, Key};
use store::accounts::Credentials;
use store::{StoreError, Tx, accounts, outbox, tickets};

/// The address that an account wants, and whose it is.
pub(super) struct WantedAddress {
    email: EmailAddress,
    owner: Option<Account>,
}

impl WantedAddress {
    /// Locks the account and the address's owner, and reads the account. Every transaction locks accounts in
    /// ascending order, so that two that want each other's address cannot deadlock.
    pub(super) async fn hold(&self, tx: &mut Tx, id: AccountId) -> Result<Option<Credentials>, StoreError> {
        let mut locked: Vec<AccountId> = self.owner.iter().map(|owner| owner.id).chain([id]).collect();
        locked.sort_unstable();
        for id in locked {
            accounts::hold(tx, id).await?;
        }
        accounts::find(tx, id).await
    }
}

impl Links {
    /// Counts a request of the account `id` for the address `email`, and finds whose it is.
    ///
    /// # Errors
    /// `Throttled` above the limit by account or by address.
    pub(super) async fn wanted_address(
        &self,
        id: AccountId,
        email: EmailAddress,
        now: Millis,
    ) -> Result<WantedAddress, AccountError> {
        // The limit also counts by new address: many accounts together must not flood one mailbox.
        for key in [Key::Account(id.0), Key::UnknownIdentifier(self.limiter.fingerprint(&email.key()))] {
            self.limiter.take(Action::AddressChange, key, now.0).map_err(refuse_throttled)?;
        }
        let owner = accounts::owner_of(&mut self.store.read().await?, &email).await?;
        let owner = owner.map(|owner| owner.account).filter(|owner| owner.id != id);
        Ok(WantedAddress { email, owner })
    }

    /// Writes the message to the wanted address: the link, or what its owner is told. Writes down that
    /// `account` asked for it, in both cases, so that nobody can tell them apart.
    pub(super) async fn ask_for_address(
        &self,
        tx: &mut Tx,
        account: &Account,
        wanted: &WantedAddress,
        client: &Client,
        now: Millis,
    ) -> Result<(), StoreError> {
        match &wanted.owner {
            None => mail_address_change(tx, account, &wanted.email, client, now).await?,
            Some(owner) => self.notices.tell_owner(tx, owner, client, now).await?,
        }
        let purpose = TicketPurpose::AddressRequest;
        let request = || Ticket {
            account_id: account.id,
            purpose,
            address: Some(wanted.email.clone()),
            token: Token::generate(self.random.as_ref()).digest(),
            created_at: now,
            expires_at: now.after(MailedLink::AddressChange.lasts()),
        };
        if wanted.owner.is_some() {
            // A link that is mailed has a number too, and the next number would tell that there is none.
            tickets::insert(tx, &request()).await?;
        }
        tickets::insert(tx, &request()).await?;
        tickets::keep_newest(tx, account.id, purpose, 1, now).await
    }

    /// The address that the signed-in account is to have once it is proven. Where the account is in memory,
    /// so is this: the profile page asks for it each time.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be reached.
    pub async fn pending_address(&self, who: &SignedIn) -> Result<Option<EmailAddress>, AccountError> {
        let now = self.clock.now();
        let read = async || {
            let mut db = self.store.read().await?;
            Ok::<_, AccountError>(tickets::pending_address(&mut db, who.account().id, now).await?)
        };
        let pending = who.state.pending_address.get_or_try_init(read).await?;
        Ok(pending.as_ref().filter(|(_, until)| *until > now).map(|(email, _)| email.clone()))
    }

    /// Sends the message to the pending address again. It counts as another request.
    ///
    /// # Errors
    /// `NotFound` when no address is pending; `Throttled`.
    pub async fn send_address_again(&self, who: &SignedIn, client: &Client) -> Result<(), AccountError> {
        let (id, now) = (who.account().id, self.clock.now());
        spend(&self.limiter, Action::SettingsWrite, id, client, now)?;
        let pending = self.pending_address(who).await?.ok_or(AccountError::NotFound)?;
        let wanted = self.wanted_address(id, pending, now).await?;
        self.store
            .transact_on(id, async |tx| {
                let still = wanted.hold(tx, id).await?.filter(|still| still.account.active());
                let account = still.ok_or(AccountError::NotFound)?.account;
                require_session_held(tx, who).await?;
                // It may have been proven or cancelled meanwhile.
                let pending = tickets::pending_address(tx, id, now).await?;
                if pending.is_none_or(|(email, _)| email != wanted.email) {
                    return Err(AccountError::NotFound);
                }
                Ok(self.ask_for_address(tx, &account, &wanted, client, now).await?)
            })
            .await
    }

    /// Cancels the change: no link to a new address works any more.
    ///
    /// # Errors
    /// `NotFound` when no address is pending; `Throttled`.
    pub async fn cancel_address(&self, who: &SignedIn, client: &Client) -> Result<(), AccountError> {
        let (id, now) = (who.account().id, self.clock.now());
        spend(&self.limiter, Action::SettingsWrite, id, client, now)?;
        let cancelled = self.store.transact_on(id, async |tx| {
            require_session(tx, who).await?;
            let pending = tickets::pending_address(tx, id, now).await?;
            // A message that was late, or is from before requests were written down, has a link that works
            // longer than its request.
            void_links(tx, id, now).await?;
            tickets::keep_newest(tx, id, TicketPurpose::AddressRequest, 0, now).await?;
            Ok::<_, AccountError>(pending.is_some())
        });
        if cancelled.await? { Ok(()) } else { Err(AccountError::NotFound) }
    }
}

/// Ends every link of the account to a new address, also those that are still to be mailed.
async fn void_links(tx: &mut Tx, account: AccountId, now: Millis) -> Result<(), StoreError> {
    // Before the tickets: while the row of a message exists, the worker may add a ticket for it.
    outbox::withdraw(tx, account, MailKind::AddressChange).await?;
    tickets::keep_newest(tx, account, TicketPurpose::AddressChange, 0, now).await
}
