//! The hashing threads, their queue, and the buffer of each thread.

use std::{
    collections::VecDeque,
    io,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Block, Version};
use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::{HashCost, HashError, phc::Stored};

/// The increase of the hashing threads' nice value: when cores are short, pages are answered first.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;
/// The weight of past computations in the mean, which follows about the last dozen.
const MEAN_WEIGHT: u64 = 8;
const LEAST_RETRY: Duration = Duration::from_secs(1);

type Output = Zeroizing<Vec<u8>>;
type OutputReceiver = oneshot::Receiver<Result<Output, HashError>>;

/// The input of one computation. Dropping it wipes the password.
pub(super) struct Recipe {
    password: Zeroizing<Vec<u8>>,
    stored: Stored,
}

impl Recipe {
    pub(super) fn new(password: Zeroizing<Vec<u8>>, stored: &Stored) -> Self {
        Self { password, stored: stored.clone() }
    }
}

struct Job {
    recipe: Recipe,
    reply: oneshot::Sender<Result<Output, HashError>>,
}

struct Queue {
    jobs: VecDeque<Job>,
    closed: bool,
}

pub(super) struct Shared {
    queue: Mutex<Queue>,
    arrived: Condvar,
    blocks_kept: usize,
    computed: AtomicU64,
    mean_nanos: AtomicU64,
}

/// The caller's end of the pool. Dropping it ends the threads.
pub(super) struct Pool {
    shared: Arc<Shared>,
    threads: NonZeroUsize,
    queue: NonZeroUsize,
}

impl Pool {
    pub(super) fn new(cost: HashCost, threads: NonZeroUsize, queue: NonZeroUsize) -> Self {
        let shared = Shared {
            queue: Mutex::new(Queue { jobs: VecDeque::new(), closed: false }),
            arrived: Condvar::new(),
            // A block is 1 KiB.
            blocks_kept: cost.memory_kib() as usize,
            computed: AtomicU64::new(0),
            mean_nanos: AtomicU64::new(0),
        };
        Self { shared: Arc::new(shared), threads, queue }
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

    pub(super) async fn compute(&self, recipe: Recipe) -> Result<Output, HashError> {
        let answer = self.submit(recipe)?;
        answer.await.unwrap_or(Err(HashError::Stopped))
    }

    /// Queues a computation; it is skipped if the receiver is dropped before its turn.
    pub(super) fn submit(&self, recipe: Recipe) -> Result<OutputReceiver, HashError> {
        let (reply, answer) = oneshot::channel();
        let mut queue = self.shared.queue.lock();
        if queue.jobs.len() >= self.queue.get() {
            queue.jobs.retain(|waiting| !waiting.reply.is_closed());
        }
        let waiting = queue.jobs.len();
        if waiting >= self.queue.get() {
            drop(queue);
            return Err(HashError::Busy { retry_after: self.time_to_empty(waiting) });
        }
        queue.jobs.push_back(Job { recipe, reply });
        drop(queue);
        self.shared.arrived.notify_one();
        Ok(answer)
    }

    fn time_to_empty(&self, waiting: usize) -> Duration {
        let rounds = u32::try_from(waiting.div_ceil(self.threads.get())).unwrap_or(u32::MAX);
        self.mean_time().saturating_mul(rounds).max(LEAST_RETRY)
    }

    pub(super) fn queue_len(&self) -> usize {
        self.shared.queue.lock().jobs.len()
    }

    pub(super) fn mean_time(&self) -> Duration {
        Duration::from_nanos(self.shared.mean_nanos.load(Ordering::Relaxed))
    }

    pub(super) fn computed(&self) -> u64 {
        self.shared.computed.load(Ordering::Relaxed)
    }

    #[cfg(test)]
    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut queue = self.shared.queue.lock();
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
        while let Some(Job { recipe, reply }) = self.next_job() {
            if reply.is_closed() {
                continue;
            }
            let started = Instant::now();
            // A panic must not end the thread, which would leave the pool narrower for good.
            let result = catch_unwind(AssertUnwindSafe(|| recipe.compute(&mut memory)))
                .unwrap_or(Err(HashError::Stopped));
            drop(recipe);
            self.record(started.elapsed());
            // Fails when the caller has gone.
            let _ = reply.send(result);
            if memory.len() > self.blocks_kept {
                memory = Vec::new();
            }
        }
    }

    fn next_job(&self) -> Option<Job> {
        let mut queue = self.queue.lock();
        while !queue.closed {
            if let Some(job) = queue.jobs.pop_front() {
                return Some(job);
            }
            self.arrived.wait(&mut queue);
        }
        None
    }

    fn record(&self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let _ = self.mean_nanos.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |mean| {
            Some(match mean {
                0 => nanos,
                mean => mean - mean / MEAN_WEIGHT + nanos / MEAN_WEIGHT,
            })
        });
        self.computed.fetch_add(1, Ordering::Relaxed);
    }
}

impl Recipe {
    // `memory` is not wiped: wiping would slow every hash, and the next one overwrites it.
    fn compute(&self, memory: &mut Vec<Block>) -> Result<Output, HashError> {
        let params = self.stored.params().map_err(|_| HashError::Unsupported)?;
        let blocks = params.block_count();
        fit(memory, blocks)?;
        let mut output = Zeroizing::new(vec![0; self.stored.output().len()]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(
                &self.password,
                self.stored.salt(),
                &mut output,
                &mut memory[..blocks],
            )
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
