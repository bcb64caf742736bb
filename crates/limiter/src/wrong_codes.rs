//! The wrong pairing codes of one account: after a fixed number, none may be tried for a fixed time.

use super::{CodeRule, Throttled, table::Evictable};

/// The wrong codes of one account, including codes that are still being looked up.
pub(super) struct WrongCodes {
    count: u8,
    last_ms: i64,
}

impl Evictable for WrongCodes {
    type Harm = (u8, i64);

    fn new(now_ms: i64) -> Self {
        Self { count: 0, last_ms: now_ms }
    }

    fn is_spent(&self, _now_ms: i64) -> bool {
        self.count == 0
    }

    fn harm(&self) -> (u8, i64) {
        (self.count, self.last_ms)
    }
}

impl WrongCodes {
    /// Counts one code as wrong. Returns the time of the code before it, in milliseconds since the epoch.
    pub(super) fn reserve(&mut self, rule: CodeRule, now_ms: i64) -> Result<i64, Throttled> {
        let closed = i64::try_from(rule.closed_for.as_millis()).unwrap_or(i64::MAX);
        // After the clock went back, pairing must not stay closed until it has caught up.
        self.last_ms = self.last_ms.min(now_ms);
        let wait = self.last_ms.saturating_add(closed).saturating_sub(now_ms);
        if wait <= 0 {
            self.count = 0;
        }
        if self.count >= rule.wrong.get() {
            return Err(Throttled::after_ms(wait));
        }
        self.count += 1;
        Ok(std::mem::replace(&mut self.last_ms, now_ms))
    }

    /// Uncounts a code that was right or never looked up. Earlier wrong codes still count.
    pub(super) fn uncount(&mut self) {
        self.count = self.count.saturating_sub(1);
    }
}
