//! Where the event streams of waiting devices wait: no thread, no connection to the database and no timer but the one of
//! their heartbeat. One task looks at the clock for all of them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore, SemaphorePermit};

use super::Flows;
use crate::domain::{Millis, TokenDigest};
use crate::store::{Change, ChangeListener};

/// How late a stream may be with its next code.
const TICK: Duration = Duration::from_secs(1);

/// While news of other instances may be missing, every stream looks again after so many ticks.
const TICKS_OUT_OF_STEP: u64 = 5;

/// Streams of one device: a second may come before the end of the first is noticed. One more ends the oldest.
const STREAMS: usize = 4;

/// Streams that may ask the database at once: thousands that are woken together leave connections for requests.
const TURNS: usize = 2;

pub(super) struct WaitingRoom {
    places: Mutex<Places>,
    turns: Semaphore,
}

#[derive(Default)]
struct Places {
    by_device: HashMap<TokenDigest, Vec<Arc<Place>>>,
    ticking: bool,
}

struct Place {
    wake: Notify,
    /// When the code that is shown ends.
    due_at: AtomicI64,
    given_up: AtomicBool,
}

impl WaitingRoom {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { places: Mutex::default(), turns: Semaphore::new(TURNS) })
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Wakes the streams whose code has ended by `now`, or all. `false` when there are none at all.
    fn tick(&self, now: Millis, all: bool) -> bool {
        let mut places = self.places();
        for place in places.by_device.values().flatten() {
            if all || place.due_at.load(Ordering::Relaxed) <= now.0 {
                place.wake.notify_one();
            }
        }
        places.ticking = !places.by_device.is_empty();
        places.ticking
    }

    /// A turn at the database; none once the room is closed, which it never is.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turns.acquire().await.ok()
    }
}

impl ChangeListener for WaitingRoom {
    fn changed(&self, change: &Change) {
        if let Change::Pairing(device) = change
            && let Some(places) = self.places().by_device.get(device)
        {
            places.iter().for_each(|place| place.wake.notify_one());
        }
    }

    fn lost_track(&self) {
        self.places().by_device.values().flatten().for_each(|place| place.wake.notify_one());
    }
}

/// A stream's place in the room, free again when dropped.
pub(super) struct Seated {
    room: Arc<WaitingRoom>,
    device: TokenDigest,
    place: Arc<Place>,
}

impl Seated {
    /// Takes a place for a stream of `device`.
    pub(super) fn take(flows: &Flows, device: TokenDigest) -> Self {
        let room = flows.0.devices.clone();
        let place = Arc::new(Place {
            wake: Notify::new(),
            due_at: AtomicI64::new(i64::MAX),
            given_up: AtomicBool::new(false),
        });
        let mut places = room.places();
        let of_device = places.by_device.entry(device).or_default();
        if of_device.len() >= STREAMS {
            let oldest = of_device.remove(0);
            oldest.given_up.store(true, Ordering::Relaxed);
            oldest.wake.notify_one();
        }
        of_device.push(place.clone());
        if !std::mem::replace(&mut places.ticking, true) {
            tokio::spawn(watch_the_clock(flows.clone()));
        }
        drop(places);
        Self { room, device, place }
    }

    /// Resolves when there may be news.
    pub(super) async fn woken(&self) {
        self.place.wake.notified().await;
    }

    pub(super) fn wake_at(&self, at: Millis) {
        self.place.due_at.store(at.0, Ordering::Relaxed);
    }

    /// Whether newer streams of the device have taken over.
    pub(super) fn is_given_up(&self) -> bool {
        self.place.given_up.load(Ordering::Relaxed)
    }
}

impl Drop for Seated {
    fn drop(&mut self) {
        let mut places = self.room.places();
        if let Some(of_device) = places.by_device.get_mut(&self.device) {
            of_device.retain(|place| !Arc::ptr_eq(place, &self.place));
            if of_device.is_empty() {
                places.by_device.remove(&self.device);
            }
        }
    }
}

/// Runs for as long as anybody waits.
async fn watch_the_clock(flows: Flows) {
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut number = 0_u64;
    loop {
        tick.tick().await;
        number += 1;
        let all = number.is_multiple_of(TICKS_OUT_OF_STEP) && !flows.store().in_step();
        if !flows.0.devices.tick(flows.now(), all) {
            return;
        }
    }
}
