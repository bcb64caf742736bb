//! The slot of one connection. It knows whether the connection waits for its client or works for it, and
//! since when, and closes it when the client is too slow.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use requests::{BodySize, Heads};

use super::buffers::Charge;
use super::client_net::ClientNet;
use super::settings::ServerSettings;
use super::slots::{Place, Slots, Stage};
use super::state::{Phase, State};

/// How long a request waits for memory before it is refused.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a connection that waits for a request stays open when the server stops: the request may be on its
/// way, and nobody can tell whether one that meets a closed connection was heard.
const LAST_REQUEST: Duration = Duration::from_millis(300);

/// What a head that arrives in pieces is charged at least, in bytes: hyper's buffers.
const HEAD: u64 = 16 * 1024;

/// A taken slot. Dropping it frees the slot.
pub(super) struct Slot {
    slots: Arc<Slots>,
    index: usize,
    net: ClientNet,
    /// Whether the peer is a client, which has its share, and not a proxy.
    shared: bool,
    /// Whether the slot counts to its client's share. Those of event streams do not.
    counted: AtomicBool,
    /// Whether the connection ends with the present answer.
    last: AtomicBool,
    committed: AtomicBool,
    /// Whether hyper has the whole answer.
    answered: AtomicBool,
    /// When writing began to block, in microseconds; 0 while it does not.
    blocked_since: AtomicU64,
    /// How long writing blocked during this answer, in microseconds, up to `blocked_since`.
    blocked: AtomicU64,
    /// Bytes of this answer that the client, or its side's buffers, took.
    written: AtomicU64,
    incoming: Mutex<Arriving>,
}

/// What is known of the bytes that arrive.
struct Arriving {
    heads: Heads,
    /// Bytes of the present head.
    head: u64,
    charge: Option<Charge>,
}

/// What a connection's clock says.
pub(super) enum TimeoutCheck {
    Close,
    AskAgainIn(Duration),
}

impl Slot {
    /// A slot for a new connection of `net`. Evicts another connection if none is free, and waits while every
    /// connection is busy. `shared` says that a client may only have its share; `None` means that it has it,
    /// and that all of its connections are busy.
    pub(super) async fn take(slots: &Arc<Slots>, net: ClientNet, shared: bool) -> Option<Slot> {
        if shared && !slots.count(net) {
            return None;
        }
        let index = slots.take(net).await;
        Some(Slot {
            slots: Arc::clone(slots),
            index,
            net,
            shared,
            last: AtomicBool::new(false),
            counted: AtomicBool::new(shared),
            committed: AtomicBool::new(false),
            answered: AtomicBool::new(true),
            blocked_since: AtomicU64::new(0),
            blocked: AtomicU64::new(0),
            written: AtomicU64::new(0),
            incoming: Mutex::new(Arriving { heads: Heads::new(), head: 0, charge: None }),
        })
    }

    /// Records that a request's head is complete, and what follows it. Returns whether the head was sound;
    /// `None` when the connection has just been evicted.
    pub(super) fn begin(&self, body: BodySize) -> Option<bool> {
        let sound = {
            let mut arriving = self.arriving();
            (arriving.head, arriving.charge) = (0, None);
            arriving.heads.follow(body)
        };
        self.answered.store(false, Ordering::Relaxed);
        self.blocked.store(0, Ordering::Relaxed);
        self.written.store(0, Ordering::Relaxed);
        self.change(|_| Some(State::new(Phase::Busy, 0))).then_some(sound)
    }

    /// Takes memory for a request of `net`: `bytes` or, when there is none for too long, `None`.
    pub(super) async fn admit(&self, net: ClientNet, bytes: u64) -> Option<Charge> {
        self.place().belongs_to(net);
        let admitted = self.slots.admit(net, bytes, PATIENCE).await;
        admitted.then(|| Charge::counted(Arc::clone(&self.slots), net, bytes))
    }

    /// Takes memory for the refusal of a request of `net`.
    pub(super) fn charge(&self, net: ClientNet, bytes: u64) -> Charge {
        let mut charge = Charge::counted(Arc::clone(&self.slots), net, 0);
        charge.set(bytes);
        charge
    }

    /// Records that the head is complete and a small body is awaited. The connection can still be evicted.
    pub(super) fn await_body(&self) {
        self.hold();
    }

    /// Records that the body is complete. Returns `false` when the connection has just been evicted.
    pub(super) fn body_arrived(&self) -> bool {
        self.release()
    }

    /// Records that the request is complete and waits for others of its client. The connection can still be
    /// evicted.
    pub(super) fn await_turn(&self) {
        self.hold();
    }

    /// Records that the request goes ahead. Returns `false` when the connection has just been evicted.
    pub(super) fn turn_came(&self) -> bool {
        self.release()
    }

    /// Records that somebody waits for bytes of a body that the client has not sent.
    pub(super) fn bytes_awaited(&self) {
        self.change_if(Phase::Busy, || self.slots.since_now(Phase::Taking));
    }

    /// Records that bytes of the body came.
    pub(super) fn bytes_taken(&self) {
        self.change_if(Phase::Taking, || State::new(Phase::Busy, 0));
    }

    /// Records that the answer is an endless event stream. The connection can be evicted, and counts no more
    /// to its client's share: an idle stream costs little.
    pub(super) fn stream(&self) {
        self.change(|phase| match phase {
            Phase::Busy | Phase::Taking | Phase::Flushing => Some(self.slots.since_now(Phase::Stream)),
            _ => None,
        });
        self.discount();
    }

    /// Records that hyper has the whole answer and writes it.
    pub(super) fn finish(&self) {
        self.answered.store(true, Ordering::Relaxed);
        self.change(|phase| match phase {
            Phase::Busy | Phase::Taking | Phase::Stream if self.is_blocked() => Some(self.flushing()),
            Phase::Busy | Phase::Taking | Phase::Stream => Some(self.slots.since_now(Phase::Idle)),
            _ => None,
        });
    }

    /// Records that the rest of a body is read although its answer is complete. The body's pace limits that,
    /// not the time that an idle connection has.
    pub(super) fn linger(&self) {
        self.change_if(Phase::Idle, || self.slots.since_now(Phase::Taking));
    }

    /// While `committed` is set, the request must not be cancelled when its client leaves.
    pub(super) fn commit(&self, committed: bool) {
        self.committed.store(committed, Ordering::Relaxed);
    }

    pub(super) fn is_committed(&self) -> bool {
        self.committed.load(Ordering::Relaxed)
    }

    /// Records that `bytes` arrived, and returns how many of them may be passed on. On an idle connection
    /// they begin a head. `None` when the connection must close, see [`Heads::pass`].
    pub(super) fn bytes_arrived(&self, bytes: &[u8]) -> Option<usize> {
        let mut arriving = self.arriving();
        // The rest of a body may come after its answer.
        let in_head = arriving.heads.is_in_head();
        if in_head {
            self.change_if(Phase::Idle, || self.slots.since_now(Phase::Head));
        }
        let passed = arriving.heads.pass(bytes)?;
        // Nearly all heads arrive whole, and become requests at once.
        if in_head && self.shared && self.is_in_head() && !arriving.heads.is_behind_head() {
            arriving.head += passed as u64;
            let head = HEAD.max(arriving.head.next_multiple_of(HEAD / 4));
            arriving.charge.get_or_insert_with(|| self.charge(self.net, 0)).set(head);
        }
        Some(passed)
    }

    /// Records that writing blocks because the client reads nothing.
    pub(super) fn write_blocked(&self) {
        if !self.is_blocked() {
            self.blocked_since.store(self.slots.now().max(1), Ordering::Relaxed);
        }
        // A request may have begun behind the answer that blocks.
        self.change(|phase| match phase {
            Phase::Busy | Phase::Idle => Some(self.flushing()),
            _ => None,
        });
    }

    /// Records that `count` bytes of an answer left.
    pub(super) fn bytes_left(&self, count: usize) {
        self.written.fetch_add(count as u64, Ordering::Relaxed);
        let since = self.blocked_since.swap(0, Ordering::Relaxed);
        if since != 0 {
            self.blocked.fetch_add(self.slots.now().saturating_sub(since), Ordering::Relaxed);
            self.change_if(Phase::Flushing, || match self.answered.load(Ordering::Relaxed) {
                true => self.slots.since_now(Phase::Idle),
                false => State::new(Phase::Busy, 0),
            });
        }
    }

    pub(super) fn is_evicted(&self) -> bool {
        self.load().phase() == Phase::Evicted
    }

    /// Records that the connection ends with this answer.
    pub(super) fn ends_here(&self) {
        self.last.store(true, Ordering::Relaxed);
    }

    /// Whether the last answer was taken, nothing has arrived since, and another request may come.
    pub(super) fn is_silent(&self) -> bool {
        self.load().phase() == Phase::Idle
            && !self.last.load(Ordering::Relaxed)
            && self.arriving().heads.is_between()
    }

    /// Whether the server owes the client nothing: no request was read and no answer is on its way.
    pub(super) fn is_waiting(&self) -> bool {
        self.load().is_waiting()
    }

    /// Whether a head is arriving, so that whatever is written now is hyper's own refusal of it.
    pub(super) fn is_in_head(&self) -> bool {
        self.load().phase() == Phase::Head
    }

    /// Whether a request is being answered whose body, if any, has arrived. What comes now is early.
    pub(super) fn is_ahead(&self) -> bool {
        !self.is_waiting() && self.arriving().heads.is_in_head()
    }

    pub(super) fn stage(&self) -> Stage {
        self.slots.stage()
    }

    pub(super) async fn ended(&self) {
        self.slots.ended().await;
    }

    /// Whether the answer is an event stream.
    pub(super) fn is_streaming(&self) -> bool {
        self.load().phase() == Phase::Stream
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
        self.place().nudge.notified().await;
    }

    pub(super) fn verdict(&self, settings: &ServerSettings) -> TimeoutCheck {
        let now = self.slots.now();
        let passed = |since: u64| Duration::from_micros(now.saturating_sub(since));
        // The next check must come before a time-out that starts after this one can end.
        let mut wait = settings.header_timeout.min(settings.keep_alive).min(settings.write_timeout);
        let state = self.load();
        let blocked_since = self.blocked_since.load(Ordering::Relaxed);
        let blocked = (blocked_since != 0).then(|| passed(blocked_since));
        let running = [
            (state.phase() == Phase::Head).then(|| (passed(state.since()), settings.header_timeout)),
            (state.phase() == Phase::Idle).then(|| (passed(state.since()), settings.keep_alive)),
            self.slots
                .closing_since()
                .filter(|_| state.is_waiting())
                .map(|since| (passed(since), LAST_REQUEST.min(settings.grace / 2))),
            blocked.map(|time| (time, settings.write_timeout)),
            blocked.and_then(|time| {
                let earned = self.written.load(Ordering::Relaxed).saturating_mul(1000);
                let earned = Duration::from_millis(earned.checked_div(settings.answer_min_rate)?);
                let before = Duration::from_micros(self.blocked.load(Ordering::Relaxed));
                Some((before + time, settings.write_timeout.saturating_add(earned)))
            }),
        ];
        for (time, limit) in running.into_iter().flatten() {
            let left = limit.saturating_sub(time);
            if left.is_zero() {
                return TimeoutCheck::Close;
            }
            wait = wait.min(left);
        }
        TimeoutCheck::AskAgainIn(wait.max(Duration::from_millis(1)))
    }

    /// Changes the state to what `next` says for the present phase. Returns `false` when the connection has
    /// been evicted.
    fn change(&self, next: impl Fn(Phase) -> Option<State>) -> bool {
        loop {
            let state = self.load();
            if state.phase() == Phase::Evicted {
                return false;
            }
            match next(state.phase()) {
                Some(new) if !self.place().state.swap(state, new) => {}
                _ => return true,
            }
        }
    }

    fn flushing(&self) -> State {
        State::new(Phase::Flushing, self.blocked_since.load(Ordering::Relaxed))
    }

    fn change_if(&self, phase: Phase, next: impl Fn() -> State) -> bool {
        self.change(|present| (present == phase).then(&next))
    }

    fn hold(&self) {
        self.change_if(Phase::Busy, || self.slots.since_now(Phase::Held));
    }

    fn release(&self) -> bool {
        self.change_if(Phase::Held, || State::new(Phase::Busy, 0))
    }

    fn discount(&self) {
        if self.counted.swap(false, Ordering::Relaxed) {
            self.slots.discount(self.net);
        }
    }

    fn place(&self) -> &Place {
        self.slots.place(self.index)
    }

    fn load(&self) -> State {
        self.place().state.load()
    }

    /// A panic cannot leave the value half changed, so a poisoned lock is ignored.
    fn arriving(&self) -> MutexGuard<'_, Arriving> {
        self.incoming.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("index", &self.index).finish_non_exhaustive()
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.discount();
        self.slots.free(self.index);
    }
}
