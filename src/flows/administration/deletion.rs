//! Deleting accounts. A deleted account is closed and found by nobody at once; its rows go when the days are
//! over in which the operator can bring it back.

use std::sync::Arc;
use std::time::Duration;

use super::order::{AccountName, Order, OrderError, Ordered};
use crate::flows::account::Pictures;
use crate::flows::openings::{Spared, end_everything};
use crate::flows::security_log::{self, Noted};
use domain::lifetimes::SWEEP_EVERY;
use domain::{Clock, EventKind};
use store::{Store, StoreError, accounts, webhook_deliveries};

/// Deletes an account: everything that opens it ends by the next request, and it is found by nobody but the
/// operator. Its address and its username stay taken until its rows go.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Deleted`, `OwnAccount`, `LastAdministrator`.
pub async fn delete(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    whom: &AccountName,
) -> Result<Ordered, OrderError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let account = order.held_to_take_away(tx, whom).await?.account;
            end_everything(tx, account.id, Spared::NOTHING, now).await?;
            order.note(tx, account.id, EventKind::Deleted, "", now).await?;
            accounts::set_deleted(tx, account.id, Some(now), now).await?;
            Ok(Ordered { account, changed: true })
        })
        .await
}

/// Brings a deleted account back, with everything that it has but what opened it: its owner signs in again.
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
            }
            Ok(Ordered { account, changed })
        })
        .await
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
                    let found = accounts::find_even_deleted(tx, id).await?;
                    if !accounts::erase(tx, id, now.before(self.grace)).await? {
                        return Ok::<_, StoreError>((false, None));
                    }
                    security_log::note_here(tx, id, &Noted::by_itself(EventKind::Erased), now).await?;
                    webhook_deliveries::forget(tx, id).await?;
                    Ok((true, found.and_then(|found| found.account.picture)))
                });
                let (erased, picture) = erased.await?;
                gone += u64::from(erased);
                self.pictures.remove_unused(picture).await;
            }
        }
    }
}
