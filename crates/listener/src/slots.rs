//! One slot per open socket: the cap on connections. When a new client finds every slot taken, a connection
//! that waits for its client is evicted; so is one of a client that already has its share, and one whose
//! buffers another needs. Only an eviction needs a search.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rocket::tokio::select;
use rocket::tokio::sync::{Notify, watch};
use rocket::tokio::time::sleep;

use super::client_net::ClientNet;
use super::shares::{Bounds, Excess, Shares};
use super::state::{Phase, State, StateCell};
use super::victims::{Need, Taken, find};

/// How often somebody who waits for a slot or for memory looks again, if nobody told it to.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The server's progress from serving to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Requests are served.
    Open,
    /// No new connections are accepted; running requests may finish, and what is on its way is answered.
    Closing,
    /// Every request and connection is dropped.
    Ended,
}

/// All slots, and what their connections hold.
pub(super) struct Slots {
    places: Box<[Place]>,
    free: Mutex<Vec<usize>>,
    victims: Mutex<(Need, Vec<Taken>)>,
    shares: Shares,
    freed: Notify,
    roomier: Notify,
    epoch: Instant,
    stage: watch::Sender<Stage>,
    /// When the last stage but one began, in microseconds.
    closing_since: AtomicU64,
}

/// A slot's state, which its connection changes, and whose it is.
pub(super) struct Place {
    pub(super) state: StateCell,
    net: AtomicU64,
    pub(super) nudge: Notify,
}

impl Place {
    pub(super) fn net(&self) -> ClientNet {
        ClientNet::from_number(self.net.load(Ordering::Relaxed))
    }

    /// Records whose connection it is. Behind a proxy each request may say another client.
    pub(super) fn belongs_to(&self, net: ClientNet) {
        self.net.store(net.number(), Ordering::Relaxed);
    }
}

impl Slots {
    pub(super) fn new(count: usize, bounds: Bounds) -> Slots {
        let place = || Place { state: StateCell::free(), net: AtomicU64::new(0), nudge: Notify::new() };
        Slots {
            places: (0..count).map(|_| place()).collect(),
            free: Mutex::new((0..count).rev().collect()),
            victims: Mutex::new((Need::Slot, Vec::new())),
            shares: Shares::new(bounds),
            freed: Notify::new(),
            roomier: Notify::new(),
            epoch: Instant::now(),
            stage: watch::Sender::new(Stage::Open),
            closing_since: AtomicU64::new(0),
        }
    }

    /// How many slots are taken, and how many there are.
    pub(super) fn taken(&self) -> (usize, usize) {
        let all = self.places.len();
        (all - lock(&self.free).len(), all)
    }

    pub(super) fn place(&self, index: usize) -> &Place {
        &self.places[index]
    }

    /// Counts a connection to the share of `net`. Above it, another connection of the client is evicted.
    /// Returns `false` when none can be: then it must not be accepted.
    pub(super) fn count(&self, net: ClientNet) -> bool {
        let counts = self.shares.take_slot(net) || self.make_room(Need::SlotOf(net));
        if !counts {
            self.discount(net);
        }
        counts
    }

    pub(super) fn discount(&self, net: ClientNet) {
        self.shares.give_slot(net);
    }

    /// Takes a free slot. Evicts another connection if none is free, and waits while every connection is
    /// busy.
    pub(super) async fn take(&self, net: ClientNet) -> usize {
        loop {
            let free = lock(&self.free).pop();
            if let Some(index) = free {
                self.places[index].belongs_to(net);
                self.places[index].state.store(self.since_now(Phase::Head));
                return index;
            }
            self.make_room(Need::Slot);
            select! {
                () = self.freed.notified() => {}
                () = sleep(LOOK_AGAIN) => {}
            }
        }
    }

    pub(super) fn free(&self, index: usize) {
        self.places[index].state.store(State::new(Phase::Free, 0));
        lock(&self.free).push(index);
        self.freed.notify_one();
    }

    /// Takes `bytes` of the buffers for a request of `net`. Waits while there are none and connections that
    /// wait for their clients give theirs up. Returns `false` when `patience` has ended, or when too many
    /// wait.
    pub(super) async fn admit(&self, net: ClientNet, bytes: u64, patience: Duration) -> bool {
        if self.shares.try_bytes(net, bytes) {
            return true;
        }
        let Some(_waiting) = self.shares.wait(net) else { return false };
        let end = Instant::now() + patience;
        loop {
            if self.shares.try_bytes(net, bytes) {
                return true;
            }
            if self.shares.is_full(net, bytes) {
                self.make_room(Need::BuffersOf(net));
            } else {
                self.make_room_of_the_greediest();
            }
            if Instant::now() >= end {
                return false;
            }
            select! {
                () = self.roomier.notified() => {}
                () = sleep(LOOK_AGAIN) => {}
            }
        }
    }

    /// Takes `bytes` of the buffers in any case, and evicts a connection that waits for its client if that
    /// is more than there is.
    pub(super) fn charge(&self, net: ClientNet, bytes: u64) {
        match self.shares.take_bytes(net, bytes) {
            Excess::Nobodys => {}
            Excess::TheClients => {
                self.make_room(Need::BuffersOf(net));
            }
            Excess::Of(greediest) => {
                if !self.make_room(Need::BuffersOf(greediest)) {
                    self.make_room(Need::Buffers);
                }
            }
        }
    }

    pub(super) fn give_back(&self, net: ClientNet, bytes: u64) {
        self.shares.give_bytes(net, bytes);
        self.roomier.notify_one();
    }

    /// Evicts the oldest connection that waits for its client, or an event stream, whose client reconnects by
    /// itself. Returns `false` when there is neither.
    pub(super) fn make_room(&self, need: Need) -> bool {
        let mut victims = lock(&self.victims);
        if victims.0 != need {
            *victims = (need, Vec::new());
        }
        for _ in 0..2 {
            // A state that has not changed since the search is still older than every state that began later.
            while let Some(victim) = victims.1.pop() {
                let place = &self.places[victim.index];
                if place.state.swap(victim.state, State::new(Phase::Evicted, 0)) {
                    place.nudge.notify_one();
                    return true;
                }
            }
            let taken = self.places.iter().enumerate().map(|(index, place)| Taken {
                index,
                state: place.state.load(),
                net: place.net(),
            });
            victims.1 = find(need, self.now(), taken.filter(|slot| slot.state.phase() != Phase::Free));
        }
        false
    }

    fn make_room_of_the_greediest(&self) {
        let greediest = self.shares.greediest();
        if !greediest.is_some_and(|net| self.make_room(Need::BuffersOf(net))) {
            self.make_room(Need::Buffers);
        }
    }

    pub(super) fn enter(&self, stage: Stage) {
        if stage == Stage::Closing {
            self.closing_since.store(self.now(), Ordering::Relaxed);
        }
        self.stage.send_replace(stage);
        self.places.iter().for_each(|place| place.nudge.notify_one());
    }

    pub(super) fn stage(&self) -> Stage {
        *self.stage.borrow()
    }

    /// When the server began to stop, in microseconds; `None` while it serves.
    pub(super) fn closing_since(&self) -> Option<u64> {
        (self.stage() != Stage::Open).then(|| self.closing_since.load(Ordering::Relaxed))
    }

    pub(super) async fn ended(&self) {
        // Fails only if the sender is gone, but `self` owns it.
        let _ = self.stage.subscribe().wait_for(|stage| *stage == Stage::Ended).await;
    }

    /// Microseconds since the slots were made.
    pub(super) fn now(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    pub(super) fn since_now(&self, phase: Phase) -> State {
        State::new(phase, self.now())
    }
}

/// A panic cannot leave a list of plain numbers half changed, so a poisoned lock is ignored.
fn lock<T>(list: &Mutex<T>) -> MutexGuard<'_, T> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}
