//! The failures of one guesser: their number in the last day, their number in a row, and the time of the
//! latest attempt.

use std::time::Duration;

use super::{Guessing, Reservation, day::Day, table::Evictable};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// After this time no failure of a [`Day`] counts any more.
const WINDOW_MS: i64 = DAY_MS + 60 * 60 * 1000;

pub(super) struct Guesses {
    day: Day,
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
        Self { day: Day::new(now_ms), streak: 0, last_ms: now_ms }
    }

    fn is_spent(&self, now_ms: i64) -> bool {
        self.day.total() == 0 || now_ms.saturating_sub(self.last_ms) >= WINDOW_MS
    }

    fn harm(&self) -> (u16, i64) {
        (self.day.total(), self.last_ms)
    }
}

impl Guesses {
    /// The time until this guesser may guess again, in milliseconds. Zero or less: it may guess now.
    pub(super) fn wait(&mut self, rules: &Guessing, most_a_day: u8, now_ms: i64) -> i64 {
        self.last_ms = self.last_ms.min(now_ms);
        let since_last = now_ms.saturating_sub(self.last_ms);
        if since_last >= DAY_MS {
            self.streak = 0;
        }
        delay_after(self.streak, rules).saturating_sub(since_last).max(self.day.wait(most_a_day, now_ms))
    }

    /// Counts an attempt as failed before it is evaluated, so that parallel attempts cannot exceed the rules.
    pub(super) fn count(&mut self, now_ms: i64) -> Counted {
        let counted = Counted { hour: self.day.count(now_ms), previous_ms: self.last_ms };
        self.streak = self.streak.saturating_add(1);
        self.last_ms = now_ms;
        counted
    }

    pub(super) fn succeed(&mut self, reservation: &Reservation) {
        self.day.uncount(reservation.hour);
        self.streak = 0;
    }

    pub(super) fn withdraw(&mut self, reservation: &Reservation) {
        self.day.uncount(reservation.hour);
        self.streak = self.streak.saturating_sub(1);
        // Another attempt may have been reserved since; its time must stay.
        if self.last_ms == reservation.at_ms {
            self.last_ms = reservation.previous_ms;
        }
    }
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
