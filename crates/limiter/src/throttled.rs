//! The reasons for refusing an action or a guess.

use std::{error::Error, fmt, time::Duration};

/// The action was taken too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttled {
    /// The time after which the same attempt may pass, if no other is made until then. Never zero.
    pub retry_after: Duration,
}

impl Throttled {
    /// A refusal for `ms` milliseconds, at least one.
    pub fn after_ms(ms: i64) -> Self {
        Self { retry_after: Duration::from_millis(u64::try_from(ms).unwrap_or(0).max(1)) }
    }

    /// The value for a `Retry-After` header, in seconds: rounded up, at least 1.
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

impl Error for Throttled {}

/// Why a guess was refused.
#[derive(Debug)]
pub enum Refused {
    /// Too many guesses.
    Throttled(Throttled),
    /// The ledger cannot be reached, so the number of earlier guesses is unknown.
    Unavailable(Box<dyn Error + Send + Sync>),
}

impl From<Throttled> for Refused {
    fn from(throttled: Throttled) -> Self {
        Self::Throttled(throttled)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Throttled(throttled) => throttled.fmt(f),
            Self::Unavailable(cause) => write!(f, "guesses cannot be counted: {cause}"),
        }
    }
}

impl Error for Refused {}
