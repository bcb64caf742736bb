//! How slow a client may be.

use std::time::Duration;

/// The slowest rate at which a client may send a body. Only time spent waiting for the client counts.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// The longest wait without a single byte.
    pub idle: Duration,
    /// The minimum number of bytes per second, averaged over all waiting beyond [`Pace::grace`]. 0 switches
    /// the rule off.
    pub min_rate: u64,
    /// The waiting time that does not count towards the average.
    pub grace: Duration,
}
