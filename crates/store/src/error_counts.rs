//! How often the database failed, for the operator.

use std::sync::atomic::{AtomicU64, Ordering};

/// Errors of the database in this process since its start. They are counted where they are made, which is in
/// every statement: a count of each store would have to go along with each connection.
static UNAVAILABLE: AtomicU64 = AtomicU64::new(0);
static CROWDED: AtomicU64 = AtomicU64::new(0);
static BROKEN: AtomicU64 = AtomicU64::new(0);

/// How often calls failed since the start of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorCounts {
    /// Calls that failed as [`StoreError::Unavailable`](super::StoreError::Unavailable).
    pub unavailable: u64,
    /// Calls that failed as [`StoreError::Crowded`](super::StoreError::Crowded).
    pub crowded: u64,
    /// Calls that failed as [`StoreError::Broken`](super::StoreError::Broken).
    pub broken: u64,
}

/// How often calls of all stores of this process failed.
#[must_use]
pub fn error_counts() -> ErrorCounts {
    let counted = |count: &AtomicU64| count.load(Ordering::Relaxed);
    ErrorCounts { unavailable: counted(&UNAVAILABLE), crowded: counted(&CROWDED), broken: counted(&BROKEN) }
}

pub(super) fn count_unavailable() {
    UNAVAILABLE.fetch_add(1, Ordering::Relaxed);
}

pub(super) fn count_crowded() {
    CROWDED.fetch_add(1, Ordering::Relaxed);
}

pub(super) fn count_broken() {
    BROKEN.fetch_add(1, Ordering::Relaxed);
}
