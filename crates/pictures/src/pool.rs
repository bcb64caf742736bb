//! Threads for pictures only, one for each core, behind a bounded queue in which clients take turns. A
//! thread's heap keeps a picture's memory for a while. On a shared pool, twenty uploads could leave such
//! memory behind on twenty threads.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use turns::Turns;

use super::{Crop, Picture, PictureError, PictureWorkshop};

/// The most pictures that wait for each thread. A photograph takes about 50 ms, and its file waits on the
/// disk.
const WAITING_PER_THREAD: usize = 32;
/// The part of the queue that one client may fill.
const SHARE: usize = 4;
/// The increase of the threads' nice value, as for hashing: when cores are short, pages are answered first.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;
/// The weight of past pictures in the mean time, which follows about the last dozen.
const MEAN_WEIGHT: u64 = 8;
const LEAST_RETRY: Duration = Duration::from_secs(1);

struct Job {
    client: u64,
    file: File,
    crop: Option<Crop>,
    done: oneshot::Sender<Result<Picture, PictureError>>,
}

/// What a pool does now and has done since its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureFigures {
    /// The threads that work at a picture now.
    pub busy: usize,
    /// The pictures that wait for a thread.
    pub waiting: usize,
    /// Pictures that were made since the start.
    pub made: u64,
    /// Files that were no usable picture, or could not be read.
    pub unusable: u64,
    /// Those that were refused as [`PictureError::Busy`].
    pub refused: u64,
    /// The time that pictures took together since the start.
    pub spent: Duration,
}

/// A workshop and its threads, which end when the pool is dropped.
pub struct PicturePool {
    shared: Arc<Shared>,
    threads: usize,
    most_waiting: usize,
}

struct Shared {
    workshop: PictureWorkshop,
    queue: Mutex<Queue>,
    arrived: Condvar,
    mean_nanos: AtomicU64,
    /// The time that all pictures took together.
    spent_nanos: AtomicU64,
    made: AtomicU64,
    unusable: AtomicU64,
    refused: AtomicU64,
    /// The threads that work for one client at a time: half of them. A picture is not interrupted, so a
    /// client that had all threads would keep everybody else waiting for its largest ones. Pictures that need
    /// most of the memory wait for each other all the same, see [`DecodeBudget`](super::DecodeBudget).
    threads_each: usize,
}

#[derive(Default)]
struct Queue {
    jobs: Turns<Job>,
    /// The threads that work for each client now.
    at_work: HashMap<u64, usize>,
    closed: bool,
}

/// A picture that a thread works at. Dropping it, by a panic too, lets the client have another.
struct AtWork<'a> {
    shared: &'a Shared,
    client: u64,
}

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        let mut queue = self.shared.lock();
        if let Some(threads) = queue.at_work.get_mut(&self.client) {
            *threads -= 1;
            if *threads == 0 {
                queue.at_work.remove(&self.client);
            }
        }
        drop(queue);
        self.shared.arrived.notify_one();
    }
}

impl PicturePool {
    /// Starts one thread for each core.
    ///
    /// # Errors
    /// The operating system's error when it cannot start a thread.
    pub fn start(workshop: PictureWorkshop) -> io::Result<Self> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let pool = Self::idle(workshop, threads, threads * WAITING_PER_THREAD);
        for _ in 0..threads {
            let shared = pool.shared.clone();
            std::thread::Builder::new().name("pictures".into()).spawn(move || {
                lower_priority();
                while let Some(job) = shared.next() {
                    shared.run(job);
                }
            })?;
        }
        Ok(pool)
    }

    /// A pool whose threads are still to be started.
    fn idle(workshop: PictureWorkshop, threads: usize, most_waiting: usize) -> Self {
        let queue = Mutex::default();
        let threads_each = (threads / 2).max(1);
        let shared = Shared {
            workshop,
            queue,
            arrived: Condvar::new(),
            mean_nanos: AtomicU64::new(0),
            spent_nanos: AtomicU64::new(0),
            made: AtomicU64::new(0),
            unusable: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            threads_each,
        };
        Self { shared: Arc::new(shared), threads, most_waiting }
    }

    /// Makes a picture of `file`, see [`PictureWorkshop::process`], when it is the turn of `client`, a number
    /// whose meaning is the caller's. If the caller drops the future before, nothing is computed.
    ///
    /// # Errors
    /// `Busy` at once when the client has filled a quarter of the queue, or when the queue is full of clients
    /// that do not have more than this one; later when a client that has less takes this one's newest place.
    /// Those of [`PictureWorkshop::process`].
    pub async fn process(
        &self,
        client: u64,
        file: File,
        crop: Option<Crop>,
    ) -> Result<Picture, PictureError> {
        let picture = self.submit(client, file, crop)?;
        let stopped = || PictureError::Storage(io::Error::other("the threads for pictures have stopped"));
        picture.await.map_err(|_| stopped())?
    }

    fn submit(
        &self,
        client: u64,
        file: File,
        crop: Option<Crop>,
    ) -> Result<oneshot::Receiver<Result<Picture, PictureError>>, PictureError> {
        let (done, picture) = oneshot::channel();
        let mut queue = self.shared.lock();
        let share = (self.most_waiting / SHARE).max(1);
        if queue.jobs.len() >= self.most_waiting || queue.jobs.len_of(client) >= share {
            queue.jobs.retain(|waiting| !waiting.done.is_closed());
        }
        let own = queue.jobs.len_of(client);
        if own >= share {
            return Err(self.refuse(&queue));
        }
        let mut given_up = None;
        if queue.jobs.len() >= self.most_waiting {
            given_up = queue.jobs.pop_longest(own + 1);
            if given_up.is_none() {
                return Err(self.refuse(&queue));
            }
        }
        queue.jobs.push(client, Job { client, file, crop, done });
        let given_up = given_up.map(|job| (job, self.refuse(&queue)));
        drop(queue);
        self.shared.arrived.notify_one();
        if let Some((Job { done, .. }, busy)) = given_up {
            // Fails when its caller has gone meanwhile.
            let _ = done.send(Err(busy));
        }
        Ok(picture)
    }

    /// What the pool does now and has done since its start.
    #[must_use]
    pub fn figures(&self) -> PictureFigures {
        let queue = self.shared.lock();
        let (busy, waiting) = (queue.at_work.values().sum(), queue.jobs.len());
        drop(queue);
        let counted = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let Shared { made, unusable, refused, spent_nanos, .. } = &*self.shared;
        PictureFigures {
            busy,
            waiting,
            made: counted(made),
            unusable: counted(unusable),
            refused: counted(refused),
            spent: Duration::from_nanos(counted(spent_nanos)),
        }
    }

    /// The refusal, with the time after which the queue will probably be empty.
    fn refuse(&self, queue: &Queue) -> PictureError {
        self.shared.refused.fetch_add(1, Ordering::Relaxed);
        let rounds = queue.jobs.len().div_ceil(self.threads.max(1));
        let mean = Duration::from_nanos(self.shared.mean_nanos.load(Ordering::Relaxed));
        let time = mean.saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX));
        PictureError::Busy { retry_after: time.max(LEAST_RETRY) }
    }
}

impl Drop for PicturePool {
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
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the next job whose caller still waits and whose client has a thread free; `None` once the
    /// pool is dropped.
    fn next(&self) -> Option<Job> {
        let mut queue = self.lock();
        while !queue.closed {
            let Queue { jobs, at_work, .. } = &mut *queue;
            let free = |client| at_work.get(&client).is_none_or(|threads| *threads < self.threads_each);
            match jobs.pop_of(free) {
                Some(job) if job.done.is_closed() => {}
                Some(job) => {
                    *at_work.entry(job.client).or_default() += 1;
                    return Some(job);
                }
                None => queue = self.arrived.wait(queue).unwrap_or_else(PoisonError::into_inner),
            }
        }
        None
    }

    fn run(&self, Job { client, file, crop, done }: Job) {
        let _at_work = AtWork { shared: self, client };
        let start = Instant::now();
        let picture = memory::with_huge_pages(|| self.workshop.process(file, crop));
        let nanos = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.spent_nanos.fetch_add(nanos, Ordering::Relaxed);
        let counter = if picture.is_ok() { &self.made } else { &self.unusable };
        counter.fetch_add(1, Ordering::Relaxed);
        let _ = self.mean_nanos.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |mean| {
            Some(if mean == 0 { nanos } else { mean - mean / MEAN_WEIGHT + nanos / MEAN_WEIGHT })
        });
        // Fails when the caller has gone.
        let _ = done.send(picture);
    }
}

#[cfg(target_os = "linux")]
fn lower_priority() {
    // On Linux the nice value belongs to the calling thread. Pictures are made without it, so a refusal is
    // ignored.
    let _ = rustix::process::nice(NICENESS);
}

#[cfg(not(target_os = "linux"))]
fn lower_priority() {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    const MANY: u64 = 1;

    /// A pool without threads, so that what is submitted waits.
    fn idle(most_waiting: usize) -> PicturePool {
        PicturePool::idle(PictureWorkshop::default(), 1, most_waiting)
    }

    type Receiver = oneshot::Receiver<Result<Picture, PictureError>>;

    fn submit(pool: &PicturePool, client: u64) -> Result<Receiver, PictureError> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"no picture").unwrap();
        pool.submit(client, file, None)
    }

    fn is_busy<T>(answer: &Result<T, PictureError>) -> bool {
        matches!(answer, Err(PictureError::Busy { retry_after }) if *retry_after >= LEAST_RETRY)
    }

    #[test]
    fn one_client_has_a_quarter_of_the_queue() {
        let pool = idle(16);
        let waiting: Vec<_> = (0..4).map(|_| submit(&pool, MANY).unwrap()).collect();
        assert!(is_busy(&submit(&pool, MANY)));
        let others: Vec<_> = (2..14).map(|client| submit(&pool, client).unwrap()).collect();
        assert_eq!(pool.shared.lock().jobs.len(), waiting.len() + others.len());
    }

    #[test]
    fn in_a_full_queue_the_client_with_most_gives_way() {
        let pool = idle(8);
        let mut first = submit(&pool, MANY).unwrap();
        let mut second = submit(&pool, MANY).unwrap();
        let others: Vec<_> = (2..8).map(|client| submit(&pool, client).unwrap()).collect();
        let _newcomer = submit(&pool, 100).unwrap();
        assert!(is_busy(&second.try_recv().unwrap()) && first.try_recv().is_err());
        // Nobody has more than one now.
        assert!(is_busy(&submit(&pool, 101)));
        drop(others);
        assert!(submit(&pool, 101).is_ok(), "those who left keep nobody out");
    }

    #[test]
    fn clients_take_turns() {
        let pool = idle(100);
        let mut waiting: Vec<_> = (0..20).map(|_| submit(&pool, MANY).unwrap()).collect();
        let mut other = submit(&pool, 2).unwrap();
        for _ in 0..2 {
            let job = pool.shared.next().unwrap();
            pool.shared.run(job);
        }
        assert!(matches!(other.try_recv().unwrap(), Err(PictureError::NotAnImage)));
        let done = waiting.iter_mut().filter_map(|waiting| waiting.try_recv().ok());
        assert_eq!(done.count(), 1);
    }

    #[test]
    fn one_client_has_half_of_the_threads() {
        let pool = PicturePool::idle(PictureWorkshop::default(), 4, 100);
        let _waiting: Vec<_> = (0..5).map(|_| submit(&pool, MANY).unwrap()).collect();
        let other = submit(&pool, 2).unwrap();
        let taken: Vec<Job> = (0..3).map(|_| pool.shared.next().unwrap()).collect();
        assert_eq!(taken.iter().map(|job| job.client).collect::<Vec<_>>(), [MANY, 2, MANY]);
        drop(other);
        let free = |pool: &PicturePool| {
            let queue = pool.shared.lock();
            let mut at_work: Vec<_> =
                queue.at_work.iter().map(|(client, threads)| (*client, *threads)).collect();
            at_work.sort_unstable();
            at_work
        };
        assert_eq!(free(&pool), [(MANY, 2), (2, 1)]);
        for job in taken {
            pool.shared.run(job);
        }
        assert_eq!(free(&pool), []);
        assert_eq!(pool.shared.next().unwrap().client, MANY);
    }

    #[test]
    fn a_job_whose_sender_left_is_not_begun() {
        let pool = idle(16);
        let left: Vec<_> = (0..3).map(|_| submit(&pool, MANY).unwrap()).collect();
        let mut stays = submit(&pool, MANY).unwrap();
        drop(left);
        let job = pool.shared.next().unwrap();
        pool.shared.run(job);
        assert!(stays.try_recv().is_ok() && pool.shared.lock().jobs.is_empty());
    }

    #[tokio::test]
    #[cfg(target_os = "linux")]
    async fn the_threads_leave_the_cores_to_others() {
        let pool = PicturePool::start(PictureWorkshop::default()).unwrap();
        let file = tempfile::tempfile().unwrap();
        let answer = pool.process(MANY, file, None).await;
        assert!(matches!(answer, Err(PictureError::NotAnImage)), "{answer:?}");
        let mut nice = Vec::new();
        for task in std::fs::read_dir("/proc/self/task").unwrap() {
            let stat = std::fs::read_to_string(task.unwrap().path().join("stat")).unwrap_or_default();
            let Some((name, numbers)) = stat.rsplit_once(')') else { continue };
            if name.ends_with("(pictures") {
                nice.extend(numbers.split_whitespace().nth(16).map(str::to_owned));
            }
        }
        // A thread that has not begun yet is still as it was made.
        assert!(nice.iter().any(|nice| nice == "10"), "{nice:?}");
    }
}
