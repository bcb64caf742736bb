//! Password hashing with Argon2id: one thread for each core, behind a bounded queue. One Argon2id computation
//! saturates a core and fills 19 MiB, so more simultaneous computations would only cost memory. A computation
//! that does not fit into the queue is refused at once, so that a storm of sign-ins gets quick answers.
//!
//! Each computation is for a *client*, a number whose meaning is the caller's business. The clients take
//! turns, and one client may fill only a part of the queue.
#![forbid(unsafe_code)]

mod cost;
mod phc;
mod pool;
#[cfg(test)]
mod tests;

use std::{fmt, num::NonZeroUsize, sync::Arc, time::Duration};

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub use cost::{CostError, HashCost, LEAST_MEMORY_KIB, LEAST_PASSES, MOST_MEMORY_KIB};
pub use phc::PasswordHash;

use phc::Stored;
use pool::{Pool, Recipe};

/// The source of salts. It fills the whole slice with cryptographically secure random bytes.
pub type RandomBytes = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// The default number of waiting computations per thread: about 1.5 s of waiting at the default cost.
pub const DEFAULT_QUEUE_PER_THREAD: usize = 100;

/// The part of the queue that one client may fill by default: a quarter.
const SHARE: usize = 4;

/// The settings of a [`Hasher`].
#[derive(Debug, Clone)]
pub struct HasherSettings {
    /// The cost of new hashes. Default: [`HashCost::default`].
    pub cost: HashCost,
    /// The hashing threads; each has a buffer of `cost.memory_kib()` while it works. Default: the available
    /// cores.
    pub threads: NonZeroUsize,
    /// The maximum number of waiting computations of all threads together. Default:
    /// [`DEFAULT_QUEUE_PER_THREAD`] per thread.
    pub queue: NonZeroUsize,
    /// The maximum number of waiting computations of one client. Default: a quarter of the default queue.
    pub share: NonZeroUsize,
}

impl HasherSettings {
    /// A quarter of a queue of this length, at least one: what one client may fill of it.
    #[must_use]
    pub fn quarter(queue: NonZeroUsize) -> NonZeroUsize {
        NonZeroUsize::new(queue.get() / SHARE).unwrap_or(NonZeroUsize::MIN)
    }
}

impl Default for HasherSettings {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let per_thread = NonZeroUsize::new(DEFAULT_QUEUE_PER_THREAD).unwrap_or(NonZeroUsize::MIN);
        let queue = threads.saturating_mul(per_thread);
        Self { cost: HashCost::default(), threads, queue, share: Self::quarter(queue) }
    }
}

/// Why no hash was computed, or why the computed one is meaningless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashError {
    /// The queue, or the client's share of it, is full; nothing was computed.
    Busy {
        /// The time after which the queue will probably be empty; at least one second.
        retry_after: Duration,
    },
    /// The stored hash is not a canonical PHC string of Argon2id, or exceeds the bounds. A hash was computed
    /// as for an unknown account. Treat the password as not matching.
    Unsupported,
    /// The memory for a computation could not be allocated.
    OutOfMemory,
    /// The hasher was dropped, or the computation panicked.
    Stopped,
}

impl fmt::Display for HashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy { retry_after } => {
                write!(f, "the hashing queue is full, retry in {} s", retry_after.as_secs())
            }
            Self::Unsupported => f.write_str("the stored password hash is not supported"),
            Self::OutOfMemory => f.write_str("no memory for a password hash"),
            Self::Stopped => f.write_str("the password hasher has stopped"),
        }
    }
}

impl std::error::Error for HashError {}

/// The outcome of a verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// The password is the one that was hashed. Always `false` without a stored hash.
    pub matches: bool,
    /// The password matches and its hash is weaker than the configured cost: hash it again while it is at
    /// hand.
    pub needs_rehash: bool,
}

/// What a pool does now and has done since its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HasherFigures {
    /// The threads there are.
    pub threads: usize,
    /// The threads that compute now.
    pub busy: usize,
    /// The computations that wait for a thread.
    pub waiting: usize,
    /// How many may wait.
    pub room: usize,
    /// Computations since the start.
    pub computed: u64,
    /// Those that were refused as [`HashError::Busy`] since the start.
    pub refused: u64,
    /// The time that computations took together since the start.
    pub spent: Duration,
}

/// The pool of hashing threads. Share it in an [`Arc`]. Dropping it ends each thread after its current
/// computation.
pub struct Hasher {
    pool: Pool,
    cost: HashCost,
    random: RandomBytes,
    dummy: Stored,
}

impl Hasher {
    /// Starts the threads. `random` draws the salts.
    ///
    /// # Errors
    /// The operating system's error when it cannot start a thread.
    pub fn start(settings: &HasherSettings, random: RandomBytes) -> std::io::Result<Self> {
        let pool = Pool::new(settings.cost, settings.threads, settings.queue, settings.share);
        pool.spawn_threads()?;
        Ok(Self::over(pool, settings.cost, random))
    }

    fn over(pool: Pool, cost: HashCost, random: RandomBytes) -> Self {
        let mut salt = [0; phc::SALT_LEN];
        random(&mut salt);
        Self { pool, cost, random, dummy: Stored::new(cost, &salt, &[0; phc::OUTPUT_LEN]) }
    }

    /// Hashes a password of any length with a new 16-byte salt, on behalf of `client`. If the caller drops
    /// the future before its turn, nothing is computed.
    ///
    /// # Errors
    /// [`HashError::Busy`] at once when the queue or the client's share of it is full, later when a client
    /// with fewer computations came to a full queue; [`HashError::OutOfMemory`], [`HashError::Stopped`].
    pub async fn hash(&self, password: Zeroizing<Vec<u8>>, client: u64) -> Result<PasswordHash, HashError> {
        let mut salt = [0; phc::SALT_LEN];
        (self.random)(&mut salt);
        let empty = Stored::new(self.cost, &salt, &[0; phc::OUTPUT_LEN]);
        let output = self.pool.compute(Recipe::new(password, &empty), client).await?;
        Ok(Stored::new(self.cost, &salt, &output).to_phc())
    }

    /// Compares a password with a stored hash on behalf of `client`, at that hash's own cost. `None`, for an
    /// account that does not exist or has no password, computes a hash at the configured cost and never
    /// matches. A stored hash of another cost takes another time, which reveals that the account exists;
    /// `needs_rehash` ends this at the owner's next sign-in.
    ///
    /// # Errors
    /// Those of [`Hasher::hash`], and [`HashError::Unsupported`].
    pub async fn verify(
        &self,
        password: Zeroizing<Vec<u8>>,
        stored: Option<&str>,
        client: u64,
    ) -> Result<Verified, HashError> {
        let known = stored.map(Stored::parse);
        let expected = match &known {
            Some(Some(stored)) => stored,
            Some(None) | None => &self.dummy,
        };
        let output = self.pool.compute(Recipe::new(password, expected), client).await?;
        let equal = bool::from(output.as_slice().ct_eq(expected.output()));
        match known {
            None => Ok(Verified { matches: false, needs_rehash: false }),
            Some(None) => Err(HashError::Unsupported),
            Some(Some(stored)) => {
                Ok(Verified { matches: equal, needs_rehash: equal && stored.is_weaker_than(self.cost) })
            }
        }
    }

    /// The number of computations that wait for a thread.
    fn queue_len(&self) -> usize {
        self.pool.queue_len()
    }

    /// The mean wall-clock time of recent computations; zero before the first is done.
    fn mean_hash_time(&self) -> Duration {
        self.pool.mean_time()
    }

    /// The number of computations since the start. Computations skipped because their caller had gone do not
    /// count.
    #[must_use]
    pub fn computed(&self) -> u64 {
        self.pool.computed()
    }

    /// The number of computations that were refused as [`HashError::Busy`] since the last call.
    #[must_use]
    pub fn take_refused(&self) -> u64 {
        self.pool.take_refused()
    }

    /// What the pool does now and has done since its start.
    #[must_use]
    pub fn figures(&self) -> HasherFigures {
        self.pool.figures()
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher")
            .field("cost", &self.cost)
            .field("queue_len", &self.queue_len())
            .field("mean_hash_time", &self.mean_hash_time())
            .finish_non_exhaustive()
    }
}
