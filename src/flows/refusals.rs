//! What flows answer when the limiter or the hasher refuses.

use super::sessions::signed_in::SignedIn;
use crate::domain::{AccountError, InternalError, Millis};
use crate::infra::hasher::HashError;
use crate::infra::limiter::{Action, Key, Limiter, Throttled};

pub(super) fn refuse_hash(error: HashError) -> AccountError {
    match error {
        HashError::Busy { retry_after } => AccountError::Busy { retry_after },
        other => AccountError::Internal(InternalError::new(other)),
    }
}

pub(super) fn refuse_throttled(throttled: Throttled) -> AccountError {
    AccountError::Throttled { retry_after: throttled.retry_after }
}

/// Counts a change that somebody makes of their own account.
///
/// # Errors
/// `Throttled`.
pub(super) fn throttle_settings(limiter: &Limiter, who: &SignedIn, now: Millis) -> Result<(), AccountError> {
    limiter.take(Action::SettingsWrite, Key::Account(who.account().id.0), now.0).map_err(refuse_throttled)
}
