//! Registration where addresses have to be proven first. Nobody learns whether an address is taken: the
//! answer and the work are the same, and only the mailbox is told which of the two it was.

use super::registration::{Registrations, note_agreement};
use crate::flows::client::Client;
use crate::flows::mail::cause::ask_for_proof;
use crate::flows::security_log::{Noted, note, note_refused};
use crate::flows::sign_in::grants::Grant;
use domain::{Account, AccountError, AccountId, EventKind, Field, Millis};
use store::accounts::{self, NewAccountRow};
use store::{StoreError, Tx, claims};

/// How often a registration is tried while others take its address or its username.
const TRIES: u32 = 3;

impl Registrations {
    /// Makes the account, or notes a claim to the one that has the address. Returns the account that the
    /// caller may be told of: what was typed, without a number.
    ///
    /// # Errors
    /// `Invalid` when the username is taken, `Busy`.
    pub(super) async fn register_concealed(
        &self,
        new: &NewAccountRow,
        hash: &str,
        client: &Client,
    ) -> Result<Account, AccountError> {
        let now = self.clock.now();
        for _ in 0..TRIES {
            match self.store.transact(async |tx| self.write_concealed(tx, new, hash, client, now).await).await
            {
                // A concurrent registration took the address or the username.
                Err(StoreError::Conflict(_) | StoreError::Reserved) => self.refuse_username(new).await?,
                written => {
                    written?;
                    return Ok(untold(new, now));
                }
            }
        }
        Err(AccountError::Busy { retry_after: std::time::Duration::from_secs(1) })
    }

    /// # Errors
    /// `Invalid` when the username is taken.
    pub(in crate::flows) async fn refuse_username(&self, new: &NewAccountRow) -> Result<(), AccountError> {
        let mut db = self.store.read().await?;
        // The address is looked up too, so that this takes as long as it does elsewhere.
        let mut taken = accounts::taken(&mut db, Some(&new.email), new.username.as_ref(), None).await?;
        taken.retain(|field| *field == Field::Username);
        if taken.is_empty() { Ok(()) } else { Err(AccountError::taken(taken)) }
    }

    async fn write_concealed(
        &self,
        tx: &mut Tx,
        new: &NewAccountRow,
        hash: &str,
        client: &Client,
        now: Millis,
    ) -> Result<(), StoreError> {
        let created = Noted::by_owner(EventKind::Created, Grant::Session.door());
        let owner = accounts::owner_of(tx, &new.email).await?;
        let id = match owner {
            Some(owner) => {
                let owner = owner.account;
                if let Some(username) = &new.username {
                    claims::add_username(tx, owner.id, username, now).await?;
                }
                self.notices.tell_owner(tx, &owner, client, now).await?;
                note_refused(tx, owner.id, (EventKind::Created, created.detail), client, now).await?;
                owner.id
            }
            None => {
                let id = accounts::insert(tx, new, now).await?;
                note(tx, id, &created, client, now).await?;
                note_agreement(tx, id, new, client, now).await?;
                let made = accounts::find(tx, id).await?;
                let made = made.ok_or(StoreError::Corrupt("account that was just written"))?.account;
                ask_for_proof(tx, self.verification, &made, client, now).await?;
                id
            }
        };
        claims::set(tx, id, hash, now).await
    }
}

/// The account as its owner typed it. Its number is 0, which no account has.
fn untold(new: &NewAccountRow, now: Millis) -> Account {
    let profile = new.profile.clone();
    Account {
        id: AccountId(0),
        email: new.email.clone(),
        username: new.username.clone(),
        name: profile.name.unwrap_or_default(),
        firstname: profile.firstname.unwrap_or_default(),
        lastname: profile.lastname.unwrap_or_default(),
        locale: profile.locale.flatten(),
        role: new.role,
        fields: profile.fields,
        picture: None,
        verified_at: None,
        second_factor_at: None,
        factor_recovery_due_at: None,
        terms: new.terms.clone(),
        approval_wanted_at: new.approval_wanted.then_some(now),
        locked_at: None,
        deletion_asked_at: None,
        deleted_at: None,
        deleted_by_owner: false,
        created_at: now,
        updated_at: now,
    }
}
