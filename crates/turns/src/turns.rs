//! The queue.

use std::collections::{HashMap, VecDeque};

/// A queue with a line for each client. The clients take turns; within a line the oldest entry comes first.
#[derive(Debug)]
pub struct Turns<T> {
    lines: HashMap<u64, VecDeque<T>>,
    /// The clients with a line, the next one first.
    order: VecDeque<u64>,
    len: usize,
}

impl<T> Default for Turns<T> {
    fn default() -> Self {
        Self { lines: HashMap::new(), order: VecDeque::new(), len: 0 }
    }
}

impl<T> Turns<T> {
    /// The entries of all clients.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The entries of `client`.
    #[must_use]
    pub fn len_of(&self, client: u64) -> usize {
        self.lines.get(&client).map_or(0, VecDeque::len)
    }

    /// Adds an entry at the end of the client's line. A client without a line comes after all others.
    pub fn push(&mut self, client: u64, entry: T) {
        let line = self.lines.entry(client).or_default();
        if line.is_empty() {
            self.order.push_back(client);
        }
        line.push_back(entry);
        self.len += 1;
    }

    /// Takes the oldest entry of the client whose turn it is. Its next turn comes after all others'.
    pub fn pop(&mut self) -> Option<T> {
        self.pop_of(|_| true)
    }

    /// As [`pop`](Self::pop), of the clients for which `may` is true. The others keep their turns.
    pub fn pop_of(&mut self, may: impl Fn(u64) -> bool) -> Option<T> {
        let turn = self.order.iter().position(|client| may(*client))?;
        let client = self.order.remove(turn)?;
        let line = self.lines.get_mut(&client)?;
        let entry = line.pop_front()?;
        self.len -= 1;
        if line.is_empty() {
            self.lines.remove(&client);
        } else {
            self.order.push_back(client);
        }
        Some(entry)
    }

    /// Takes the newest entry of the longest line, if that line has more than `than` entries.
    pub fn pop_longest(&mut self, than: usize) -> Option<T> {
        let (&client, line) = self.lines.iter_mut().max_by_key(|(_, line)| line.len())?;
        if line.len() <= than {
            return None;
        }
        let entry = line.pop_back()?;
        self.len -= 1;
        if line.is_empty() {
            self.remove_line(client);
        }
        Some(entry)
    }

    /// Keeps the entries of `client` for which `stays` is true.
    pub fn retain_of(&mut self, client: u64, stays: impl FnMut(&T) -> bool) {
        let Some(line) = self.lines.get_mut(&client) else { return };
        let before = line.len();
        line.retain(stays);
        self.len -= before - line.len();
        if line.is_empty() {
            self.remove_line(client);
        }
    }

    /// Keeps the entries for which `stays` is true.
    pub fn retain(&mut self, mut stays: impl FnMut(&T) -> bool) {
        for line in self.lines.values_mut() {
            line.retain(&mut stays);
        }
        self.lines.retain(|_, line| !line.is_empty());
        self.order.retain(|client| self.lines.contains_key(client));
        self.len = self.lines.values().map(VecDeque::len).sum();
    }

    fn remove_line(&mut self, client: u64) {
        self.lines.remove(&client);
        self.order.retain(|other| *other != client);
    }
}
