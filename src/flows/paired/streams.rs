//! The open event streams of waiting devices. A stream holds no thread and no database connection, and its
//! only timer is its heartbeat. One task watches the expiry of codes for all streams.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore, SemaphorePermit};

use domain::{Clock, Millis, TokenDigest};
use store::{Change, ChangeListener, Store};

/// Interval of the expiry check, so a new code is at most this late.
const TICK: Duration = Duration::from_secs(1);

/// While the connection to other instances' notifications is lost, every stream reads its state after this
/// many ticks.
const TICKS_OUT_OF_STEP: u64 = 5;

/// Most streams of one device. A device may reconnect before its old connection is noticed to be dead. One
/// more ends the oldest.
const STREAMS: usize = 4;

/// Most streams that query the database at once. They leave connections for requests when thousands are woken
/// together.
const TURNS: usize = 2;

pub(super) struct DeviceStreams {
    open: Mutex<OpenStreams>,
    turns: Semaphore,
}

#[derive(Default)]
struct OpenStreams {
    by_device: HashMap<TokenDigest, Vec<Arc<Waiter>>>,
    ticking: bool,
}

struct Waiter {
    wake: Notify,
    /// Time at which the shown code expires, in milliseconds since 1970.
    due_at: AtomicI64,
    given_up: AtomicBool,
}

impl DeviceStreams {
    /// Creates the registry and subscribes it to pairings in `store`.
    pub(super) fn new(store: &Store) -> Arc<Self> {
        let streams = Arc::new(Self { open: Mutex::default(), turns: Semaphore::new(TURNS) });
        store.subscribe(streams.clone());
        streams
    }

    fn open(&self) -> MutexGuard<'_, OpenStreams> {
        self.open.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Wakes the streams whose code has expired by `now`, or all of them. Returns whether any stream is open.
    fn tick(&self, now: Millis, all: bool) -> bool {
        let mut open = self.open();
        for waiter in open.by_device.values().flatten() {
            if all || waiter.due_at.load(Ordering::Relaxed) <= now.0 {
                waiter.wake.notify_one();
            }
        }
        open.ticking = !open.by_device.is_empty();
        open.ticking
    }

    /// Waits for a permit to query the database. `None` would mean that the semaphore is closed, which it
    /// never is.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turns.acquire().await.ok()
    }
}

impl ChangeListener for DeviceStreams {
    fn changed(&self, change: &Change) {
        if let Change::Pairing(device) = change
            && let Some(waiters) = self.open().by_device.get(device)
        {
            waiters.iter().for_each(|waiter| waiter.wake.notify_one());
        }
    }

    fn lost_track(&self) {
        self.open().by_device.values().flatten().for_each(|waiter| waiter.wake.notify_one());
    }
}

/// An open stream. Dropping it closes it.
pub(super) struct DeviceStream {
    streams: Arc<DeviceStreams>,
    device: TokenDigest,
    waiter: Arc<Waiter>,
}

impl DeviceStream {
    /// Opens a stream of `device`, and starts the task that watches the expiry of codes if it is not running.
    pub(super) fn open(
        streams: &Arc<DeviceStreams>,
        store: &Store,
        clock: &Arc<dyn Clock>,
        device: TokenDigest,
    ) -> Self {
        let waiter = Arc::new(Waiter {
            wake: Notify::new(),
            due_at: AtomicI64::new(i64::MAX),
            given_up: AtomicBool::new(false),
        });
        let mut open = streams.open();
        let of_device = open.by_device.entry(device).or_default();
        if of_device.len() >= STREAMS {
            let oldest = of_device.remove(0);
            oldest.given_up.store(true, Ordering::Relaxed);
            oldest.wake.notify_one();
        }
        of_device.push(waiter.clone());
        if !std::mem::replace(&mut open.ticking, true) {
            tokio::spawn(watch_the_clock(streams.clone(), store.clone(), clock.clone()));
        }
        drop(open);
        Self { streams: streams.clone(), device, waiter }
    }

    /// Resolves when the device's state may have changed.
    pub(super) async fn woken(&self) {
        self.waiter.wake.notified().await;
    }

    pub(super) fn wake_at(&self, at: Millis) {
        self.waiter.due_at.store(at.0, Ordering::Relaxed);
    }

    /// Whether newer streams of the device have replaced this one.
    pub(super) fn is_given_up(&self) -> bool {
        self.waiter.given_up.load(Ordering::Relaxed)
    }
}

impl Drop for DeviceStream {
    fn drop(&mut self) {
        let mut open = self.streams.open();
        if let Some(of_device) = open.by_device.get_mut(&self.device) {
            of_device.retain(|waiter| !Arc::ptr_eq(waiter, &self.waiter));
            if of_device.is_empty() {
                open.by_device.remove(&self.device);
            }
        }
    }
}

/// Wakes streams with expired codes, until no stream is open.
async fn watch_the_clock(streams: Arc<DeviceStreams>, store: Store, clock: Arc<dyn Clock>) {
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut number = 0_u64;
    loop {
        tick.tick().await;
        number += 1;
        let all = number.is_multiple_of(TICKS_OUT_OF_STEP) && !store.in_step();
        if !streams.tick(clock.now(), all) {
            return;
        }
    }
}
