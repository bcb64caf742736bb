//! What flows answer when the limiter or the hasher refuses.

use crate::domain::{AccountError, InternalError};
use crate::infra::hasher::HashError;
use crate::infra::limiter::Throttled;

pub(super) fn refuse_hash(error: HashError) -> AccountError {
    match error {
        HashError::Busy { retry_after } => AccountError::Busy { retry_after },
        other => AccountError::Internal(InternalError::new(other)),
    }
}

pub(super) fn refuse_throttled(throttled: Throttled) -> AccountError {
    AccountError::Throttled { retry_after: throttled.retry_after }
}
