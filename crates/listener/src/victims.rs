//! Which connection closes when another needs its slot or its memory. Only a connection that waits for its
//! client can be a victim; one that works for its client never is.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::client_net::ClientNet;
use super::state::{Phase, State};

/// How many victims one search remembers, so that a flood of clients does not cost a search for each socket.
const REMEMBERED: usize = 64;

/// A connection that has waited for less, in microseconds, closes only after the event streams: otherwise a
/// flood of streams would close every connection that has just been accepted.
const FRESH: u64 = 1_000_000;

/// What another connection needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// A slot, because all are taken.
    Slot,
    /// A slot of this client, because it has its share.
    SlotOf(ClientNet),
    /// Memory, because all buffers are full.
    Buffers,
    /// Memory of this client, because it has its share.
    BuffersOf(ClientNet),
}

/// A taken slot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken {
    pub(super) index: usize,
    pub(super) state: State,
    pub(super) net: ClientNet,
}

/// The next victims, the last of the list first. Clients with many connections lose theirs before clients
/// with few; of one client's, the connection that has waited longest goes first. `now` is in the unit of the
/// states.
pub(super) fn find(need: Need, now: u64, taken: impl Iterator<Item = Taken>) -> Vec<Taken> {
    let mut counts: HashMap<ClientNet, u32> = HashMap::new();
    let mut found: Vec<Taken> = taken
        .inspect(|slot| {
            if matches!(need, Need::Slot | Need::Buffers) {
                *counts.entry(slot.net).or_default() += 1;
            }
        })
        .filter(|slot| fits(need, slot))
        .collect();
    // Classes of powers of two: a browser with six connections is not worse than one with five.
    let class = |net: ClientNet| counts.get(&net).map_or(0, |count| count.ilog2());
    let turn = |slot: &Taken| (Reverse(class(slot.net)), group(slot.state, now), slot.state.since());
    if found.len() > REMEMBERED {
        found.select_nth_unstable_by_key(REMEMBERED, turn);
        found.truncate(REMEMBERED);
    }
    found.sort_unstable_by_key(|slot| Reverse(turn(slot)));
    // The others are for another search: by then another client may have the most.
    let most = found.last().map(|slot| class(slot.net));
    found.retain(|slot| Some(class(slot.net)) == most);
    found
}

fn fits(need: Need, slot: &Taken) -> bool {
    let waits = match slot.state.phase() {
        Phase::Free | Phase::Busy | Phase::Evicted => false,
        Phase::Head | Phase::Held | Phase::Taking | Phase::Flushing => true,
        // These hold no buffer.
        Phase::Idle | Phase::Stream => matches!(need, Need::Slot | Need::SlotOf(_)),
    };
    let of_client = match need {
        Need::SlotOf(net) | Need::BuffersOf(net) => net == slot.net,
        Need::Slot | Need::Buffers => true,
    };
    waits && of_client
}

fn group(state: State, now: u64) -> u8 {
    match state.phase() {
        Phase::Idle => 0,
        Phase::Stream => 1,
        _ if now.saturating_sub(state.since()) >= FRESH => 0,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 60_000_000;

    /// The order in which slots of `(client, phase, seconds of waiting)` close.
    fn order(need: Need, slots: &[(u64, Phase, u64)]) -> Vec<usize> {
        let taken = slots.iter().enumerate().map(|(index, (net, phase, waited))| Taken {
            index,
            state: State::new(*phase, NOW - waited * 1_000_000),
            net: ClientNet::from_number(*net),
        });
        find(need, NOW, taken).iter().rev().map(|slot| slot.index).collect()
    }

    #[test]
    fn what_waits_closes_longest_first_and_what_works_never() {
        let slots = [
            (1, Phase::Idle, 3),
            (2, Phase::Flushing, 9),
            (3, Phase::Busy, 50),
            (4, Phase::Taking, 5),
            (5, Phase::Head, 7),
            (6, Phase::Held, 8),
            (7, Phase::Evicted, 50),
        ];
        assert_eq!(order(Need::Slot, &slots), [1, 5, 4, 3, 0]);
        assert_eq!(order(Need::Buffers, &slots), [1, 5, 4, 3]);
        assert_eq!(order(Need::SlotOf(ClientNet::from_number(4)), &slots), [3]);
        assert!(order(Need::BuffersOf(ClientNet::from_number(1)), &slots).is_empty());
    }

    #[test]
    fn the_client_with_the_most_connections_loses_first() {
        let mut slots = vec![(1, Phase::Idle, 50), (2, Phase::Flushing, 40)];
        slots.extend([(9, Phase::Taking, 1); 8]);
        let mut first = order(Need::Slot, &slots);
        first.sort_unstable();
        assert_eq!(first, [2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(order(Need::Slot, &slots[..2]), [0, 1]);
    }

    #[test]
    fn streams_close_after_what_waits_and_before_what_has_just_come() {
        let slots = [
            (1, Phase::Stream, 20),
            (2, Phase::Stream, 30),
            (3, Phase::Head, 0),
            (4, Phase::Idle, 0),
            (5, Phase::Flushing, 2),
        ];
        assert_eq!(order(Need::Slot, &slots), [4, 3, 1, 0, 2]);
    }
}
