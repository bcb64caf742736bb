//! Wrong pairing codes of one account: a fixed number, then none for a fixed time.

use std::sync::Arc;

use super::{CodeRule, Limiter, Shared, Throttled, table::Entry};

/// The wrong codes of one account, those that are being looked up among them.
pub(super) struct WrongCodes {
    count: u8,
    last_ms: i64,
}

impl Entry for WrongCodes {
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
    fn reserve(&mut self, rule: CodeRule, now_ms: i64) -> Result<(), Throttled> {
        let closed = i64::try_from(rule.closed_for.as_millis()).unwrap_or(i64::MAX);
        // A clock that went back must not keep it closed until it has caught up.
        self.last_ms = self.last_ms.min(now_ms);
        let wait = self.last_ms.saturating_add(closed).saturating_sub(now_ms);
        if wait <= 0 {
            self.count = 0;
        }
        if self.count >= rule.wrong.get() {
            return Err(Throttled::after_ms(wait));
        }
        self.count += 1;
        self.last_ms = now_ms;
        Ok(())
    }

    fn uncount(&mut self) {
        self.count = self.count.saturating_sub(1);
    }
}

impl Limiter {
    /// Reserves one try of a pairing code by `account` at `now_ms` (milliseconds since the epoch). Ask before it is
    /// looked up.
    ///
    /// # Errors
    /// [`Throttled`] when the account has tried too many wrong ones.
    pub fn begin_code(&self, now_ms: i64, account: i64) -> Result<CodeAttempt, Throttled> {
        let Some(shared) = &self.shared else { return Ok(CodeAttempt(None)) };
        shared.state.lock().codes.entry(account, now_ms).reserve(shared.codes, now_ms)?;
        Ok(CodeAttempt(Some((Arc::clone(shared), account))))
    }
}

/// A reserved try. Dropped, it counts as wrong: else whoever breaks off in time would try for free.
#[must_use = "tell whether the code was wrong"]
pub struct CodeAttempt(Option<(Arc<Shared>, i64)>);

impl CodeAttempt {
    /// The code was wrong.
    pub fn failed(self) {}

    /// The code was right or never looked at: this try is not among the wrong ones. Those before go on counting.
    pub fn uncount(self) {
        if let Some((shared, account)) = self.0
            && let Some(codes) = shared.state.lock().codes.get_mut(&account)
        {
            codes.uncount();
        }
    }
}
