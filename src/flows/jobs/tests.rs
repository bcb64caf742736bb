use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;

use super::leased::{Lease, LeasedWork, WorkOutcome, Worker};
use store::StoreError;

/// Jobs for a far side that a test can take away.
#[derive(Default)]
struct Parcels {
    due: Mutex<VecDeque<u32>>,
    done: Mutex<Vec<u32>>,
    aside: Mutex<Vec<u32>>,
    written: Notify,
    settled: Notify,
    away: AtomicBool,
    asked: AtomicUsize,
    /// Whether leases are renewed no more, because another worker has the pieces.
    taken: AtomicBool,
    renewed: AtomicUsize,
    lost: AtomicUsize,
}

/// A job that makes the worker panic.
const BROKEN: u32 = 13;

/// Jobs from this number on take until their lease is lost.
const ENDLESS: u32 = 100;

impl LeasedWork for Parcels {
    type Piece = u32;

    const QUEUE: &'static str = "the list of parcels";

    const ASK_AGAIN: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(5));

    const LEASE: Duration = Duration::from_millis(40);

    async fn end_old_leases(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn renew(&self, _: &u32) -> Result<bool, StoreError> {
        self.renewed.fetch_add(1, Ordering::Relaxed);
        self.settled.notify_one();
        Ok(!self.taken.load(Ordering::Relaxed))
    }

    async fn lease(&self, most: usize) -> Result<Vec<u32>, StoreError> {
        let mut due = self.due.lock().unwrap();
        let most = most.min(due.len());
        Ok(due.drain(..most).collect())
    }

    async fn work(&self, piece: &u32, lease: &Lease) -> WorkOutcome {
        assert_ne!(*piece, BROKEN);
        if *piece >= ENDLESS {
            lease.lost().await;
            self.lost.fetch_add(1, Ordering::Relaxed);
            self.settled.notify_one();
            return WorkOutcome::Settled;
        }
        if self.away.load(Ordering::Relaxed) {
            self.due.lock().unwrap().push_back(*piece);
            return WorkOutcome::Stalled("nobody opens".into());
        }
        self.done.lock().unwrap().push(*piece);
        self.settled.notify_one();
        WorkOutcome::Done
    }

    async fn set_aside(&self, piece: &u32) {
        self.aside.lock().unwrap().push(*piece);
        self.settled.notify_one();
    }

    async fn written(&self) {
        self.written.notified().await;
    }

    fn stalled(&self, _: &str) {
        self.settled.notify_one();
    }

    async fn ask(&self) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed);
        !self.away.load(Ordering::Relaxed)
    }
}

impl Parcels {
    fn write(&self, pieces: impl IntoIterator<Item = u32>) {
        self.due.lock().unwrap().extend(pieces);
        self.written.notify_one();
    }

    async fn until(&self, settled: impl Fn(&Self) -> bool) {
        let wait = async {
            while !settled(self) {
                self.settled.notified().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), wait).await.unwrap();
    }
}

#[tokio::test]
async fn every_piece_is_done_and_a_broken_one_set_aside() {
    let (parcels, worker) = (Arc::new(Parcels::default()), Worker::new());
    worker.start(parcels.clone(), 2);
    parcels.write([1, 2, BROKEN, 3, 4, 5]);
    parcels.until(|parcels| parcels.done.lock().unwrap().len() == 5).await;
    parcels.until(|parcels| !parcels.aside.lock().unwrap().is_empty()).await;
    assert!(worker.stop(Duration::from_secs(30)).await);
    let mut done = parcels.done.lock().unwrap().clone();
    done.sort_unstable();
    assert_eq!((done, parcels.aside.lock().unwrap().clone()), (vec![1, 2, 3, 4, 5], vec![BROKEN]));
}

#[tokio::test]
async fn a_far_side_that_takes_nothing_is_asked_until_it_does() {
    let (parcels, worker) = (Arc::new(Parcels::default()), Worker::new());
    parcels.away.store(true, Ordering::Relaxed);
    worker.start(parcels.clone(), 2);
    parcels.write([1]);
    parcels.settled.notified().await;
    while parcels.asked.load(Ordering::Relaxed) < 3 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(parcels.done.lock().unwrap().is_empty());
    parcels.away.store(false, Ordering::Relaxed);
    parcels.until(|parcels| *parcels.done.lock().unwrap() == [1]).await;
    assert!(worker.stop(Duration::from_secs(30)).await);
}

#[tokio::test]
async fn what_is_written_after_the_stop_is_left_to_the_next_start() {
    let (parcels, worker) = (Arc::new(Parcels::default()), Worker::new());
    worker.start(parcels.clone(), 2);
    assert!(worker.stop(Duration::from_secs(30)).await);
    parcels.write([1]);
    assert_eq!(*parcels.due.lock().unwrap(), [1]);
    assert!(parcels.done.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_piece_that_takes_long_keeps_its_lease_until_another_worker_has_it() {
    let (parcels, worker) = (Arc::new(Parcels::default()), Worker::new());
    worker.start(parcels.clone(), 2);
    parcels.write([ENDLESS]);
    parcels.until(|parcels| parcels.renewed.load(Ordering::Relaxed) >= 10).await;
    assert_eq!(parcels.lost.load(Ordering::Relaxed), 0);
    parcels.taken.store(true, Ordering::Relaxed);
    parcels.until(|parcels| parcels.lost.load(Ordering::Relaxed) == 1).await;
    assert!(worker.stop(Duration::from_secs(30)).await);
}

#[tokio::test]
async fn pieces_that_take_long_keep_nothing_else_from_being_done() {
    let (parcels, worker) = (Arc::new(Parcels::default()), Worker::new());
    worker.start(parcels.clone(), 4);
    parcels.write([ENDLESS, ENDLESS + 1, ENDLESS + 2]);
    parcels.until(|parcels| parcels.due.lock().unwrap().is_empty()).await;
    parcels.write([1, 2]);
    parcels.until(|parcels| *parcels.done.lock().unwrap() == [1, 2]).await;
    parcels.taken.store(true, Ordering::Relaxed);
    assert!(worker.stop(Duration::from_secs(30)).await);
}
