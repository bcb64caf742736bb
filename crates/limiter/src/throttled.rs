//! The answer to whoever came too often.

use std::{fmt, time::Duration};

/// Too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttled {
    /// When the same attempt may pass, if nothing else happens until then. Never zero.
    pub retry_after: Duration,
}

impl Throttled {
    pub(super) fn after_ms(ms: i64) -> Self {
        Self { retry_after: Duration::from_millis(u64::try_from(ms).unwrap_or(0).max(1)) }
    }

    /// The value for a `Retry-After` header: whole seconds, rounded up, at least 1.
    #[must_use]
    pub fn retry_after_seconds(&self) -> u64 {
        self.retry_after.as_secs().saturating_add(u64::from(self.retry_after.subsec_nanos() > 0)).max(1)
    }
}

impl fmt::Display for Throttled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "too many attempts, retry in {} s", self.retry_after_seconds())
    }
}

impl std::error::Error for Throttled {}
