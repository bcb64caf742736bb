//! A token bucket stored as one number: the time at which it will be full again.

use super::{Rate, Throttled, table::Evictable};

pub(super) struct Bucket {
    /// Microseconds since the epoch, because a token's share of the refill time need not be whole
    /// milliseconds.
    full_at_us: i64,
}

impl Evictable for Bucket {
    type Harm = i64;

    fn new(now_ms: i64) -> Self {
        Self { full_at_us: us(now_ms) }
    }

    fn is_spent(&self, now_ms: i64) -> bool {
        self.full_at_us <= us(now_ms)
    }

    fn harm(&self) -> i64 {
        self.full_at_us
    }
}

impl Bucket {
    pub(super) fn take(&mut self, rate: Rate, now_ms: i64) -> Result<(), Throttled> {
        self.full_at_us = self.full_after_taking(rate, now_ms)?;
        Ok(())
    }

    /// Whether an action could be taken now. Takes none.
    pub(super) fn check(&mut self, rate: Rate, now_ms: i64) -> Result<(), Throttled> {
        self.full_after_taking(rate, now_ms).map(drop)
    }

    pub(super) fn give_back(&mut self, rate: Rate) {
        self.full_at_us = self.full_at_us.saturating_sub(token(rate));
    }

    fn full_after_taking(&mut self, rate: Rate, now_ms: i64) -> Result<i64, Throttled> {
        let now = us(now_ms);
        let empty = now.saturating_add(refill(rate));
        // After the clock went back, the bucket is empty but fills at its rate. It does not wait for the
        // clock to catch up.
        self.full_at_us = self.full_at_us.min(empty);
        let full_at = self.full_at_us.max(now).saturating_add(token(rate));
        if full_at > empty {
            let wait_us = full_at.saturating_sub(empty);
            return Err(Throttled::after_ms(wait_us.saturating_add(999) / 1000));
        }
        Ok(full_at)
    }
}

fn us(ms: i64) -> i64 {
    ms.saturating_mul(1000)
}

/// The time in which one token comes back, in microseconds.
fn token(rate: Rate) -> i64 {
    let per = i64::try_from(rate.per.as_micros()).unwrap_or(i64::MAX);
    (per / i64::from(rate.burst.get())).max(1)
}

/// The time in which an empty bucket fills up, in microseconds.
fn refill(rate: Rate) -> i64 {
    token(rate).saturating_mul(i64::from(rate.burst.get()))
}
