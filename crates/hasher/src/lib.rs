//! Password hashing with Argon2id: one thread for each core, behind a bounded queue. One Argon2id computation
//! saturates a core and fills 19 MiB, so more simultaneous computations would only cost memory. A computation
//! that does not fit into the queue is refused at once, so that a storm of sign-ins gets quick answers.
//!
//! Each computation is for a *client*, a number whose meaning is the caller's business. The clients take
//! turns, and one client may fill only a part of the queue.
#![forbid(unsafe_code)]

mod cost;
mod imitation;
mod phc;
mod pool;
mod presented;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt, num::NonZeroUsize, sync::Arc, time::Duration};

use parking_lot::RwLock;
use recipes::{Bounds, ForeignHash, Pepper};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub use cost::{CostError, HashCost, LEAST_MEMORY_KIB, LEAST_PASSES, MOST_MEMORY_KIB};
pub use phc::PasswordHash;
pub use presented::Presented;

use imitation::Imitation;
use phc::Stored;
use pool::{Computation, Pool};

/// The secrets of servers whose hashes were imported, by the names that the hashes call them by.
pub type Secrets = BTreeMap<String, Pepper>;

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
    /// The stored hash is another product's, and the secret that it is made with was not given. Treat the
    /// password as not matching, and tell the operator.
    SecretMissing,
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
            Self::SecretMissing => f.write_str("the secret of an imported password hash is missing"),
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
    secrets: Arc<Secrets>,
    imitation: RwLock<Imitation>,
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
        let dummy = Stored::new(cost, &salt, &[0; phc::OUTPUT_LEN]);
        Self { pool, cost, random, dummy, secrets: Arc::default(), imitation: RwLock::default() }
    }

    /// Verifies imported hashes with these secrets.
    #[must_use]
    pub fn with_secrets(self, secrets: Secrets) -> Self {
        Self { secrets: Arc::new(secrets), ..self }
    }

    /// Has unknown accounts cost what the known ones do. `stored` are hashes of accounts picked at random,
    /// each for as many accounts as the others.
    pub fn imitate<'a>(&self, stored: impl IntoIterator<Item = &'a str>) {
        let bounds = Bounds::default();
        let of = |text| ForeignHash::from_text(text, &bounds).ok().map(Arc::new);
        *self.imitation.write() = Imitation::of(stored.into_iter().map(of).collect());
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
        let output = self.pool.compute(Computation::own(password, &empty), client).await?;
        Ok(Stored::new(self.cost, &salt, &output).to_phc())
    }

    /// Compares a password with a stored hash on behalf of `client`, at that hash's own cost and, if another
    /// product made it, in its own recipe; such a hash is always to be hashed again. A stored hash of another
    /// cost takes another time; `needs_rehash` ends this at the owner's next sign-in.
    ///
    /// # Errors
    /// Those of [`Hasher::hash`], [`HashError::Unsupported`] and [`HashError::SecretMissing`].
    pub async fn verify(
        &self,
        password: impl Into<Presented>,
        stored: &str,
        client: u64,
    ) -> Result<Verified, HashError> {
        let password = password.into();
        if ForeignHash::is_text(stored) {
            return match ForeignHash::from_text(stored, &Bounds::default()) {
                Ok(hash) => self.verify_foreign(password, Arc::new(hash), client).await,
                Err(_) => self.verify_own(password, None, client).await,
            };
        }
        self.verify_own(password, Stored::parse(stored), client).await
    }

    /// Does the work of [`verify`](Self::verify) for an account that does not exist or has no password, and
    /// never matches. `like` is a number of the name that was typed: the same name costs the same each time,
    /// as an account would, and of many names as many cost what a recipe does as there are accounts with it,
    /// see [`imitate`](Self::imitate).
    ///
    /// # Errors
    /// Those of [`Hasher::hash`].
    pub async fn verify_unknown(
        &self,
        password: impl Into<Presented>,
        like: u64,
        client: u64,
    ) -> Result<Verified, HashError> {
        let password = password.into();
        let imitated = self.imitation.read().like(like);
        let done = match imitated {
            Some(hash) => self.verify_foreign(password, hash, client).await,
            None => self.verify_own(password, Some(self.dummy.clone()), client).await,
        };
        match done {
            Ok(_) | Err(HashError::Unsupported | HashError::SecretMissing) => {
                Ok(Verified { matches: false, needs_rehash: false })
            }
            Err(error) => Err(error),
        }
    }

    async fn verify_own(
        &self,
        password: Presented,
        stored: Option<Stored>,
        client: u64,
    ) -> Result<Verified, HashError> {
        let expected = stored.as_ref().unwrap_or(&self.dummy);
        let output = self.pool.compute(Computation::own(password.composed, expected), client).await?;
        let equal = bool::from(output.as_slice().ct_eq(expected.output()));
        let stored = stored.ok_or(HashError::Unsupported)?;
        Ok(Verified { matches: equal, needs_rehash: equal && stored.is_weaker_than(self.cost) })
    }

    async fn verify_foreign(
        &self,
        password: Presented,
        hash: Arc<ForeignHash>,
        client: u64,
    ) -> Result<Verified, HashError> {
        let secrets = Arc::clone(&self.secrets);
        let computation = Computation::Foreign { typed: password.typed, hash, secrets };
        let matches = self.pool.compute(computation, client).await?.as_slice() == [1];
        Ok(Verified { matches, needs_rehash: matches })
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
