//! One slot per open socket: the cap on connections. A slot knows whether its connection waits for its client
//! or works for it, and since when. When a new client finds every slot taken, the connection that has waited
//! longest is evicted. A connection records a change of its state with one atomic store; only an eviction
//! needs a search.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rocket::tokio::select;
use rocket::tokio::sync::{Notify, watch};
use rocket::tokio::time::sleep;

use super::settings::ServerSettings;

/// How many of the longest waiting connections one search remembers, so that a flood of clients does not cost
/// a search for each socket.
const REMEMBERED: usize = 64;

/// A slot's state is one of these phases in the low bits and, above them, the phase's start in microseconds
/// since the epoch of [`Slots`]. `FREE`, `BUSY` and `EVICTED` have no start.
const FREE: u64 = 0;
const HEAD: u64 = 1;
const IDLE: u64 = 2;
const FLUSHING: u64 = 3;
const BUSY: u64 = 4;
const EVICTED: u64 = 5;
const BODY: u64 = 6;
const STREAM: u64 = 7;
const PHASE_BITS: u32 = 3;

/// The server's progress from serving to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Requests are served.
    Open,
    /// No new connections are accepted; running requests may finish.
    Closing,
    /// Every request and connection is dropped.
    Ended,
}

pub(super) struct Slots {
    states: Box<[AtomicU64]>,
    nudges: Box<[Notify]>,
    free: Mutex<Vec<usize>>,
    oldest: Mutex<Vec<(u64, usize)>>,
    freed: Notify,
    epoch: Instant,
    stage: watch::Sender<Stage>,
}

/// A taken slot. Dropping it frees the slot.
pub(super) struct Slot {
    slots: Arc<Slots>,
    index: usize,
    blocked_since: AtomicU64,
    committed: AtomicBool,
}

/// What a connection's clock says.
pub(super) enum TimeoutCheck {
    Close,
    AskAgainIn(Duration),
}

impl Slots {
    pub(super) fn new(count: usize) -> Arc<Slots> {
        Arc::new(Slots {
            states: (0..count).map(|_| AtomicU64::new(FREE)).collect(),
            nudges: (0..count).map(|_| Notify::new()).collect(),
            free: Mutex::new((0..count).rev().collect()),
            oldest: Mutex::new(Vec::new()),
            freed: Notify::new(),
            epoch: Instant::now(),
            stage: watch::Sender::new(Stage::Open),
        })
    }

    /// Takes a slot for a new connection. Evicts another connection if none is free, and waits while every
    /// connection is busy.
    pub(super) async fn take(self: &Arc<Self>) -> Slot {
        loop {
            let free = lock(&self.free).pop();
            if let Some(index) = free {
                self.states[index].store(self.since_now(HEAD), Ordering::Release);
                return Slot {
                    slots: Arc::clone(self),
                    index,
                    blocked_since: AtomicU64::new(0),
                    committed: AtomicBool::new(false),
                };
            }
            self.make_room();
            select! {
                () = self.freed.notified() => {}
                () = sleep(Duration::from_millis(20)) => {}
            }
        }
    }

    /// Evicts the connection that has waited for its client longest. If none is waiting, evicts the oldest
    /// event stream, whose client reconnects by itself. Returns `false` when there is neither.
    pub(super) fn make_room(&self) -> bool {
        let mut oldest = lock(&self.oldest);
        for _ in 0..2 {
            // A state that has not changed since the search is still older than every state that began later.
            while let Some((state, index)) = oldest.pop() {
                if swap(&self.states[index], state, EVICTED) {
                    self.nudges[index].notify_one();
                    return true;
                }
            }
            let states =
                self.states.iter().enumerate().map(|(index, state)| (state.load(Ordering::Relaxed), index));
            oldest.extend(
                states.filter(|(state, _)| is_waiting(*state) || matches!(phase(*state), BODY | STREAM)),
            );
            if oldest.len() > REMEMBERED {
                oldest.select_nth_unstable_by_key(REMEMBERED, |(state, _)| turn(*state));
                oldest.truncate(REMEMBERED);
            }
            oldest.sort_unstable_by_key(|(state, _)| std::cmp::Reverse(turn(*state)));
        }
        false
    }

    pub(super) fn enter(&self, stage: Stage) {
        self.stage.send_replace(stage);
        self.nudges.iter().for_each(Notify::notify_one);
    }

    pub(super) fn stage(&self) -> Stage {
        *self.stage.borrow()
    }

    pub(super) async fn ended(&self) {
        // Fails only if the sender is gone, but `self` owns it.
        let _ = self.stage.subscribe().wait_for(|stage| *stage == Stage::Ended).await;
    }

    fn now(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn since_now(&self, phase: u64) -> u64 {
        (self.now() << PHASE_BITS) | phase
    }
}

impl Slot {
    /// Records that a request's head is complete. Returns `false` when the connection has just been evicted.
    pub(super) fn begin(&self) -> bool {
        let mut state = self.load();
        while is_waiting(state) {
            if swap(self.state(), state, BUSY) {
                return true;
            }
            state = self.load();
        }
        if state != EVICTED {
            self.state().store(BUSY, Ordering::Release);
        }
        state != EVICTED
    }

    /// Records that the head is complete and the body is awaited. The connection can still be evicted.
    pub(super) fn await_body(&self) {
        swap(self.state(), BUSY, self.slots.since_now(BODY));
    }

    /// Records that the body is complete. Returns `false` when the connection has just been evicted.
    pub(super) fn body_arrived(&self) -> bool {
        let state = self.load();
        phase(state) != BODY || swap(self.state(), state, BUSY)
    }

    /// Records that the answer is an endless event stream. The connection can be evicted.
    pub(super) fn stream(&self) {
        swap(self.state(), BUSY, self.slots.since_now(STREAM));
    }

    /// Records that hyper has the whole answer and writes it.
    pub(super) fn finish(&self) {
        let state = self.load();
        if state == BUSY || phase(state) == STREAM {
            let phase = if self.blocked_since.load(Ordering::Relaxed) == 0 { IDLE } else { FLUSHING };
            self.state().store(self.slots.since_now(phase), Ordering::Release);
        }
    }

    /// While `committed` is set, the request must not be cancelled when its client leaves.
    pub(super) fn commit(&self, committed: bool) {
        self.committed.store(committed, Ordering::Relaxed);
    }

    pub(super) fn is_committed(&self) -> bool {
        self.committed.load(Ordering::Relaxed)
    }

    /// Records that bytes arrived. On an idle connection they begin a head.
    pub(super) fn bytes_arrived(&self) {
        let state = self.load();
        if phase(state) == IDLE {
            swap(self.state(), state, self.slots.since_now(HEAD));
        }
    }

    /// Records that writing blocks because the client reads nothing.
    pub(super) fn write_blocked(&self) {
        if self.blocked_since.load(Ordering::Relaxed) == 0 {
            self.blocked_since.store(self.slots.now().max(1), Ordering::Relaxed);
            let state = self.load();
            if phase(state) == IDLE {
                swap(self.state(), state, FLUSHING);
            }
        }
    }

    pub(super) fn bytes_left(&self) {
        if self.blocked_since.load(Ordering::Relaxed) != 0 {
            self.blocked_since.store(0, Ordering::Relaxed);
            if phase(self.load()) == FLUSHING {
                self.state().store(self.slots.since_now(IDLE), Ordering::Release);
            }
        }
    }

    pub(super) fn is_evicted(&self) -> bool {
        self.load() == EVICTED
    }

    /// Whether the server owes the client nothing: no request was read and no answer is on its way.
    pub(super) fn is_waiting(&self) -> bool {
        is_waiting(self.load())
    }

    pub(super) fn stage(&self) -> Stage {
        self.slots.stage()
    }

    pub(super) async fn ended(&self) {
        self.slots.ended().await;
    }

    /// Whether the answer is an event stream.
    pub(super) fn is_streaming(&self) -> bool {
        phase(self.load()) == STREAM
    }

    /// Whether written bytes wait for the client to read them.
    pub(super) fn is_blocked(&self) -> bool {
        self.blocked_since.load(Ordering::Relaxed) != 0
    }

    /// Resolves when the server has reached `stage`, or the connection is evicted.
    pub(super) async fn has_to_leave(&self, stage: Stage) {
        while !self.is_evicted() && self.stage() < stage {
            self.nudged().await;
        }
    }

    /// Resolves when the connection must check its slot and the server's stage.
    pub(super) async fn nudged(&self) {
        self.slots.nudges[self.index].notified().await;
    }

    pub(super) fn verdict(&self, settings: &ServerSettings) -> TimeoutCheck {
        let now = self.slots.now();
        // The next check must come before a time-out that starts after this one can end.
        let mut wait = settings.header_timeout.min(settings.keep_alive).min(settings.write_timeout);
        let state = self.load();
        let blocked = self.blocked_since.load(Ordering::Relaxed);
        let running = [
            (phase(state) == HEAD).then_some((state >> PHASE_BITS, settings.header_timeout)),
            (phase(state) == IDLE).then_some((state >> PHASE_BITS, settings.keep_alive)),
            (blocked != 0).then_some((blocked, settings.write_timeout)),
        ];
        for (since, limit) in running.into_iter().flatten() {
            let left = limit.saturating_sub(Duration::from_micros(now.saturating_sub(since)));
            if left.is_zero() {
                return TimeoutCheck::Close;
            }
            wait = wait.min(left);
        }
        TimeoutCheck::AskAgainIn(wait.max(Duration::from_millis(1)))
    }

    fn state(&self) -> &AtomicU64 {
        &self.slots.states[self.index]
    }

    fn load(&self) -> u64 {
        self.state().load(Ordering::Acquire)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.state().store(FREE, Ordering::Release);
        lock(&self.slots.free).push(self.index);
        self.slots.freed.notify_one();
    }
}

fn phase(state: u64) -> u64 {
    state & ((1 << PHASE_BITS) - 1)
}

/// The order of eviction: waiting connections before event streams, older before newer.
fn turn(state: u64) -> (bool, u64) {
    (phase(state) == STREAM, state >> PHASE_BITS)
}

fn is_waiting(state: u64) -> bool {
    matches!(phase(state), HEAD | IDLE)
}

fn swap(state: &AtomicU64, from: u64, to: u64) -> bool {
    state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
}

/// A panic cannot leave a list of plain numbers half changed, so a poisoned lock is ignored.
fn lock<T>(list: &Mutex<Vec<T>>) -> MutexGuard<'_, Vec<T>> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}
