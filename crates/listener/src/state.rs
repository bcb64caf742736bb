//! The state of a slot as one number, so that a connection records a change with one atomic operation.

use std::sync::atomic::{AtomicU64, Ordering};

const PHASE_BITS: u32 = 4;

/// What the connection of a slot does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// The slot has no connection.
    Free,
    /// A head is awaited, or has begun to arrive.
    Head,
    /// The last answer was taken, and nothing has arrived since.
    Idle,
    /// The server works for the client.
    Busy,
    /// Another connection needs the slot or its memory: this one closes.
    Evicted,
    /// The head is complete, and the listener waits for a small body or for the client's turn.
    Held,
    /// A handler, or the draining of what no handler read, waits for bytes of a body.
    Taking,
    /// Bytes of an answer wait until the client reads.
    Flushing,
    /// The answer is an event stream.
    Stream,
}

const PHASES: [Phase; 9] = [
    Phase::Free,
    Phase::Head,
    Phase::Idle,
    Phase::Busy,
    Phase::Evicted,
    Phase::Held,
    Phase::Taking,
    Phase::Flushing,
    Phase::Stream,
];

/// A phase and its start, in microseconds since the epoch of the slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State(u64);

impl State {
    pub(super) fn new(phase: Phase, since: u64) -> State {
        State((since << PHASE_BITS) | phase as u64)
    }

    pub(super) fn phase(self) -> Phase {
        let index = usize::try_from(self.0 & ((1 << PHASE_BITS) - 1)).unwrap_or_default();
        PHASES.get(index).copied().unwrap_or(Phase::Free)
    }

    pub(super) fn since(self) -> u64 {
        self.0 >> PHASE_BITS
    }

    /// Whether the server owes the client nothing: no request was read and no answer is on its way.
    pub(super) fn is_waiting(self) -> bool {
        matches!(self.phase(), Phase::Head | Phase::Idle)
    }
}

/// The state of one slot, which its connection and evictions change.
pub(super) struct StateCell(AtomicU64);

impl StateCell {
    pub(super) fn free() -> StateCell {
        StateCell(AtomicU64::new(State::new(Phase::Free, 0).0))
    }

    pub(super) fn load(&self) -> State {
        State(self.0.load(Ordering::Acquire))
    }

    pub(super) fn store(&self, state: State) {
        self.0.store(state.0, Ordering::Release);
    }

    /// Changes the state if it is still `from`.
    pub(super) fn swap(&self, from: State, to: State) -> bool {
        self.0.compare_exchange(from.0, to.0, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_keeps_its_phase_and_start() {
        for phase in PHASES {
            for since in [0, 1, 1 << 50] {
                let state = State::new(phase, since);
                assert_eq!((state.phase(), state.since()), (phase, since));
            }
        }
    }
}
