//! The end of a request to have the factors taken off, whatever ends it.

use crate::flows::mail::cause::tell;
use domain::{AccountId, MailKind, Millis, TicketPurpose};
use store::{StoreError, Tx, accounts, outbox, tickets};

/// Ends what was asked for `account`, and tells its owner. Returns `false` when nothing was. `locale` is the
/// language for an account that has none of its own.
pub(in crate::flows) async fn stop(
    tx: &mut Tx,
    account: AccountId,
    locale: Option<&str>,
    now: Millis,
) -> Result<bool, StoreError> {
    if !accounts::end_factor_recovery(tx, account).await? {
        return Ok(false);
    }
    withdraw(tx, account, now).await?;
    if let Some(found) = accounts::find(tx, account).await? {
        tell(tx, MailKind::FactorRecoveryCancelled, &found.account, "", locale, now).await?;
    }
    Ok(true)
}

/// Ends the messages that tell of it, and their links.
pub(super) async fn withdraw(tx: &mut Tx, account: AccountId, now: Millis) -> Result<(), StoreError> {
    // Before the tickets: while the row of a message exists, the worker may add a ticket for its link.
    outbox::withdraw(tx, account, MailKind::FactorRecoveryAsked).await?;
    tickets::keep_newest(tx, account, TicketPurpose::KeepFactors, 0, now).await
}
