//! Where the event streams of waiting devices wait: no thread, no connection to the database and no timer but
//! the one of their heartbeat. One task looks at the clock for all of them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore, SemaphorePermit};

use domain::{Clock, Millis, TokenDigest};
use store::{Change, ChangeListener, Store};

/// How late a stream may be with its next code.
const TICK: Duration = Duration::from_secs(1);

/// While news of other instances may be missing, every stream looks again after so many ticks.
const TICKS_OUT_OF_STEP: u64 = 5;

/// Streams of one device: a second may come before the end of the first is noticed. One more ends the oldest.
const STREAMS: usize = 4;

/// Streams that may ask the database at once: thousands that are woken together leave connections for
/// requests.
const TURNS: usize = 2;

/// The open event streams.
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
    /// When the code that is shown ends.
    due_at: AtomicI64,
    given_up: AtomicBool,
}

impl DeviceStreams {
    /// Streams that hear of pairings from `store`.
    pub(super) fn new(store: &Store) -> Arc<Self> {
        let streams = Arc::new(Self { open: Mutex::default(), turns: Semaphore::new(TURNS) });
        store.subscribe(streams.clone());
        streams
    }

    fn open(&self) -> MutexGuard<'_, OpenStreams> {
        self.open.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Wakes the streams whose code has ended by `now`, or all. `false` when there are none at all.
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

    /// A turn at the database; none once the semaphore is closed, which it never is.
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

/// One open stream, closed when dropped.
pub(super) struct DeviceStream {
    streams: Arc<DeviceStreams>,
    device: TokenDigest,
    waiter: Arc<Waiter>,
}

impl DeviceStream {
    /// Opens a stream of `device`. `store` and `clock` tell when it has to look again by itself.
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

    /// Resolves when there may be news.
    pub(super) async fn woken(&self) {
        self.waiter.wake.notified().await;
    }

    pub(super) fn wake_at(&self, at: Millis) {
        self.waiter.due_at.store(at.0, Ordering::Relaxed);
    }

    /// Whether newer streams of the device have taken over.
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

/// Runs for as long as anybody waits.
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
