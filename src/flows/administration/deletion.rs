//! Deleting accounts. A deleted account is closed and found by nobody at once; its rows go when the days are
//! over in which the operator can bring it back.

use std::sync::Arc;
use std::time::Duration;

use super::order::{AccountName, Order, OrderError, Ordered};
use crate::flows::account::Pictures;
use crate::flows::mail::cause::{tell, tell_of_deletion, tell_of_erasure};
use crate::flows::openings::{Spared, end_everything};
use crate::flows::security_log::{self, Noted};
use domain::lifetimes::SWEEP_EVERY;
use domain::{Account, AccountId, Clock, EventKind, MailKind, Millis, Scope, UsernameLife};
use store::accounts::Deletion;
use store::erasure::erase;
use store::{Store, StoreError, accounts, data_exports, outbox};

/// Deletes an account: everything that opens it ends by the next request, and it is found by nobody but the
/// operator. Its address and its username stay taken until its rows go. An owner who has asked for it is
/// mailed the link that brings the account back within `grace`.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Deleted`, `OwnAccount`, `LastAdministrator`.
pub async fn delete(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    whom: &AccountName,
    grace: Duration,
) -> Result<Ordered, OrderError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let account = order.held_to_take_away(tx, whom).await?.account;
            let by_owner = account.deletion_asked_at.is_some();
            end_everything(tx, account.id, Spared::NOTHING, now).await?;
            // Nobody can fetch it any more.
            data_exports::withdraw_since(tx, account.id, Millis(0)).await?;
            order.note(tx, account.id, EventKind::Deleted, "", now).await?;
            accounts::set_deleted(tx, account.id, Some(Deletion { at: now, by_owner }), now).await?;
            if by_owner {
                tell_of_deletion(tx, &account, now.after(grace), order.locale(), now).await?;
            }
            Ok(Ordered { account, changed: true })
        })
        .await
}

/// Brings a deleted account back, with everything that it has but what opened it: its owner signs in again.
/// An owner who has deleted it is told.
///
/// # Errors
/// `Forbidden`, `NotFound` when its rows have gone.
pub async fn restore(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    whom: &AccountName,
) -> Result<Ordered, OrderError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let account = order.held_even_deleted(tx, whom).await?.account;
            let changed = account.deleted_at.is_some();
            if changed {
                accounts::set_deleted(tx, account.id, None, now).await?;
                order.note(tx, account.id, EventKind::Restored, "", now).await?;
                if account.deleted_by_owner {
                    outbox::withdraw(tx, account.id, MailKind::AccountDeleted).await?;
                    tell(tx, MailKind::AccountRestored, &account, "", order.locale(), now).await?;
                }
            }
            Ok(Ordered { account, changed })
        })
        .await
}

/// Leaves an account as it is whose owner asked to have it deleted, and tells them.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Deleted`.
pub async fn decline(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    whom: &AccountName,
) -> Result<Ordered, OrderError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let account = order.held(tx, whom).await?.account;
            let changed = account.deletion_asked_at.is_some();
            if changed {
                accounts::ask_for_deletion(tx, account.id, None, now).await?;
                order.note(tx, account.id, EventKind::DeletionDeclined, "", now).await?;
                tell(tx, MailKind::DeletionDeclined, &account, "", order.locale(), now).await?;
            }
            Ok(Ordered { account: Account { deletion_asked_at: None, ..account }, changed })
        })
        .await
}

/// At most `most` accounts with a number above `after` whose owners ask to have them deleted, the oldest
/// first.
///
/// # Errors
/// `Forbidden`.
pub async fn asking(
    store: &Store,
    order: Order<'_>,
    after: AccountId,
    most: i64,
) -> Result<Vec<Account>, OrderError> {
    order.actor.require(Scope::AccountsRead)?;
    Ok(accounts::asking_for_deletion(&mut store.read().await?, after, most).await?)
}

/// Accounts that are removed in one go.
const AT_ONCE: i64 = 100;

/// Removes the rows of deleted accounts when their time is over.
#[derive(Clone)]
pub struct Erasures {
    pub(in crate::flows) store: Store,
    pub(in crate::flows) clock: Arc<dyn Clock>,
    pub(in crate::flows) pictures: Arc<Pictures>,
    /// How long a deleted account can be brought back.
    pub(in crate::flows) grace: Duration,
    /// How long its username is nobody's afterwards.
    pub(in crate::flows) usernames: UsernameLife,
}

impl Erasures {
    /// Starts a task that looks every hour for accounts whose time is over.
    pub fn keep(&self) {
        let erasures = self.clone();
        tokio::spawn(async move {
            let mut every = tokio::time::interval(SWEEP_EVERY);
            loop {
                every.tick().await;
                if let Err(error) = erasures.now().await {
                    log::warn!("deleted accounts were not removed: {error}");
                }
            }
        });
    }

    /// Removes the accounts whose time is over, and the pictures that nobody else shows. Returns their
    /// number.
    pub async fn now(&self) -> Result<u64, StoreError> {
        let now = self.clock.now();
        let mut gone = 0;
        loop {
            let due = {
                let mut db = self.store.read().await?;
                accounts::due_erasures(&mut db, now.before(self.grace), AT_ONCE).await?
            };
            if due.is_empty() {
                return Ok(gone);
            }
            for id in due {
                let erased = self.store.transact_on(id, async |tx| {
                    accounts::hold(tx, id).await?;
                    let found = accounts::find_even_deleted(tx, id).await?.map(|found| found.account);
                    let (before, reserved) = (now.before(self.grace), now.after(self.usernames.reserved));
                    if !erase(tx, id, (before, reserved), now).await? {
                        return Ok::<_, StoreError>((false, None));
                    }
                    security_log::note_here(tx, id, &Noted::by_itself(EventKind::Erased), now).await?;
                    // An owner who left is told; anybody else where the address is known to be theirs.
                    let told =
                        found.as_ref().filter(|found| found.deleted_by_owner || found.verified_at.is_some());
                    if let Some(account) = told {
                        tell_of_erasure(tx, account, now).await?;
                    }
                    Ok((true, found.and_then(|found| found.picture)))
                });
                let (erased, picture) = erased.await?;
                gone += u64::from(erased);
                self.pictures.remove_unused(picture).await;
            }
        }
    }
}
