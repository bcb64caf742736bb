//! The hashing threads, their queue, and the buffer of each thread.

use std::{
    io,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Block, Version};
use parking_lot::{Condvar, Mutex, MutexGuard};
use recipes::{ForeignHash, Typed, VerifyError};
use tokio::sync::oneshot;
use turns::Turns;
use zeroize::Zeroizing;

use super::{HashCost, HashError, HasherFigures, Secrets, phc::Stored};

/// The increase of the hashing threads' nice value: when cores are short, pages are answered first. They
/// still get a quarter of a core that is busy with requests, so that a flood of cheap ones does not stop
/// sign-ins.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 5;
/// The weight of past computations in the mean, which follows about the last dozen.
const MEAN_WEIGHT: u64 = 8;
const LEAST_RETRY: Duration = Duration::from_secs(1);
/// How long a thread without work keeps its buffer. A sign-in now and then costs some milliseconds more
/// without one; a server that makes pictures meanwhile has the memory.
const BUFFER_KEPT: Duration = Duration::from_secs(1);

pub(super) type Output = Zeroizing<Vec<u8>>;
pub(super) type OutputReceiver = oneshot::Receiver<Result<Output, HashError>>;

/// The input of one computation. Dropping it wipes the password.
pub(super) enum Computation {
    /// A hash of ours.
    Own { password: Zeroizing<Vec<u8>>, stored: Stored },
    /// Whether a password is that of another product's hash: one byte, 1 or 0.
    Foreign { typed: Typed, hash: Arc<ForeignHash>, secrets: Arc<Secrets> },
}

impl Computation {
    pub(super) fn own(password: Zeroizing<Vec<u8>>, stored: &Stored) -> Self {
        Self::Own { password, stored: stored.clone() }
    }
}

struct Job {
    computation: Computation,
    reply: oneshot::Sender<Result<Output, HashError>>,
}

pub(super) struct Queue {
    /// Clients take turns, so that a client that fills its share delays another by one computation.
    jobs: Turns<Job>,
    closed: bool,
}

pub(super) struct Shared {
    queue: Mutex<Queue>,
    arrived: Condvar,
    blocks_kept: usize,
    computed: AtomicU64,
    /// The time that all computations took together.
    spent_nanos: AtomicU64,
    /// The threads that compute now.
    busy: AtomicUsize,
    refused: AtomicU64,
    /// How many of the refused were taken by [`Pool::take_refused`].
    refused_taken: AtomicU64,
    mean_nanos: AtomicU64,
}

/// The caller's end of the pool. Dropping it ends the threads.
pub(super) struct Pool {
    shared: Arc<Shared>,
    threads: NonZeroUsize,
    queue: NonZeroUsize,
    /// The part of the queue that one client may fill.
    share: NonZeroUsize,
}

impl Pool {
    pub(super) fn new(
        cost: HashCost,
        threads: NonZeroUsize,
        queue: NonZeroUsize,
        share: NonZeroUsize,
    ) -> Self {
        let shared = Shared {
            queue: Mutex::new(Queue { jobs: Turns::default(), closed: false }),
            arrived: Condvar::new(),
            // A block is 1 KiB.
            blocks_kept: cost.memory_kib() as usize,
            computed: AtomicU64::new(0),
            spent_nanos: AtomicU64::new(0),
            busy: AtomicUsize::new(0),
            refused: AtomicU64::new(0),
            refused_taken: AtomicU64::new(0),
            mean_nanos: AtomicU64::new(0),
        };
        Self { shared: Arc::new(shared), threads, queue, share }
    }

    pub(super) fn spawn_threads(&self) -> io::Result<()> {
        for number in 0..self.threads.get() {
            let shared = Arc::clone(&self.shared);
            thread::Builder::new().name(format!("hasher-{number}")).spawn(move || {
                lower_priority();
                shared.work();
            })?;
        }
        Ok(())
    }

    pub(super) async fn compute(&self, computation: Computation, client: u64) -> Result<Output, HashError> {
        let answer = self.submit(computation, client)?;
        answer.await.unwrap_or(Err(HashError::Stopped))
    }

    /// Queues a computation for `client`; it is skipped if the receiver is dropped before its turn.
    pub(super) fn submit(&self, computation: Computation, client: u64) -> Result<OutputReceiver, HashError> {
        let (reply, answer) = oneshot::channel();
        let mut queue = self.shared.lock();
        let jobs = &mut queue.jobs;
        let wanted = |waiting: &Job| !waiting.reply.is_closed();
        if jobs.len_of(client) >= self.share.get() {
            jobs.retain_of(client, wanted);
        }
        if jobs.len() >= self.queue.get() {
            jobs.retain(wanted);
        }
        let own = jobs.len_of(client);
        if own >= self.share.get() {
            drop(queue);
            return Err(self.busy(own));
        }
        let mut displaced = None;
        if jobs.len() >= self.queue.get() {
            // Several clients have filled the queue together. Whoever has the most gives way to a client that
            // would still have fewer.
            displaced = jobs.pop_longest(own + 1);
            if displaced.is_none() {
                let waiting = jobs.len();
                drop(queue);
                return Err(self.busy(waiting));
            }
        }
        jobs.push(client, Job { computation, reply });
        let waiting = jobs.len();
        drop(queue);
        self.shared.arrived.notify_one();
        if let Some(Job { reply, .. }) = displaced {
            // Fails when the caller has gone.
            let _ = reply.send(Err(self.busy(waiting)));
        }
        Ok(answer)
    }

    fn busy(&self, waiting: usize) -> HashError {
        self.shared.refused.fetch_add(1, Ordering::Relaxed);
        HashError::Busy { retry_after: self.time_to_empty(waiting) }
    }

    fn time_to_empty(&self, waiting: usize) -> Duration {
        let rounds = u32::try_from(waiting.div_ceil(self.threads.get())).unwrap_or(u32::MAX);
        self.mean_time().saturating_mul(rounds).max(LEAST_RETRY)
    }

    pub(super) fn queue_len(&self) -> usize {
        self.shared.lock().jobs.len()
    }

    pub(super) fn mean_time(&self) -> Duration {
        Duration::from_nanos(self.shared.mean_nanos.load(Ordering::Relaxed))
    }

    pub(super) fn computed(&self) -> u64 {
        self.shared.computed.load(Ordering::Relaxed)
    }

    /// The computations refused since the last call.
    pub(super) fn take_refused(&self) -> u64 {
        let refused = self.shared.refused.load(Ordering::Relaxed);
        refused.saturating_sub(self.shared.refused_taken.swap(refused, Ordering::Relaxed))
    }

    pub(super) fn figures(&self) -> HasherFigures {
        let shared = &self.shared;
        HasherFigures {
            threads: self.threads.get(),
            busy: shared.busy.load(Ordering::Relaxed),
            waiting: self.queue_len(),
            room: self.queue.get(),
            computed: self.computed(),
            refused: shared.refused.load(Ordering::Relaxed),
            spent: Duration::from_nanos(shared.spent_nanos.load(Ordering::Relaxed)),
        }
    }

    #[cfg(test)]
    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut queue = self.shared.lock();
        queue.closed = true;
        let abandoned = std::mem::take(&mut queue.jobs);
        drop(queue);
        self.shared.arrived.notify_all();
        // Outside the lock, because dropping the senders wakes every waiting caller.
        drop(abandoned);
    }
}

impl Shared {
    /// Runs a hashing thread until the pool is dropped.
    pub(super) fn work(&self) {
        let mut memory = Vec::new();
        while self.work_once(&mut memory) {}
    }

    /// Waits for a computation and does it. Returns `false` when the pool was dropped.
    pub(super) fn work_once(&self, memory: &mut Vec<Block>) -> bool {
        let Some(Job { computation, reply }) = self.next_job(memory) else { return false };
        if reply.is_closed() {
            return true;
        }
        self.busy.fetch_add(1, Ordering::Relaxed);
        let started = Instant::now();
        // A panic must not end the thread, which would leave the pool narrower for good.
        let result =
            catch_unwind(AssertUnwindSafe(|| computation.compute(memory))).unwrap_or(Err(HashError::Stopped));
        drop(computation);
        self.busy.fetch_sub(1, Ordering::Relaxed);
        self.record(started.elapsed());
        // Fails when the caller has gone.
        let _ = reply.send(result);
        if memory.len() > self.blocks_kept {
            *memory = Vec::new();
        }
        true
    }

    fn next_job(&self, memory: &mut Vec<Block>) -> Option<Job> {
        let mut queue = self.lock();
        while !queue.closed {
            if let Some(job) = queue.jobs.pop() {
                return Some(job);
            }
            self.wait(&mut queue, memory, BUFFER_KEPT);
        }
        None
    }

    /// Waits until the queue has changed. When nothing arrives for `kept`, the buffer is given back.
    pub(super) fn wait(&self, queue: &mut MutexGuard<'_, Queue>, memory: &mut Vec<Block>, kept: Duration) {
        if memory.is_empty() {
            self.arrived.wait(queue);
        } else if self.arrived.wait_for(queue, kept).timed_out() {
            MutexGuard::unlocked(queue, || *memory = Vec::new());
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock()
    }

    fn record(&self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let _ = self.mean_nanos.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |mean| {
            Some(match mean {
                0 => nanos,
                mean => mean - mean / MEAN_WEIGHT + nanos / MEAN_WEIGHT,
            })
        });
        self.spent_nanos.fetch_add(nanos, Ordering::Relaxed);
        self.computed.fetch_add(1, Ordering::Relaxed);
    }
}

impl Computation {
    // `memory` is not wiped: wiping would slow every hash, and the next one overwrites it.
    fn compute(&self, memory: &mut Vec<Block>) -> Result<Output, HashError> {
        let (password, stored) = match self {
            Self::Own { password, stored } => (password, stored),
            Self::Foreign { typed, hash, secrets } => {
                let matches = hash.verify(typed, secrets.as_ref()).map_err(|error| match error {
                    VerifyError::OutOfMemory => HashError::OutOfMemory,
                    VerifyError::SecretMissing(_) => HashError::SecretMissing,
                    VerifyError::Library => HashError::Unsupported,
                })?;
                return Ok(Zeroizing::new(vec![u8::from(matches)]));
            }
        };
        let params = stored.params().map_err(|_| HashError::Unsupported)?;
        let blocks = params.block_count();
        fit(memory, blocks)?;
        let mut output = Zeroizing::new(vec![0; stored.output().len()]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(password, stored.salt(), &mut output, &mut memory[..blocks])
            .map_err(|_| HashError::Unsupported)?;
        Ok(output)
    }
}

fn fit(kept: &mut Vec<Block>, blocks: usize) -> Result<(), HashError> {
    if kept.len() < blocks {
        // The old buffer is freed first, so that the two never exist at the same time.
        *kept = Vec::new();
        kept.try_reserve_exact(blocks).map_err(|_| HashError::OutOfMemory)?;
        // Every hash accesses the whole buffer in random order, which huge pages make 5 % faster.
        memory::with_huge_pages(|| kept.resize(blocks, Block::new()));
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn lower_priority() {
    // On Linux the nice value belongs to the calling thread. Hashing works without it, so a refusal is
    // ignored.
    let _ = rustix::process::nice(NICENESS);
}

#[cfg(not(target_os = "linux"))]
fn lower_priority() {}
