//! Limits on guesses and on every other action that strangers may take. All dialects share one limiter. A
//! guess is reserved before the password is hashed and counts as failed until it is settled, so that parallel
//! guesses cannot exceed the limit. The caller passes the time in.
//!
//! A [`Ledger`] counts guesses: [`MemoryLedger`] in the memory of this process, other implementations
//! elsewhere. Rates are always counted in memory. Counts in memory are lost on restart and are not shared
//! between instances.
#![forbid(unsafe_code)]

mod bucket;
mod day;
mod guesses;
mod ip;
mod ledger;
mod memory;
mod refusals;
mod settings;
mod table;
#[cfg(test)]
mod tests;
mod throttled;
mod wrong_codes;

use std::{
    collections::BTreeMap,
    fmt,
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

use parking_lot::Mutex;

pub use ip::ClientIp;
pub use ledger::{Device, GuessKey, Guesser, Ledger, LedgerFuture, Reservation, Settlement, Subject};
pub use memory::MemoryLedger;
pub use refusals::RefusalKind;
pub use settings::{Action, CodeRule, GuessRules, Guessing, LimiterSettings, Rate, Rates};
pub use throttled::{Refused, Throttled};

use bucket::Bucket;
use refusals::Refusals;
use table::Table;

/// The key by which a [`Rate`] is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// The client's IP.
    Ip(ClientIp),
    /// The number of an account.
    Account(i64),
    /// An identifier that no account has, by its [fingerprint](Limiter::fingerprint). It is limited like an
    /// account.
    UnknownIdentifier(u64),
}

/// The limiter. Clones share their counts.
#[derive(Clone)]
pub struct Limiter {
    /// `None`: the limiter is off and allows everything.
    shared: Option<Arc<Shared>>,
    fingerprints: Arc<RandomState>,
}

struct Shared {
    rules: GuessRules,
    rates: Rates,
    ledger: Arc<dyn Ledger>,
    buckets: Mutex<Buckets>,
    refusals: Refusals,
}

/// One table for each kind of key. A flood of one kind, which costs an attacker little, evicts nothing of
/// another kind.
struct Buckets {
    by_ip: Table<(Action, ClientIp), Bucket>,
    by_account: Table<(Action, i64), Bucket>,
    by_unknown: Table<(Action, u64), Bucket>,
}

impl Limiter {
    /// A limiter that counts guesses in the memory of this process.
    #[must_use]
    pub fn new(settings: LimiterSettings) -> Self {
        let ledger = Arc::new(MemoryLedger::new(settings.keys));
        Self::with_ledger(settings, ledger)
    }

    /// A limiter that counts guesses in `ledger`. `settings.keys` then bounds only the tables of rates.
    #[must_use]
    pub fn with_ledger(settings: LimiterSettings, ledger: Arc<dyn Ledger>) -> Self {
        let keys = settings.keys.get();
        let shared = Shared {
            rules: GuessRules { passwords: settings.guessing, codes: settings.codes },
            rates: settings.rates,
            ledger,
            buckets: Mutex::new(Buckets {
                by_ip: Table::new(keys),
                by_account: Table::new(keys),
                by_unknown: Table::new(keys),
            }),
            refusals: Refusals::default(),
        };
        Self { shared: Some(Arc::new(shared)), fingerprints: Arc::default() }
    }

    /// A limiter that allows everything.
    #[must_use]
    pub fn off() -> Self {
        Self { shared: None, fingerprints: Arc::default() }
    }

    /// A number for a typed identifier that no account has. It differs between processes. Pass the normal
    /// form by which accounts are looked up: two spellings of an unknown name must share a budget, as two
    /// spellings of an account's name do.
    #[must_use]
    pub fn fingerprint(&self, identifier: &str) -> u64 {
        self.fingerprints.hash_one(identifier)
    }

    /// Reserves one guess of a password at `now_ms` (milliseconds since the epoch). Call it before the hash
    /// is computed. A refused guess consumes nothing.
    ///
    /// # Errors
    /// `Throttled` when the guesser, or all guessers of its kind, have failed too often at the subject, or
    /// when a stranger's IP has made too many attempts ([`Action::Login`]). `Unavailable` when the ledger
    /// cannot be reached.
    pub async fn begin_login(&self, now_ms: i64, guesser: Guesser) -> Result<Attempt, Refused> {
        let ip = match guesser {
            Guesser::Stranger { ip, .. } => Some(ip),
            Guesser::KnownDevice { .. } | Guesser::TrustedServer { .. } => None,
        };
        self.begin(now_ms, GuessKey::Password(guesser), ip).await
    }

    /// Reserves one guess of a pairing code by `account` at `now_ms` (milliseconds since the epoch). Call it
    /// before the outcome is revealed.
    ///
    /// # Errors
    /// `Throttled` when the account has tried too many wrong codes, `Unavailable` when the ledger cannot be
    /// reached.
    pub async fn begin_code(&self, now_ms: i64, account: i64) -> Result<Attempt, Refused> {
        self.begin(now_ms, GuessKey::PairingCode(account), None).await
    }

    async fn begin(&self, now_ms: i64, key: GuessKey, ip: Option<ClientIp>) -> Result<Attempt, Refused> {
        let Some(shared) = &self.shared else { return Ok(Attempt { held: None }) };
        if let Some(ip) = ip {
            self.take(Action::Login, Key::Ip(ip), now_ms)?;
        }
        match shared.ledger.reserve(key, &shared.rules, now_ms).await {
            Ok(reservation) => {
                Ok(Attempt { held: Some(Held { shared: Arc::clone(shared), ip, reservation }) })
            }
            Err(refused) => {
                shared.give_back(ip);
                if matches!(refused, Refused::Throttled(_)) {
                    shared.refusals.count(RefusalKind::of_guess(key));
                }
                Err(refused)
            }
        }
    }

    /// Counts `action` once at `now_ms` (milliseconds since the epoch), if its rate for this kind of key
    /// allows it.
    ///
    /// # Errors
    /// [`Throttled`] when the rate refuses the action, which is then not counted.
    pub fn take(&self, action: Action, key: Key, now_ms: i64) -> Result<(), Throttled> {
        self.take_times(action, key, 1, now_ms)
    }

    /// Counts `action` as `times` of it at `now_ms` (milliseconds since the epoch), or not at all. More than
    /// the rate has at once count as all that it has.
    ///
    /// # Errors
    /// [`Throttled`] when the rate refuses the action.
    pub fn take_times(&self, action: Action, key: Key, times: u32, now_ms: i64) -> Result<(), Throttled> {
        let Some(shared) = &self.shared else { return Ok(()) };
        let Some(rate) = shared.rates.of(action, key) else { return Ok(()) };
        let taken = {
            let mut buckets = shared.buckets.lock();
            let bucket = buckets.of(action, key, now_ms);
            let mut had = 0;
            let taken = (0..times.min(rate.burst.get())).try_for_each(|_| {
                bucket.take(rate, now_ms)?;
                had += 1;
                Ok(())
            });
            if taken.is_err() {
                (0..had).for_each(|_| bucket.give_back(rate));
            }
            taken
        };
        shared.counted(action, key, taken)
    }

    /// Counts `action` once at `now_ms` (milliseconds since the epoch) for both an IP and an account, or for
    /// neither.
    ///
    /// # Errors
    /// [`Throttled`] when either rate refuses the action.
    pub fn take_both(
        &self,
        action: Action,
        ip: ClientIp,
        account: i64,
        now_ms: i64,
    ) -> Result<(), Throttled> {
        self.take(action, Key::Ip(ip), now_ms)?;
        let taken = self.take(action, Key::Account(account), now_ms);
        if let (Err(_), Some(shared)) = (&taken, &self.shared)
            && let Some(rate) = shared.rates.of(action, Key::Ip(ip))
        {
            shared.buckets.lock().of(action, Key::Ip(ip), now_ms).give_back(rate);
        }
        taken
    }

    /// Whether the rate of `action` would allow it at `now_ms` (milliseconds since the epoch). Counts
    /// nothing.
    ///
    /// # Errors
    /// [`Throttled`] when it would refuse the action.
    pub fn check(&self, action: Action, key: Key, now_ms: i64) -> Result<(), Throttled> {
        let Some(shared) = &self.shared else { return Ok(()) };
        let Some(rate) = shared.rates.of(action, key) else { return Ok(()) };
        let open = shared.buckets.lock().of(action, key, now_ms).check(rate, now_ms);
        shared.counted(action, key, open)
    }

    /// The number of refusals of each kind since the last call.
    #[must_use]
    pub fn take_refusals(&self) -> BTreeMap<RefusalKind, u64> {
        self.shared.as_ref().map(|shared| shared.refusals.take()).unwrap_or_default()
    }

    /// The number of refusals of each kind since the start.
    #[must_use]
    pub fn refusals(&self) -> BTreeMap<RefusalKind, u64> {
        self.shared.as_ref().map(|shared| shared.refusals.all()).unwrap_or_default()
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter").field("off", &self.shared.is_none()).finish_non_exhaustive()
    }
}

/// A reserved guess. It counts as failed from the moment it is reserved, so dropping it unresolved is a
/// failure too: else whoever breaks the connection off in time would guess for free.
#[must_use = "tell whether the guess succeeded"]
pub struct Attempt {
    /// `None`: the limiter is off.
    held: Option<Held>,
}

struct Held {
    shared: Arc<Shared>,
    /// The IP whose rate the guess consumed.
    ip: Option<ClientIp>,
    reservation: Reservation,
}

impl Attempt {
    /// The guess was right: the guesser's delay ends, and this attempt is removed from the failures. Earlier
    /// failures still count towards the day's caps, and the IP gets nothing back: otherwise an attacker would
    /// refill both by signing in to an account of their own.
    pub async fn succeeded(self) {
        if let Some(Held { shared, reservation, .. }) = self.held {
            shared.ledger.settle(reservation, Settlement::Succeeded).await;
        }
    }

    /// The guess was wrong, or the account cannot be signed in to. Same as dropping the attempt.
    pub fn failed(self) {}

    /// The guess was never evaluated, for example because the hashing queue was full: the counts return to
    /// their state before it.
    pub async fn refund(self) {
        if let Some(Held { shared, ip, reservation }) = self.held {
            shared.ledger.settle(reservation, Settlement::Withdrawn).await;
            shared.give_back(ip);
        }
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("key", &self.held.as_ref().map(|held| held.reservation.key))
            .finish_non_exhaustive()
    }
}

impl Shared {
    /// Counts a refusal.
    fn counted(&self, action: Action, key: Key, outcome: Result<(), Throttled>) -> Result<(), Throttled> {
        if outcome.is_err() {
            self.refusals.count(RefusalKind::of_action(action, key));
        }
        outcome
    }

    fn give_back(&self, ip: Option<ClientIp>) {
        if let Some(ip) = ip
            && let Some(bucket) = self.buckets.lock().by_ip.get_mut(&(Action::Login, ip))
        {
            bucket.give_back(self.rates.login_by_ip);
        }
    }
}

impl Buckets {
    fn of(&mut self, action: Action, key: Key, now_ms: i64) -> &mut Bucket {
        match key {
            Key::Ip(ip) => self.by_ip.entry((action, ip), now_ms),
            Key::Account(account) => self.by_account.entry((action, account), now_ms),
            Key::UnknownIdentifier(fingerprint) => self.by_unknown.entry((action, fingerprint), now_ms),
        }
    }
}
