//! What accounts that do not exist cost. Hashes of other products take other times than ours, so one time for
//! all unknown names would tell which accounts exist. Each name gets the cost of an account that was picked
//! at random from the store: always the same, as an account's own cost stays the same.

use std::sync::Arc;

use recipes::ForeignHash;

/// Hashes of accounts, `None` for each of ours.
#[derive(Default)]
pub(super) struct Imitation(Vec<Option<Arc<ForeignHash>>>);

impl Imitation {
    pub(super) fn of(stored: Vec<Option<Arc<ForeignHash>>>) -> Self {
        Self(stored)
    }

    /// The hash that a name costs as much as; `None` for one of ours.
    pub(super) fn like(&self, name: u64) -> Option<Arc<ForeignHash>> {
        let count = u64::try_from(self.0.len()).unwrap_or(u64::MAX);
        let at = usize::try_from(name.checked_rem(count)?).ok()?;
        self.0.get(at)?.clone()
    }
}
