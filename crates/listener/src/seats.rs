//! One seat per open socket. A seat knows whether its connection waits for the client or works for it, since
//! when, and who has to go when a new client finds every seat taken: the one that has been waiting longest.
//! Connections note their changes with an atomic store; only a full house costs a search.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rocket::tokio::select;
use rocket::tokio::sync::{Notify, watch};
use rocket::tokio::time::sleep;

use super::ServerSettings;

/// How many of the longest waiting one search remembers, so that a flood does not pay for a search per
/// socket.
const REMEMBERED: usize = 64;

/// A seat's state is one of these in the low bits and, where it matters, the microseconds of its start above
/// them.
const FREE: u64 = 0;
const HEAD: u64 = 1;
const IDLE: u64 = 2;
const FLUSHING: u64 = 3;
const BUSY: u64 = 4;
const EVICTED: u64 = 5;
const BODY: u64 = 6;
const STREAM: u64 = 7;
const PHASE_BITS: u32 = 3;

/// How far the server's life has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Requests are served.
    Open,
    /// What runs may finish.
    Closing,
    /// Nothing may go on.
    Ended,
}

pub(super) struct Seats {
    states: Box<[AtomicU64]>,
    nudges: Box<[Notify]>,
    free: Mutex<Vec<usize>>,
    oldest: Mutex<Vec<(u64, usize)>>,
    freed: Notify,
    epoch: Instant,
    stage: watch::Sender<Stage>,
}

/// A taken seat, free again when dropped.
pub(super) struct Seat {
    seats: Arc<Seats>,
    index: usize,
    blocked_since: AtomicU64,
    committed: AtomicBool,
}

/// What a connection's clock says.
pub(super) enum Verdict {
    Close,
    AskAgainIn(Duration),
}

impl Seats {
    pub(super) fn new(count: usize) -> Arc<Seats> {
        Arc::new(Seats {
            states: (0..count).map(|_| AtomicU64::new(FREE)).collect(),
            nudges: (0..count).map(|_| Notify::new()).collect(),
            free: Mutex::new((0..count).rev().collect()),
            oldest: Mutex::new(Vec::new()),
            freed: Notify::new(),
            epoch: Instant::now(),
            stage: watch::Sender::new(Stage::Open),
        })
    }

    /// A seat for a new connection. Makes room if need be, and waits while every connection is busy.
    pub(super) async fn take(self: &Arc<Self>) -> Seat {
        loop {
            let free = lock(&self.free).pop();
            if let Some(index) = free {
                self.states[index].store(self.since_now(HEAD), Ordering::Release);
                return Seat {
                    seats: Arc::clone(self),
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

    /// Closes the connection that has been waiting for its client longest, and where none is, the oldest event stream:
    /// its client comes back by itself. `false` when there is neither.
    pub(super) fn make_room(&self) -> bool {
        let mut oldest = lock(&self.oldest);
        for _ in 0..2 {
            // Whoever still is as it was remembered is still older than everyone who began to wait later.
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

impl Seat {
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

    /// The head is there and the body is waited for: the client can still be made to give way.
    pub(super) fn await_body(&self) {
        swap(self.state(), BUSY, self.seats.since_now(BODY));
    }

    /// The body is there. `false` when the connection was given up a moment before.
    pub(super) fn body_arrived(&self) -> bool {
        let state = self.load();
        phase(state) != BODY || swap(self.state(), state, BUSY)
    }

    /// The answer is a stream of events without an end: it can be made to give way.
    pub(super) fn stream(&self) {
        swap(self.state(), BUSY, self.seats.since_now(STREAM));
    }

    /// The answer was handed over to be written.
    pub(super) fn finish(&self) {
        let state = self.load();
        if state == BUSY || phase(state) == STREAM {
            let phase = if self.blocked_since.load(Ordering::Relaxed) == 0 { IDLE } else { FLUSHING };
            self.state().store(self.seats.since_now(phase), Ordering::Release);
        }
    }

    /// Marks that from here on the request must not be cut short because its client left.
    pub(super) fn commit(&self, committed: bool) {
        self.committed.store(committed, Ordering::Relaxed);
    }

    pub(super) fn is_committed(&self) -> bool {
        self.committed.load(Ordering::Relaxed)
    }

    /// Bytes came in; after a rest they are the start of a head.
    pub(super) fn bytes_arrived(&self) {
        let state = self.load();
        if phase(state) == IDLE {
            swap(self.state(), state, self.seats.since_now(HEAD));
        }
    }

    /// The client takes in no more for now.
    pub(super) fn write_blocked(&self) {
        if self.blocked_since.load(Ordering::Relaxed) == 0 {
            self.blocked_since.store(self.seats.now().max(1), Ordering::Relaxed);
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
                self.state().store(self.seats.since_now(IDLE), Ordering::Release);
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
        self.seats.stage()
    }

    pub(super) async fn ended(&self) {
        self.seats.ended().await;
    }

    /// Whether the answer is a stream of events.
    pub(super) fn is_streaming(&self) -> bool {
        phase(self.load()) == STREAM
    }

    /// Whether bytes wait for the client to take them in.
    pub(super) fn is_blocked(&self) -> bool {
        self.blocked_since.load(Ordering::Relaxed) != 0
    }

    /// Resolves when the server has come to `stage`, or the place is needed for somebody else.
    pub(super) async fn has_to_leave(&self, stage: Stage) {
        while !self.is_evicted() && self.stage() < stage {
            self.nudged().await;
        }
    }

    /// Resolves when the connection has to look at its seat or at the server's stage.
    pub(super) async fn nudged(&self) {
        self.seats.nudges[self.index].notified().await;
    }

    pub(super) fn verdict(&self, settings: &ServerSettings) -> Verdict {
        let now = self.seats.now();
        // No time-out that starts after this look may end before the next one.
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
        &self.seats.states[self.index]
    }

    fn load(&self) -> u64 {
        self.state().load(Ordering::Acquire)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.state().store(FREE, Ordering::Release);
        lock(&self.seats.free).push(self.index);
        self.seats.freed.notify_one();
    }
}

fn phase(state: u64) -> u64 {
    state & ((1 << PHASE_BITS) - 1)
}

/// Who goes first when somebody has to.
fn turn(state: u64) -> (bool, u64) {
    (phase(state) == STREAM, state >> PHASE_BITS)
}

fn is_waiting(state: u64) -> bool {
    matches!(phase(state), HEAD | IDLE)
}

fn swap(state: &AtomicU64, from: u64, to: u64) -> bool {
    state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
}

/// A list of plain numbers cannot be left half changed, so a poisoned lock is as good as any.
fn lock<T>(list: &Mutex<Vec<T>>) -> MutexGuard<'_, Vec<T>> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}
