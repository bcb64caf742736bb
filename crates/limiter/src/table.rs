//! A map with a fixed capacity, which evicts the entry that is least harmful to forget.

use std::hash::Hash;

use indexmap::IndexMap;

/// The entries examined on each insertion. An attacker's own entries are the least harmful to forget, and a
/// flood makes them most of the table, so a sample of this size finds one of them.
const SAMPLE: usize = 16;

/// A value that a table may evict.
pub(super) trait Evictable {
    /// Ordered by how much an attacker would gain from the eviction.
    type Harm: Ord;

    fn new(now_ms: i64) -> Self;
    /// Whether the entry is worth no more than a new one.
    fn is_spent(&self, now_ms: i64) -> bool;
    fn harm(&self) -> Self::Harm;
}

pub(super) struct Table<K, V> {
    entries: IndexMap<K, V>,
    capacity: usize,
    /// The start of the next sample. Samples go round the table.
    hand: usize,
}

impl<K: Hash + Eq, V: Evictable> Table<K, V> {
    pub(super) fn new(capacity: usize) -> Self {
        Self { entries: IndexMap::new(), capacity, hand: 0 }
    }

    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.entries.get_mut(key)
    }

    pub(super) fn entry(&mut self, key: K, now_ms: i64) -> &mut V {
        if !self.entries.contains_key(&key) {
            self.make_room(now_ms);
        }
        self.entries.entry(key).or_insert_with(|| V::new(now_ms))
    }

    /// Removes the spent entries of one sample and, if the table is still full, the sample's least harmful
    /// entry.
    fn make_room(&mut self, now_ms: i64) {
        let mut least: Option<(V::Harm, usize)> = None;
        // Downwards: a removal moves the last entry into the gap, so the entries still to be examined keep
        // their places.
        for _ in 0..SAMPLE.min(self.entries.len()) {
            self.hand = match self.hand.min(self.entries.len()) {
                0 => self.entries.len() - 1,
                hand => hand - 1,
            };
            let Some((_, entry)) = self.entries.get_index(self.hand) else {
                continue;
            };
            if entry.is_spent(now_ms) {
                self.entries.swap_remove_index(self.hand);
                least = None;
                continue;
            }
            let harm = entry.harm();
            if least.as_ref().is_none_or(|(lowest, _)| harm < *lowest) {
                least = Some((harm, self.hand));
            }
        }
        if self.entries.len() >= self.capacity
            && let Some((_, index)) = least
        {
            self.entries.swap_remove_index(index);
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}
