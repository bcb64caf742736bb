//! Locking accounts, unlocking them, ending whatever opens them, and taking off second factors that were
//! lost. The command line does this beside a running server, so these functions need a store and a clock
//! alone.

use super::order::{AccountName, Order, OrderError};
use crate::flows::factor_recovery;
use crate::flows::openings::{Spared, end_everything};
use domain::{Account, Clock, EventKind, Millis};
use store::{Store, accounts, totp_secrets};

/// An account, and since when it was locked before it was changed.
#[derive(Debug)]
pub struct Locking {
    pub account: Account,
    /// `None` if it was not locked.
    pub before: Option<Millis>,
}

/// Locks an account: nobody signs in to it, and everything that opens it ends by the next request, at every
/// door and instance. An account that is locked already stays locked since then.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Deleted`, `OwnAccount`, `LastAdministrator`.
pub async fn lock(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    whom: &AccountName,
) -> Result<Locking, OrderError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let account = order.held_to_take_away(tx, whom).await?.account;
            if account.locked_at.is_none() {
                accounts::set_locked(tx, account.id, Some(now), now).await?;
                order.note(tx, account.id, EventKind::Locked, "", now).await?;
            }
            end_everything(tx, account.id, Spared::NOTHING, now).await?;
            Ok(Locking { before: account.locked_at, account })
        })
        .await
}

/// Unlocks an account. What has ended stays ended: its owner signs in again, with the same password.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Deleted`.
pub async fn unlock(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    whom: &AccountName,
) -> Result<Locking, OrderError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let account = order.held(tx, whom).await?.account;
            if account.locked_at.is_some() {
                accounts::set_locked(tx, account.id, None, now).await?;
                order.note(tx, account.id, EventKind::Unlocked, "", now).await?;
            }
            Ok(Locking { before: account.locked_at, account })
        })
        .await
}

/// Ends everything that opens an account except its password, by the next request, at every door and
/// instance.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Deleted`.
pub async fn end_sessions(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    whom: &AccountName,
) -> Result<Account, OrderError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let account = order.held(tx, whom).await?.account;
            end_everything(tx, account.id, Spared::NOTHING, now).await?;
            order.note(tx, account.id, EventKind::OpeningsEnded, "", now).await?;
            Ok(account)
        })
        .await
}

/// Takes off all second factors of an account, and ends everything that opens it except its password. Its
/// owner is told. Returns the account as it was: one without second factors stays as it is.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Deleted`.
pub async fn remove_factors(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    whom: &AccountName,
) -> Result<Account, OrderError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let account = order.held(tx, whom).await?.account;
            if account.second_factor_at.is_some() {
                let noted = order.noted(EventKind::FactorsRemoved, "");
                factor_recovery::remove_factors(tx, &account, &noted, now).await?;
            } else {
                totp_secrets::remove_pending(tx, account.id).await?;
            }
            Ok(account)
        })
        .await
}
