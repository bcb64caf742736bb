//! Conversion of refusals by the limiter and the hasher into [`AccountError`]s.

use super::sessions::signed_in::SignedIn;
use domain::{AccountError, InternalError, Millis};
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

/// Counts a change that a person makes to their own account.
///
/// # Errors
/// `Throttled` above the limit.
pub(super) fn throttle_settings(limiter: &Limiter, who: &SignedIn, now: Millis) -> Result<(), AccountError> {
    limiter.take(Action::SettingsWrite, Key::Account(who.account().id.0), now.0).map_err(refuse_throttled)
}
