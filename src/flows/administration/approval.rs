//! Approving of accounts, where people sign up but do not sign in before.

use super::order::{AccountName, Order, OrderError, Ordered};
use crate::flows::mail::cause::tell;
use domain::{Account, AccountId, Clock, EventKind, MailKind, Scope};
use store::{Store, accounts};

/// Lets the owner of an account that waits sign in, and tells them by mail. One that does not wait stays as
/// it is.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Deleted`.
pub async fn approve(
    store: &Store,
    clock: &dyn Clock,
    order: Order<'_>,
    whom: &AccountName,
) -> Result<Ordered, OrderError> {
    let now = clock.now();
    store
        .transact(async |tx| {
            let account = order.held(tx, whom).await?.account;
            let changed = account.approval_wanted_at.is_some();
            if changed {
                accounts::approve(tx, account.id, now).await?;
                order.note(tx, account.id, EventKind::Approved, "", now).await?;
                // Whoever waits for it is told, proven address or not.
                tell(tx, MailKind::Approved, &account, "", order.locale(), now).await?;
            }
            Ok(Ordered { account: Account { approval_wanted_at: None, ..account }, changed })
        })
        .await
}

/// At most `most` accounts with a number above `after` that wait, the oldest first.
///
/// # Errors
/// `Forbidden`.
pub async fn waiting(
    store: &Store,
    order: Order<'_>,
    after: AccountId,
    most: i64,
) -> Result<Vec<Account>, OrderError> {
    order.actor.require(Scope::AccountsRead)?;
    Ok(accounts::waiting(&mut store.read().await?, after, most).await?)
}
