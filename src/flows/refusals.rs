//! Conversion of refusals by the limiter and the hasher into [`AccountError`]s.

use super::client::Client;
use domain::{AccountError, AccountId, InternalError, Millis};
use hasher::HashError;
use limiter::{Action, Key, Limiter, Refused};

pub(super) fn refuse_hash(error: HashError) -> AccountError {
    match error {
        HashError::Busy { retry_after } => AccountError::Busy { retry_after },
        other => AccountError::Internal(InternalError::new(other)),
    }
}

pub(super) fn refuse_throttled(refused: impl Into<Refused>) -> AccountError {
    match refused.into() {
        Refused::Throttled(throttled) => AccountError::Throttled { retry_after: throttled.retry_after },
        Refused::Unavailable(cause) => AccountError::Unavailable(InternalError::new(cause)),
    }
}

/// Counts an action of `client` on `account`, by its address and by the account. A trusted server acts for
/// many people, so nothing is counted for it.
///
/// # Errors
/// `Throttled` above either limit.
pub(super) fn spend(
    limiter: &Limiter,
    action: Action,
    account: AccountId,
    client: &Client,
    now: Millis,
) -> Result<(), AccountError> {
    if client.trusted {
        return Ok(());
    }
    limiter.take_both(action, client.ip.into(), account.0, now.0).map_err(refuse_throttled)
}

/// Counts an action of `client`, by its address alone: the account is not known yet, or there is none.
///
/// # Errors
/// `Throttled` above the limit.
pub(super) fn spend_by_address(
    limiter: &Limiter,
    action: Action,
    client: &Client,
    now: Millis,
) -> Result<(), AccountError> {
    spend_times_by_address(limiter, action, 1, client, now)
}

/// Counts an action of `client` as `times` of it, by its address alone.
///
/// # Errors
/// `Throttled` above the limit.
pub(super) fn spend_times_by_address(
    limiter: &Limiter,
    action: Action,
    times: u32,
    client: &Client,
    now: Millis,
) -> Result<(), AccountError> {
    if client.trusted {
        return Ok(());
    }
    limiter.take_times(action, Key::Ip(client.ip.into()), times, now.0).map_err(refuse_throttled)
}

/// Counts an action on `account` by the account alone: its address was counted before the account was known.
///
/// # Errors
/// `Throttled` above the limit.
pub(super) fn spend_by_account(
    limiter: &Limiter,
    action: Action,
    account: AccountId,
    client: &Client,
    now: Millis,
) -> Result<(), AccountError> {
    if client.trusted {
        return Ok(());
    }
    limiter.take(action, Key::Account(account.0), now.0).map_err(refuse_throttled)
}
