//! Counts by a key, for what is rare beside its cost.

use std::collections::BTreeMap;

use parking_lot::Mutex;

/// Counts by a key. The lock is held for one addition: for sign-ins, mails and the like, each of which takes
/// milliseconds, and not for requests. Keys come from the program and its settings: whoever let strangers
/// choose them would let strangers fill the memory.
#[derive(Debug)]
pub struct Tally<K>(Mutex<BTreeMap<K, u64>>);

impl<K> Default for Tally<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Ord + Clone> Tally<K> {
    /// Counts one.
    pub fn count(&self, key: K) {
        self.add(key, 1);
    }

    /// Counts `number` at once.
    pub fn add(&self, key: K, number: u64) {
        *self.0.lock().entry(key).or_default() += number;
    }

    /// Every key with its count so far.
    #[must_use]
    pub fn all(&self) -> Vec<(K, u64)> {
        self.0.lock().iter().map(|(key, count)| (key.clone(), *count)).collect()
    }
}
