//! The worker for work that stands in the database until it is done. Each piece is leased, done and settled.
//! A lease ends by itself, so that a piece that a killed worker held is taken up again; and when the far side
//! takes nothing at all, the worker asks it, without any piece, until it does.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};

use store::StoreError;

/// How often the worker looks without being woken: for what is due again, and for what a killed instance
/// left.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A kind of work.
pub(in crate::flows) trait LeasedWork: Send + Sync + 'static {
    /// One piece of it.
    type Piece: Clone + Send + Sync + 'static;

    /// Where the pieces stand, for the log.
    const QUEUE: &'static str;

    /// Shortest and longest time until a far side that takes nothing is asked again.
    const ASK_AGAIN: (Duration, Duration);

    /// Leases at most `most` pieces that are due.
    fn lease(&self, most: usize) -> impl Future<Output = Result<Vec<Self::Piece>, StoreError>> + Send;

    /// Does a piece, and settles it: it is done, to be tried again later, or set aside.
    fn work(&self, piece: &Self::Piece) -> impl Future<Output = Outcome> + Send;

    /// Sets a piece aside that made us panic.
    fn set_aside(&self, piece: &Self::Piece) -> impl Future<Output = ()> + Send;

    /// Resolves when a piece has been written.
    fn written(&self) -> impl Future<Output = ()> + Send;

    /// Says once that the far side takes nothing.
    fn stalled(&self, reason: &str);

    /// Asks the far side whether it takes anything again.
    fn ask(&self) -> impl Future<Output = bool> + Send;
}

/// What became of one try.
pub(in crate::flows) enum Outcome {
    /// The far side took it.
    Done,
    /// It is off the worker's hands otherwise: set aside, put off, or somebody else's.
    Settled,
    /// The far side takes nothing: no use in trying other pieces.
    Stalled(String),
}

/// A worker that can be stopped.
pub(in crate::flows) struct Worker {
    stop: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Worker {
    pub(in crate::flows) fn new() -> Self {
        Self { stop: watch::Sender::new(false), task: Mutex::new(None) }
    }

    /// Works for as long as the program runs, or until [`stop`](Self::stop). `at_once`: most pieces at a
    /// time.
    pub(in crate::flows) fn start<W: LeasedWork>(&self, work: Arc<W>, at_once: usize) {
        let task = tokio::spawn(run(work, at_once, self.stop.subscribe()));
        *self.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
    }

    /// Takes nothing further up and waits, for at most `patience`, until what is under way is settled.
    /// `false`: some of it was not; it is leased again once its lease has ended.
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

/// Does what is due until it is told to stop, then waits for what is under way.
async fn run<W: LeasedWork>(work: Arc<W>, at_once: usize, mut stop: watch::Receiver<bool>) {
    let mut under_way: JoinSet<Outcome> = JoinSet::new();
    let mut far_side = FarSide { stalled: None, patience: W::ASK_AGAIN.0 };
    let mut troubled = false;
    while !*stop.borrow() {
        let mut look_again = LOOK_EVERY;
        if let Some(asked_at) = far_side.stalled {
            if asked_at.elapsed() >= far_side.patience {
                far_side.ask(work.as_ref()).await;
                continue;
            }
            look_again = far_side.patience.saturating_sub(asked_at.elapsed());
        } else if under_way.len() <= at_once / 2 {
            match work.lease(at_once - under_way.len()).await {
                Ok(leased) => {
                    troubled = false;
                    for piece in leased {
                        under_way.spawn(one(work.clone(), piece));
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

/// A piece that makes us panic is set aside like any other that can never be done.
async fn one<W: LeasedWork>(work: Arc<W>, piece: W::Piece) -> Outcome {
    let (own, held) = (work.clone(), piece.clone());
    match tokio::spawn(async move { own.work(&held).await }).await {
        Ok(outcome) => outcome,
        Err(_) => {
            work.set_aside(&piece).await;
            Outcome::Settled
        }
    }
}

/// What is known of the far side.
struct FarSide {
    /// When it was last asked, if it takes nothing.
    stalled: Option<Instant>,
    /// How long until it is asked again.
    patience: Duration,
}

impl FarSide {
    fn heard<W: LeasedWork>(&mut self, outcome: Outcome, work: &W) {
        match outcome {
            Outcome::Settled => {}
            Outcome::Done => self.patience = W::ASK_AGAIN.0,
            Outcome::Stalled(reason) => {
                if self.stalled.is_none() {
                    work.stalled(&reason);
                    self.stalled = Some(Instant::now());
                }
            }
        }
    }

    async fn ask<W: LeasedWork>(&mut self, work: &W) {
        self.stalled = if work.ask().await { None } else { Some(Instant::now()) };
        // Longer from time to time, until a piece has been done.
        self.patience = (self.patience * 2).min(W::ASK_AGAIN.1);
    }
}
