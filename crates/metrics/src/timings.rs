//! A histogram of durations.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The upper bounds of the buckets, in microseconds: from what a page takes that is in memory to the time at
/// which people have given up. Each is about twice the one before, which is exact enough for a percentile.
const BOUNDS: [u64; 13] = [
    500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    10_000_000,
];

/// A histogram of durations. Recording one is two atomic additions.
#[derive(Debug, Default)]
pub struct Timings {
    /// Those within each bound and above the one before; the last are above all bounds.
    buckets: [AtomicU64; BOUNDS.len() + 1],
    sum_nanos: AtomicU64,
}

/// What a histogram has counted so far.
#[derive(Debug, Clone, PartialEq)]
pub struct TimingCounts {
    /// Each upper bound in seconds, with the number of durations within it and above the one before.
    pub buckets: Vec<(f64, u64)>,
    /// All durations together, in seconds.
    pub sum: f64,
    /// How many there were.
    pub count: u64,
}

impl Timings {
    /// Counts one duration.
    pub fn record(&self, time: Duration) {
        let micros = time.as_micros();
        let bucket = BOUNDS.iter().position(|bound| micros <= u128::from(*bound)).unwrap_or(BOUNDS.len());
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.sum_nanos.fetch_add(nanos, Ordering::Relaxed);
    }

    /// What was counted so far.
    #[must_use]
    pub fn counts(&self) -> TimingCounts {
        // The bound of the last bucket is the one that the encoder writes as `+Inf`.
        let bounds = BOUNDS.iter().map(|bound| Duration::from_micros(*bound).as_secs_f64()).chain([f64::MAX]);
        let counted = self.buckets.iter().map(|bucket| bucket.load(Ordering::Relaxed));
        let buckets: Vec<(f64, u64)> = bounds.zip(counted).collect();
        let count = buckets.iter().map(|(_, count)| count).sum();
        let sum = Duration::from_nanos(self.sum_nanos.load(Ordering::Relaxed)).as_secs_f64();
        TimingCounts { buckets, sum, count }
    }
}
