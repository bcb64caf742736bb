//! The number of failures in the last day, by the hour.

use super::table::Evictable;

const HOUR_MS: i64 = 60 * 60 * 1000;
/// The current hour and the 24 before it cover any 24 hours.
const HOURS: usize = 25;

/// The failures of any 24 hours. They are counted by the hour, so a failure counts for up to 25 hours.
pub(super) struct Day {
    /// The hour since the epoch that `failures[0]` counts. `failures[n]` counts the hour `n` hours earlier.
    hour: i64,
    failures: [u8; HOURS],
}

impl Evictable for Day {
    type Harm = (u16, i64);

    fn new(now_ms: i64) -> Self {
        Self { hour: hour_of(now_ms), failures: [0; HOURS] }
    }

    fn is_spent(&self, now_ms: i64) -> bool {
        self.total() == 0 || hour_of(now_ms).saturating_sub(self.hour) >= HOURS as i64
    }

    fn harm(&self) -> (u16, i64) {
        (self.total(), self.hour)
    }
}

impl Day {
    /// The time until the day has room for another failure, in milliseconds. Zero or less: it has room now.
    pub(super) fn wait(&mut self, most: u8, now_ms: i64) -> i64 {
        self.move_to(now_ms);
        if self.total() < u16::from(most) {
            return 0;
        }
        let oldest = self.failures.iter().rposition(|&failures| failures > 0);
        let hours_left = (HOURS - oldest.unwrap_or_default()) as i64;
        self.hour.saturating_add(hours_left).saturating_mul(HOUR_MS).saturating_sub(now_ms)
    }

    /// Counts a failure, and returns the hour since the epoch in which it is counted.
    pub(super) fn count(&mut self, now_ms: i64) -> i64 {
        self.move_to(now_ms);
        self.failures[0] = self.failures[0].saturating_add(1);
        self.hour
    }

    pub(super) fn uncount(&mut self, hour: i64) {
        let ago = self.hour.saturating_sub(hour).max(0);
        if let Some(failures) = usize::try_from(ago).ok().and_then(|ago| self.failures.get_mut(ago)) {
            *failures = failures.saturating_sub(1);
        }
    }

    pub(super) fn total(&self) -> u16 {
        self.failures.iter().copied().map(u16::from).sum()
    }

    /// Drops hours older than a day. After the clock went back, failures are dated to the present: they must
    /// neither be forgotten nor be remembered until the clock has caught up.
    fn move_to(&mut self, now_ms: i64) {
        let hour = hour_of(now_ms);
        let passed = hour.saturating_sub(self.hour);
        if passed > 0 {
            let passed = usize::try_from(passed).unwrap_or(HOURS).min(HOURS);
            self.failures.rotate_right(passed);
            self.failures[..passed].fill(0);
        }
        // A step of one hour back does not mean that the clock went back: two requests may overtake each
        // other at the turn of an hour.
        if passed != -1 {
            self.hour = hour;
        }
    }
}

fn hour_of(now_ms: i64) -> i64 {
    now_ms.div_euclid(HOUR_MS)
}
