//! Password hashing with Argon2id in a pool of threads as wide as the cores, behind a bounded queue. One
//! Argon2id computation saturates a core and fills 19 MiB, so more of them at once only cost memory. A
//! computation that does not fit into the queue is refused at once: a storm of sign-ins ends in quick
//! answers.
#![forbid(unsafe_code)]

mod cost;
mod phc;
mod pool;
#[cfg(test)]
mod tests;

use std::{fmt, num::NonZeroUsize, sync::Arc, time::Duration};

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub use cost::{CostError, HashCost};
pub use phc::PasswordHash;

use phc::Stored;
use pool::{Pool, Recipe};

/// Where salts come from: fills the whole slice with bytes fit for cryptography.
pub type RandomBytes = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// Waiting computations per thread unless set otherwise: about 1.5 s of waiting at the default cost.
pub const DEFAULT_QUEUE_PER_THREAD: usize = 100;

/// How a [`Hasher`] is built.
#[derive(Debug, Clone)]
pub struct HasherSettings {
    /// The cost of new hashes. Default: [`HashCost::default`].
    pub cost: HashCost,
    /// Hashing threads; each keeps a buffer of `cost.memory_kib()`. Default: the available cores.
    pub threads: NonZeroUsize,
    /// Computations that may wait, over all threads. Default: [`DEFAULT_QUEUE_PER_THREAD`] per thread.
    pub queue: NonZeroUsize,
}

impl Default for HasherSettings {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self {
            cost: HashCost::default(),
            threads,
            queue: threads
                .saturating_mul(NonZeroUsize::new(DEFAULT_QUEUE_PER_THREAD).unwrap_or(NonZeroUsize::MIN)),
        }
    }
}

/// Why no hash was computed, or why its outcome means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashError {
    /// The queue is full; nothing was computed.
    Busy {
        /// When the queue will probably be empty; at least one second.
        retry_after: Duration,
    },
    /// The stored hash is no canonical PHC string of Argon2id, or lies outside the bounds that are computed
    /// at all. The work of an unknown account was done; treat it as "does not match".
    Unsupported,
    /// The memory for a computation could not be allocated.
    OutOfMemory,
    /// The hasher was dropped, or a computation failed inside.
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
    /// The password is the one that was hashed. Always false where there was no stored hash.
    pub matches: bool,
    /// The password matches and its hash is weaker than the configured cost: hash the password again while it
    /// is at hand.
    pub needs_rehash: bool,
}

/// The pool. Share it in an [`Arc`]; dropping it ends its threads, each after the computation it is in.
pub struct Hasher {
    pool: Pool,
    cost: HashCost,
    random: RandomBytes,
    dummy: Stored,
}

impl Hasher {
    /// Starts the threads. `random` draws salts.
    ///
    /// # Errors
    /// The system's, when it refuses a thread.
    pub fn start(settings: &HasherSettings, random: RandomBytes) -> std::io::Result<Self> {
        let pool = Pool::new(settings.cost, settings.threads, settings.queue);
        pool.spawn_threads()?;
        Ok(Self::over(pool, settings.cost, random))
    }

    fn over(pool: Pool, cost: HashCost, random: RandomBytes) -> Self {
        let mut salt = [0; phc::SALT_LEN];
        random(&mut salt);
        Self { pool, cost, random, dummy: Stored::new(cost, &salt, &[0; phc::OUTPUT_LEN]) }
    }

    /// Hashes a password of any length with a fresh 16-byte salt. A caller that goes away before its turn
    /// costs nothing.
    ///
    /// # Errors
    /// [`HashError::Busy`] at once when the queue is full, [`HashError::OutOfMemory`],
    /// [`HashError::Stopped`].
    pub async fn hash(&self, password: Zeroizing<Vec<u8>>) -> Result<PasswordHash, HashError> {
        let mut salt = [0; phc::SALT_LEN];
        (self.random)(&mut salt);
        let empty = Stored::new(self.cost, &salt, &[0; phc::OUTPUT_LEN]);
        let output = self.pool.compute(Recipe::new(password, &empty)).await?;
        Ok(Stored::new(self.cost, &salt, &output).to_phc())
    }

    /// Compares a password with a stored hash, at that hash's own cost. `None`, for an account that does not
    /// exist or has no password, does the work of a hash at the configured cost and never matches. (The time
    /// tells a hash of another cost from an unknown account until its owner's next sign-in, when
    /// `needs_rehash` has it replaced.)
    ///
    /// # Errors
    /// As [`Hasher::hash`], and [`HashError::Unsupported`].
    pub async fn verify(
        &self,
        password: Zeroizing<Vec<u8>>,
        stored: Option<&str>,
    ) -> Result<Verified, HashError> {
        let known = stored.map(Stored::parse);
        let expected = match &known {
            Some(Some(stored)) => stored,
            Some(None) | None => &self.dummy,
        };
        let output = self.pool.compute(Recipe::new(password, expected)).await?;
        let equal = bool::from(output.as_slice().ct_eq(expected.output()));
        match known {
            None => Ok(Verified { matches: false, needs_rehash: false }),
            Some(None) => Err(HashError::Unsupported),
            Some(Some(stored)) => {
                Ok(Verified { matches: equal, needs_rehash: equal && stored.is_weaker_than(self.cost) })
            }
        }
    }

    /// Computations that wait for a thread.
    fn queue_len(&self) -> usize {
        self.pool.queue_len()
    }

    /// The recent mean wall-clock time of one computation; zero before the first is done.
    fn mean_hash_time(&self) -> Duration {
        self.pool.mean_time()
    }

    /// Computations done since the start. Those skipped because their caller had gone are not counted.
    #[must_use]
    pub fn computed(&self) -> u64 {
        self.pool.computed()
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
