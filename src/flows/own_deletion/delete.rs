//! Deleting one's own account, or asking the operator to.

use std::sync::Arc;
use std::time::Duration;

use crate::flows::client::Client;
use crate::flows::mail::cause::tell_of_deletion;
use crate::flows::openings::{Spared, end_everything};
use crate::flows::refusals::spend;
use crate::flows::security_log::{self, Noted};
use crate::flows::sessions::proof::proven_lately;
use crate::flows::sessions::signed_in::{SignedIn, require_session_held};
use domain::{Account, AccountError, Clock, DeletionMode, EventKind, Field, FieldCode, Millis, Random, Role};
use limiter::{Action, Limiter};
use store::accounts::Deletion;
use store::{Store, Tx, accounts, data_exports};

/// Deletes accounts for their owners.
pub struct OwnDeletion {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) limiter: Limiter,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) random: Arc<dyn Random>,
    pub(in crate::flows) mode: DeletionMode,
    /// How long a deleted account can be brought back.
    pub(in crate::flows) grace: Duration,
}

/// What an owner is offered.
#[derive(Clone, Copy, Debug)]
pub struct DeletionOffer {
    /// Whether the operator decides.
    pub asks: bool,
    /// Since when the operator is asked; `None` while nobody is.
    pub asked_at: Option<Millis>,
}

/// What became of a wish to be deleted.
#[derive(Clone, Copy, Debug)]
pub enum DeletionOutcome {
    /// The account is deleted. Its rows go at this time.
    Deleted(Millis),
    /// The operator is asked.
    Asked,
}

impl OwnDeletion {
    /// What the owner can do.
    ///
    /// # Errors
    /// `NotFound` where the operator offers nothing.
    pub fn offer(&self, who: &SignedIn) -> Result<DeletionOffer, AccountError> {
        match self.mode {
            DeletionMode::Off => Err(AccountError::NotFound),
            mode => {
                let asked_at = who.account().deletion_asked_at;
                Ok(DeletionOffer { asks: mode == DeletionMode::Ask, asked_at })
            }
        }
    }

    /// Deletes the account of `who`, or asks the operator to. Whatever opens a deleted account ends by the
    /// next request, and nobody but the operator finds it. Its owner is mailed the link that brings it back.
    ///
    /// # Errors
    /// `NotFound` where the operator offers nothing; `ProofWanted`; `Invalid` for the last administrator;
    /// `Throttled`.
    pub async fn delete(&self, who: &SignedIn, client: &Client) -> Result<DeletionOutcome, AccountError> {
        let offer = self.offer(who)?;
        let (id, now) = (who.account().id, self.clock.now());
        proven_lately(&who.session, now)?;
        spend(&self.limiter, Action::SettingsWrite, id, client, now)?;
        self.store
            .transact_on(id, async |tx| {
                // Before the account's own row: all who want both take them in this order.
                accounts::hold_administrators(tx).await?;
                let found = accounts::hold_and_find(tx, id).await?.ok_or(AccountError::Unauthenticated)?;
                require_session_held(tx, who).await?;
                let account = found.account;
                if offer.asks {
                    return ask(tx, &account, client, now).await;
                }
                if account.role == Role::ADMINISTRATOR && accounts::other_administrators(tx, id).await? == 0 {
                    return Err(AccountError::field(Field::Role, FieldCode::AdministratorLast));
                }
                end_everything(tx, id, Spared::NOTHING, now).await?;
                // Nobody can fetch it any more.
                data_exports::withdraw_since(tx, id, Millis(0)).await?;
                let noted = Noted::by_owner(EventKind::Deleted, "");
                security_log::note(tx, id, &noted, client, now).await?;
                accounts::set_deleted(tx, id, Some(Deletion { at: now, by_owner: true }), now).await?;
                // Whoever signed in did it, so the address is told, proven or not.
                let until = now.after(self.grace);
                tell_of_deletion(tx, &account, until, client.locale.as_deref(), now).await?;
                Ok(DeletionOutcome::Deleted(until))
            })
            .await
    }

    /// Takes back that the operator is asked.
    ///
    /// # Errors
    /// `NotFound` where the operator offers nothing; `Throttled`.
    pub async fn stop_asking(&self, who: &SignedIn, client: &Client) -> Result<(), AccountError> {
        self.offer(who)?;
        let (id, now) = (who.account().id, self.clock.now());
        spend(&self.limiter, Action::SettingsWrite, id, client, now)?;
        self.store
            .transact_on(id, async |tx| {
                let found = accounts::hold_and_find(tx, id).await?.ok_or(AccountError::Unauthenticated)?;
                require_session_held(tx, who).await?;
                if found.account.deletion_asked_at.is_some() {
                    accounts::ask_for_deletion(tx, id, None, now).await?;
                    let noted = Noted::by_owner(EventKind::DeletionDeclined, "");
                    security_log::note(tx, id, &noted, client, now).await?;
                }
                Ok(())
            })
            .await
    }
}

async fn ask(
    tx: &mut Tx,
    account: &Account,
    client: &Client,
    now: Millis,
) -> Result<DeletionOutcome, AccountError> {
    if account.deletion_asked_at.is_none() {
        accounts::ask_for_deletion(tx, account.id, Some(now), now).await?;
        let noted = Noted::by_owner(EventKind::DeletionAsked, "");
        security_log::note(tx, account.id, &noted, client, now).await?;
    }
    Ok(DeletionOutcome::Asked)
}
