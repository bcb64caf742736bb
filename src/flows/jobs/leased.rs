//! A worker for jobs that are rows in the database. Each job is leased, done and settled. The lease is short
//! and is renewed while the job is under way, so another worker soon retries the jobs of one that was killed,
//! however long a job may take. While the far side (the mail server) accepts nothing, the worker leases no
//! jobs and probes the far side until it accepts again.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};

use store::StoreError;

/// How often the worker polls without being woken: for retries that have become due, and for jobs whose lease
/// expired.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How often a lease is renewed in the time for which it lasts.
const RENEWALS: u32 = 4;

/// A kind of job.
pub(in crate::flows) trait LeasedWork: Send + Sync + 'static {
    type Piece: Clone + Send + Sync + 'static;

    /// Name of the queue, for the log.
    const QUEUE: &'static str;

    /// Shortest and longest time between two probes of a far side that accepts nothing.
    const ASK_AGAIN: (Duration, Duration);

    /// How long a lease lasts after it was renewed.
    const LEASE: Duration;

    /// Ends the leases that a killed process left behind, if it is certain that no other process works on
    /// these jobs. Called once, before the first lease.
    fn end_old_leases(&self) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Leases at most `most` jobs that are due.
    fn lease(&self, most: usize) -> impl Future<Output = Result<Vec<Self::Piece>, StoreError>> + Send;

    /// Renews the lease on a piece. `false` when the lease was lost.
    fn renew(&self, piece: &Self::Piece) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Does a piece, and settles it: it is done, to be tried again later, or set aside. What others see is
    /// not to be begun after `lease` was lost.
    fn work(&self, piece: &Self::Piece, lease: &Lease) -> impl Future<Output = WorkOutcome> + Send;

    /// Sets aside a job that made `work` panic.
    fn set_aside(&self, piece: &Self::Piece) -> impl Future<Output = ()> + Send;

    /// Resolves when a new job has been written.
    fn written(&self) -> impl Future<Output = ()> + Send;

    /// Logs, once per outage, that the far side accepts nothing.
    fn stalled(&self, reason: &str);

    /// Probes the far side; true when it accepts again.
    fn ask(&self) -> impl Future<Output = bool> + Send;
}

/// What became of one try.
pub(in crate::flows) enum WorkOutcome {
    /// The far side took it.
    Done,
    /// The job needs nothing more from this worker: it was set aside or rescheduled, or another worker took
    /// it.
    Settled,
    /// The far side accepts nothing, so trying other jobs is useless.
    Stalled(String),
}

/// The lease on a piece that is under way.
pub(in crate::flows) struct Lease(watch::Receiver<bool>);

impl Lease {
    /// Resolves when the lease was lost: another worker has the piece, or may have it, because the lease
    /// could not be renewed in time.
    pub(in crate::flows) async fn lost(&self) {
        if self.0.clone().wait_for(|lost| *lost).await.is_err() {
            pending().await
        }
    }
}

pub(in crate::flows) struct Worker {
    stop: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Worker {
    pub(in crate::flows) fn new() -> Self {
        Self { stop: watch::Sender::new(false), task: Mutex::new(None) }
    }

    /// Starts the loop, which runs until [`stop`](Self::stop). `at_once` is the largest number of jobs under
    /// way.
    pub(in crate::flows) fn start<W: LeasedWork>(&self, work: Arc<W>, at_once: usize) {
        let task = tokio::spawn(run(work, at_once, self.stop.subscribe()));
        *self.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
    }

    /// Leases no further jobs and waits at most `patience` for those under way. Returns `false` if some were
    /// not settled; their leases expire and they are retried.
    pub(in crate::flows) async fn stop(&self, patience: Duration) -> bool {
        self.stop.send_replace(true);
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut task) = task else { return true };
        let settled = timeout(patience, &mut task).await.is_ok();
        if !settled {
            task.abort();
        }
        settled
    }
}

/// Works on due jobs until told to stop, then waits for those under way.
async fn run<W: LeasedWork>(work: Arc<W>, at_once: usize, mut stop: watch::Receiver<bool>) {
    let mut under_way: JoinSet<WorkOutcome> = JoinSet::new();
    let mut far_side = FarSide { stalled: None, patience: W::ASK_AGAIN.0 };
    let mut troubled = false;
    let slow = Arc::new(AtomicUsize::new(0));
    if let Err(error) = work.end_old_leases().await {
        log::warn!("{}: what a killed process left is taken up later: {error}", W::QUEUE);
    }
    while !*stop.borrow() {
        let mut look_again = LOOK_EVERY;
        if let Some(asked_at) = far_side.stalled {
            if asked_at.elapsed() >= far_side.patience {
                far_side.ask(work.as_ref()).await;
                continue;
            }
            look_again = far_side.patience.saturating_sub(asked_at.elapsed());
        } else if wants_more(under_way.len(), slow.load(Ordering::Relaxed), at_once) {
            match work.lease(at_once - under_way.len()).await {
                Ok(leased) => {
                    troubled = false;
                    for piece in leased {
                        under_way.spawn(one(work.clone(), piece, slow.clone()));
                    }
                }
                Err(error) => {
                    if !std::mem::replace(&mut troubled, true) {
                        log::warn!("{} cannot be read: {error}", W::QUEUE);
                    }
                }
            }
        }
        tokio::select! {
            _ = stop.changed() => {}
            Some(done) = under_way.join_next(), if !under_way.is_empty() => {
                if let Ok(outcome) = done {
                    far_side.heard(outcome, work.as_ref());
                }
            }
            () = work.written(), if far_side.stalled.is_none() => {}
            () = sleep(look_again) => {}
        }
    }
    while under_way.join_next().await.is_some() {}
}

/// Whether to lease more jobs: when half of them are done, because each lease is a write. Of those under way,
/// `slow` take long. They hold nothing up but their own places.
fn wants_more(under_way: usize, slow: usize, at_once: usize) -> bool {
    let places = at_once.saturating_sub(slow);
    places > 0 && under_way.saturating_sub(slow) <= places / 2
}

/// Counts a job that takes long, until it is dropped.
struct Slow(Arc<AtomicUsize>);

impl Slow {
    fn counted_in(slow: &Arc<AtomicUsize>) -> Self {
        slow.fetch_add(1, Ordering::Relaxed);
        Self(slow.clone())
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Works on a piece and renews its lease meanwhile. A piece that makes us panic is set aside like any other
/// that can never be done.
async fn one<W: LeasedWork>(work: Arc<W>, piece: W::Piece, slow: Arc<AtomicUsize>) -> WorkOutcome {
    let (lost, lease) = watch::channel(false);
    let (own, held) = (work.clone(), piece.clone());
    let mut task = tokio::spawn(async move { own.work(&held, &Lease(lease)).await });
    let every = W::LEASE / RENEWALS;
    let mut renewed = Instant::now();
    let mut counted = None;
    let done = loop {
        if let Ok(done) = timeout(every, &mut task).await {
            break done;
        }
        counted.get_or_insert_with(|| Slow::counted_in(&slow));
        let now = Instant::now();
        match timeout(every, work.renew(&piece)).await {
            Ok(Ok(true)) => renewed = now,
            Ok(Ok(false)) => drop(lost.send_replace(true)),
            Ok(Err(_)) | Err(_) if renewed.elapsed() < W::LEASE => {}
            Ok(Err(_)) | Err(_) => drop(lost.send_replace(true)),
        }
    };
    match done {
        Ok(outcome) => outcome,
        Err(_) => {
            work.set_aside(&piece).await;
            WorkOutcome::Settled
        }
    }
}

/// State of the far side.
struct FarSide {
    /// Time of the last probe, if the far side accepts nothing.
    stalled: Option<Instant>,
    /// Time until the next probe.
    patience: Duration,
}

impl FarSide {
    fn heard<W: LeasedWork>(&mut self, outcome: WorkOutcome, work: &W) {
        match outcome {
            WorkOutcome::Settled => {}
            WorkOutcome::Done => self.patience = W::ASK_AGAIN.0,
            WorkOutcome::Stalled(reason) => {
                if self.stalled.is_none() {
                    work.stalled(&reason);
                    self.stalled = Some(Instant::now());
                }
            }
        }
    }

    async fn ask<W: LeasedWork>(&mut self, work: &W) {
        self.stalled = if work.ask().await { None } else { Some(Instant::now()) };
        // The interval doubles with each probe. Only a job that succeeds resets it.
        self.patience = (self.patience * 2).min(W::ASK_AGAIN.1);
    }
}
