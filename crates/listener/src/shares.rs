//! What each client holds of the listener's slots and buffers. No client gets more than a share, so that one
//! cannot keep the others out.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::client_net::ClientNet;

/// One client's part of the buffers is the whole divided by this number.
const PARTS: u64 = 4;

/// The most requests of one client, and of a fourth of all, that wait for bytes. Each has been read.
const WAITING: usize = 256;

/// A client that holds less than the whole divided by this number may use the reserve beyond the whole.
const SMALL: u64 = 64;

/// The most that is held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Slots of one client.
    pub(super) slots_each: usize,
    /// Bytes of all buffers.
    pub(super) bytes: u64,
}

/// Whose buffers must be given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Excess {
    Nobodys,
    /// The client has more than its share.
    TheClients,
    /// All together have more than there is; this client has the most.
    Of(ClientNet),
}

pub(super) struct Shares {
    bounds: Bounds,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    bytes: u64,
    waiting: usize,
    by_client: HashMap<ClientNet, Holding>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Holding {
    slots: usize,
    bytes: u64,
    waiting: usize,
}

/// A request that waits for bytes.
pub(super) struct Waiting<'a> {
    shares: &'a Shares,
    net: ClientNet,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut held = self.shares.lock();
        held.waiting = held.waiting.saturating_sub(1);
        held.change(self.net, |holding| holding.waiting = holding.waiting.saturating_sub(1));
    }
}

impl Shares {
    pub(super) fn new(bounds: Bounds) -> Shares {
        Shares { bounds, held: Mutex::default() }
    }

    /// Counts another slot of `net`. Returns whether it is within the share.
    pub(super) fn take_slot(&self, net: ClientNet) -> bool {
        let mut held = self.lock();
        let holding = held.by_client.entry(net).or_default();
        holding.slots += 1;
        holding.slots <= self.bounds.slots_each
    }

    pub(super) fn give_slot(&self, net: ClientNet) {
        self.lock().change(net, |holding| holding.slots = holding.slots.saturating_sub(1));
    }

    /// Takes `bytes` if `net` and all together then have no more than they may. A quarter beyond the whole is
    /// kept for clients that hold little, so that a few greedy clients cannot keep them waiting.
    pub(super) fn try_bytes(&self, net: ClientNet, bytes: u64) -> bool {
        let mut held = self.lock();
        let mine = held.by_client.get(&net).map_or(0, |holding| holding.bytes);
        let whole = self.bounds.bytes;
        let limit = if mine < whole / SMALL { whole + whole / 4 } else { whole };
        let fits = mine + bytes <= (whole / PARTS).max(bytes) && held.bytes + bytes <= limit;
        if fits {
            held.add_bytes(net, bytes);
        }
        fits
    }

    /// Lets a request of `net` wait for bytes; `None` if too many do.
    pub(super) fn wait(&self, net: ClientNet) -> Option<Waiting<'_>> {
        let mut held = self.lock();
        if held.waiting >= WAITING * 4 {
            return None;
        }
        let holding = held.by_client.entry(net).or_default();
        if holding.waiting >= WAITING {
            return None;
        }
        holding.waiting += 1;
        held.waiting += 1;
        Some(Waiting { shares: self, net })
    }

    /// Takes `bytes` in any case.
    pub(super) fn take_bytes(&self, net: ClientNet, bytes: u64) -> Excess {
        let mut held = self.lock();
        held.add_bytes(net, bytes);
        if held.by_client.get(&net).is_some_and(|holding| holding.bytes > self.bounds.bytes / PARTS) {
            return Excess::TheClients;
        }
        if held.bytes <= self.bounds.bytes {
            return Excess::Nobodys;
        }
        drop(held);
        self.greediest().map_or(Excess::Nobodys, Excess::Of)
    }

    pub(super) fn give_bytes(&self, net: ClientNet, bytes: u64) {
        let mut held = self.lock();
        held.bytes = held.bytes.saturating_sub(bytes);
        held.change(net, |holding| holding.bytes = holding.bytes.saturating_sub(bytes));
    }

    /// Whether `net` has its share of the buffers.
    pub(super) fn is_full(&self, net: ClientNet, bytes: u64) -> bool {
        let held = self.lock();
        held.by_client.get(&net).is_some_and(|holding| holding.bytes + bytes > self.bounds.bytes / PARTS)
    }

    /// The client that holds the most bytes.
    pub(super) fn greediest(&self) -> Option<ClientNet> {
        let held = self.lock();
        held.by_client.iter().max_by_key(|(_, holding)| holding.bytes).map(|(net, _)| *net)
    }

    /// A panic cannot leave the numbers half changed, so a poisoned lock is ignored.
    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn add_bytes(&mut self, net: ClientNet, bytes: u64) {
        self.bytes += bytes;
        self.by_client.entry(net).or_default().bytes += bytes;
    }

    /// Changes what `net` holds, and forgets a client that holds nothing.
    fn change(&mut self, net: ClientNet, change: impl FnOnce(&mut Holding)) {
        if let Some(holding) = self.by_client.get_mut(&net) {
            change(holding);
            if *holding == Holding::default() {
                self.by_client.remove(&net);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { slots_each: 2, bytes: 6_400 };

    fn net(number: u64) -> ClientNet {
        ClientNet::from_number(number)
    }

    #[test]
    fn a_client_has_a_share_of_the_slots() {
        let shares = Shares::new(BOUNDS);
        assert!(shares.take_slot(net(1)) && shares.take_slot(net(1)));
        assert!(!shares.take_slot(net(1)) && shares.take_slot(net(2)));
        shares.give_slot(net(1));
        shares.give_slot(net(1));
        assert!(shares.take_slot(net(1)));
    }

    #[test]
    fn a_client_has_a_share_of_the_bytes_and_a_small_one_the_reserve() {
        let shares = Shares::new(BOUNDS);
        for greedy in 1..=4 {
            assert!(shares.try_bytes(net(greedy), 1_600));
            assert!(!shares.try_bytes(net(greedy), 1));
            assert!(shares.is_full(net(greedy), 1));
        }
        assert!(shares.try_bytes(net(5), 1_600), "the reserve is not for small clients");
        assert!(!shares.try_bytes(net(6), 1), "the reserve has no end");
        assert_eq!(shares.take_bytes(net(6), 10), Excess::Of(shares.greediest().unwrap()));
        assert_eq!(shares.take_bytes(net(1), 10), Excess::TheClients);
        shares.give_bytes(net(1), 1_610);
        assert_eq!(shares.take_bytes(net(1), 10), Excess::Of(shares.greediest().unwrap()));
    }

    #[test]
    fn requests_that_wait_are_counted() {
        let shares = Shares::new(BOUNDS);
        let mut waiting = Vec::new();
        for client in 1..=4 {
            waiting.extend((0..WAITING).map(|_| shares.wait(net(client)).unwrap()));
            assert!(shares.wait(net(client)).is_none());
        }
        assert!(shares.wait(net(5)).is_none(), "there is no end to it");
        waiting.clear();
        assert!(shares.lock().by_client.is_empty() && shares.lock().waiting == 0);
    }

    #[test]
    fn who_holds_nothing_is_forgotten() {
        let shares = Shares::new(BOUNDS);
        shares.take_slot(net(1));
        shares.take_bytes(net(1), 7);
        shares.give_slot(net(1));
        shares.give_bytes(net(1), 7);
        assert!(shares.lock().by_client.is_empty() && shares.lock().bytes == 0);
    }

    #[test]
    fn one_request_beyond_the_share_is_served_alone() {
        let shares = Shares::new(Bounds { slots_each: 1, bytes: 400 });
        assert!(shares.try_bytes(net(1), 300));
        assert!(!shares.try_bytes(net(1), 300));
    }
}
