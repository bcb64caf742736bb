//! The failures of one subject: their number in the last day, their number in a row, and the time of the
//! latest attempt.

use std::time::Duration;

use super::{Guessing, Reservation, Throttled, table::Evictable};

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// The current hour and the 24 before it cover any 24 hours.
const HOURS: usize = 25;
const WINDOW_MS: i64 = HOURS as i64 * HOUR_MS;

pub(super) struct Guesses {
    /// The hour since the epoch that `failures[0]` counts. `failures[n]` counts the hour `n` hours earlier.
    hour: i64,
    failures: [u8; HOURS],
    /// Failures since the last success.
    streak: u8,
    last_ms: i64,
}

/// The times under which a guess was counted.
pub(super) struct Counted {
    pub(super) hour: i64,
    pub(super) previous_ms: i64,
}

impl Evictable for Guesses {
    type Harm = (u16, i64);

    fn new(now_ms: i64) -> Self {
        Self { hour: hour_of(now_ms), failures: [0; HOURS], streak: 0, last_ms: now_ms }
    }

    fn is_spent(&self, now_ms: i64) -> bool {
        self.total() == 0 || now_ms.saturating_sub(self.last_ms) >= WINDOW_MS
    }

    fn harm(&self) -> (u16, i64) {
        (self.total(), self.last_ms)
    }
}

impl Guesses {
    /// Counts an attempt as failed before it is evaluated, so that parallel attempts cannot exceed the rules.
    pub(super) fn reserve(&mut self, rules: &Guessing, now_ms: i64) -> Result<Counted, Throttled> {
        self.move_to(now_ms);
        let since_last = now_ms.saturating_sub(self.last_ms);
        if since_last >= DAY_MS {
            self.streak = 0;
        }
        let wait = delay_after(self.streak, rules)
            .saturating_sub(since_last)
            .max(self.wait_for_the_day(rules, now_ms));
        if wait > 0 {
            return Err(Throttled::after_ms(wait));
        }
        let counted = Counted { hour: self.hour, previous_ms: self.last_ms };
        self.failures[0] = self.failures[0].saturating_add(1);
        self.streak = self.streak.saturating_add(1);
        self.last_ms = now_ms;
        Ok(counted)
    }

    pub(super) fn succeed(&mut self, reservation: &Reservation) {
        self.uncount(reservation);
        self.streak = 0;
    }

    pub(super) fn withdraw(&mut self, reservation: &Reservation) {
        self.uncount(reservation);
        self.streak = self.streak.saturating_sub(1);
        // Another attempt may have been reserved since; its time must stay.
        if self.last_ms == reservation.at_ms {
            self.last_ms = reservation.previous_ms;
        }
    }

    fn uncount(&mut self, reservation: &Reservation) {
        let ago = self.hour.saturating_sub(reservation.hour).max(0);
        if let Some(failures) = usize::try_from(ago).ok().and_then(|ago| self.failures.get_mut(ago)) {
            *failures = failures.saturating_sub(1);
        }
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
        self.last_ms = self.last_ms.min(now_ms);
    }

    fn wait_for_the_day(&self, rules: &Guessing, now_ms: i64) -> i64 {
        if self.total() < u16::from(rules.failures_per_day.get()) {
            return 0;
        }
        let oldest = self.failures.iter().rposition(|&failures| failures > 0);
        let hours_left = (HOURS - oldest.unwrap_or_default()) as i64;
        self.hour.saturating_add(hours_left).saturating_mul(HOUR_MS).saturating_sub(now_ms)
    }

    fn total(&self) -> u16 {
        self.failures.iter().copied().map(u16::from).sum()
    }
}

fn hour_of(now_ms: i64) -> i64 {
    now_ms.div_euclid(HOUR_MS)
}

/// The shortest time between an attempt and the one before it, in milliseconds.
fn delay_after(streak: u8, rules: &Guessing) -> i64 {
    let Some(doublings) = streak.checked_sub(rules.free_failures.max(1)) else {
        return 0;
    };
    let factor = 1_u32.checked_shl(doublings.into()).unwrap_or(u32::MAX);
    ms(rules.first_delay.saturating_mul(factor).min(rules.longest_delay))
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
