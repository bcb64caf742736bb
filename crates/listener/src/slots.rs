//! One slot per open socket: the cap on connections. A slot knows whether its connection waits for its client
//! or works for it, and since when. When a new client finds every slot taken, the connection that has been
//! waiting longest is evicted. Connections note their changes with an atomic store; only an eviction costs a
//! search.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rocket::tokio::select;
use rocket::tokio::sync::{Notify, watch};
use rocket::tokio::time::sleep;

use super::settings::ServerSettings;

/// How many of the longest waiting connections one search remembers, so that a flood does not cost a search
/// per socket.
const REMEMBERED: usize = 64;

/// A slot's state: one of these phases in the low bits and, above them, when it began, in microseconds since
/// the epoch of [`Slots`]. Phases in which nobody waits have no time.
const FREE: u64 = 0;
const HEAD: u64 = 1;
const IDLE: u64 = 2;
const FLUSHING: u64 = 3;
const BUSY: u64 = 4;
const EVICTED: u64 = 5;
const BODY: u64 = 6;
const STREAM: u64 = 7;
const PHASE_BITS: u32 = 3;

/// Where the server is between its start and its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Requests are served.
    Open,
    /// Nothing new is accepted; running requests may finish.
    Closing,
    /// Everything is dropped.
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

/// A taken slot, free again when dropped.
pub(super) struct Slot {
    slots: Arc<Slots>,
    index: usize,
    blocked_since: AtomicU64,
    committed: AtomicBool,
}

/// What a connection's clock says.
pub(super) enum Verdict {
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

    /// A slot for a new connection. Makes room if need be, and waits while every connection is busy.
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

    /// Evicts the connection that has been waiting for its client longest. If none is waiting, evicts the
    /// oldest event stream, whose client reconnects by itself. `false` when there is neither.
    pub(super) fn make_room(&self) -> bool {
        let mut oldest = lock(&self.oldest);
        for _ in 0..2 {
            // A state that has not changed since the search is still older than all that began later.
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
        // An error would mean that the sender is gone, but `self` owns it.
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
    /// A request's head is complete. `false` when the connection was given up a moment before.
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

    /// The head is there and the body is waited for: the connection can still be evicted.
    pub(super) fn await_body(&self) {
        swap(self.state(), BUSY, self.slots.since_now(BODY));
    }

    /// The body is there. `false` when the connection was given up a moment before.
    pub(super) fn body_arrived(&self) -> bool {
        let state = self.load();
        phase(state) != BODY || swap(self.state(), state, BUSY)
    }

    /// The answer is an endless stream of events: the connection can be evicted.
    pub(super) fn stream(&self) {
        swap(self.state(), BUSY, self.slots.since_now(STREAM));
    }

    /// The answer was given to hyper, which writes it.
    pub(super) fn finish(&self) {
        let state = self.load();
        if state == BUSY || phase(state) == STREAM {
            let phase = if self.blocked_since.load(Ordering::Relaxed) == 0 { IDLE } else { FLUSHING };
            self.state().store(self.slots.since_now(phase), Ordering::Release);
        }
    }

    /// Marks that from here on the request must not be cut short because its client left.
    pub(super) fn commit(&self, committed: bool) {
        self.committed.store(committed, Ordering::Relaxed);
    }

    pub(super) fn is_committed(&self) -> bool {
        self.committed.load(Ordering::Relaxed)
    }

    /// Bytes came in. On an idle connection they begin a head.
    pub(super) fn bytes_arrived(&self) {
        let state = self.load();
        if phase(state) == IDLE {
            swap(self.state(), state, self.slots.since_now(HEAD));
        }
    }

    /// The client reads nothing for now.
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

    /// Whether nothing is owed to the client: no request was read and no answer is on its way.
    pub(super) fn is_waiting(&self) -> bool {
        is_waiting(self.load())
    }

    pub(super) fn stage(&self) -> Stage {
        self.slots.stage()
    }

    pub(super) async fn ended(&self) {
        self.slots.ended().await;
    }

    /// Whether the answer is a stream of events.
    pub(super) fn is_streaming(&self) -> bool {
        phase(self.load()) == STREAM
    }

    /// Whether bytes wait for the client to read them.
    pub(super) fn is_blocked(&self) -> bool {
        self.blocked_since.load(Ordering::Relaxed) != 0
    }

    /// Resolves when the server has come to `stage`, or the connection is evicted.
    pub(super) async fn has_to_leave(&self, stage: Stage) {
        while !self.is_evicted() && self.stage() < stage {
            self.nudged().await;
        }
    }

    /// Resolves when the connection has to check its slot and the server's stage.
    pub(super) async fn nudged(&self) {
        self.slots.nudges[self.index].notified().await;
    }

    pub(super) fn verdict(&self, settings: &ServerSettings) -> Verdict {
        let now = self.slots.now();
        // A time-out that starts after this check cannot end before the next one.
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
                return Verdict::Close;
            }
            wait = wait.min(left);
        }
        Verdict::AskAgainIn(wait.max(Duration::from_millis(1)))
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

/// Order of eviction: waiting connections before event streams, the older before the newer.
fn turn(state: u64) -> (bool, u64) {
    (phase(state) == STREAM, state >> PHASE_BITS)
}

fn is_waiting(state: u64) -> bool {
    matches!(phase(state), HEAD | IDLE)
}

fn swap(state: &AtomicU64, from: u64, to: u64) -> bool {
    state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
}

/// A list of plain numbers cannot be left half changed, so a poisoned lock is ignored.
fn lock<T>(list: &Mutex<Vec<T>>) -> MutexGuard<'_, Vec<T>> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}
