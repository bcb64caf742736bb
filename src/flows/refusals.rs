//! What flows answer when the limiter or the hasher refuses.

use crate::domain::{AccountError, InternalError};
use crate::infra::hasher::HashError;
use crate::infra::limiter::Refused;

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
