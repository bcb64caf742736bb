//! One limiter for every door: failed guesses per account, and how often anything else may be done.
//! In memory and exact, since each decision is one short critical section; it has no clock of its
//! own. Counts are lost on restart and are not shared between instances.
#![forbid(unsafe_code)]

mod address;
mod bucket;
mod codes;
mod guesses;
mod settings;
mod table;
#[cfg(test)]
mod tests;
mod throttled;

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

use parking_lot::Mutex;

pub use address::ClientAddress;
pub use codes::CodeAttempt;
pub use settings::{Action, CodeRule, Guessing, LimiterSettings, Rate, Rates};
pub use throttled::Throttled;

use bucket::Bucket;
use codes::WrongCodes;
use guesses::{Guesses, Reservation};
use table::Table;

/// Whose password is being guessed. Each has a budget of failures of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// An account, however it was named, from a browser that is not known to it.
    Account(i64),
    /// An identifier that no account has, from [`Limiter::fingerprint`]. It is treated as an
    /// account would be.
    UnknownIdentifier(u64),
    /// A browser that signed in to this account before and proved so: nobody else's failures, at
    /// this account or from this address, lock it out.
    Device {
        /// The account.
        account: i64,
        /// The known device's id.
        device: i64,
    },
}

/// What a [`Rate`] is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// The client's address.
    Address(ClientAddress),
    /// The account.
    Account(i64),
    /// An identifier that no account has, from [`Limiter::fingerprint`]. It is treated as an
    /// account would be.
    UnknownIdentifier(u64),
}

/// The limiter. Clones share their counts.
#[derive(Clone)]
pub struct Limiter {
    /// `None` lets everything pass.
    shared: Option<Arc<Shared>>,
    fingerprints: Arc<RandomState>,
}

struct Shared {
    guessing: Guessing,
    codes: CodeRule,
    rates: Rates,
    state: Mutex<State>,
}

/// A table per kind of key, so that a flood of one kind, which costs an attacker little, evicts
/// nothing of another.
struct State {
    accounts: Table<i64, Guesses>,
    unknown: Table<u64, Guesses>,
    devices: Table<(i64, i64), Guesses>,
    by_address: Table<(Action, ClientAddress), Bucket>,
    by_account: Table<(Action, i64), Bucket>,
    by_unknown: Table<(Action, u64), Bucket>,
    codes: Table<i64, WrongCodes>,
}

impl Limiter {
    /// A limiter with these settings.
    #[must_use]
    pub fn new(settings: LimiterSettings) -> Self {
        let keys = settings.keys.get();
        let shared = Shared {
            guessing: settings.guessing,
            codes: settings.codes,
            rates: settings.rates,
            state: Mutex::new(State {
                accounts: Table::new(keys),
                unknown: Table::new(keys),
                devices: Table::new(keys),
                by_address: Table::new(keys),
                by_account: Table::new(keys),
                by_unknown: Table::new(keys),
                codes: Table::new(keys),
            }),
        };
        Self { shared: Some(Arc::new(shared)), fingerprints: Arc::default() }
    }

    /// A limiter that lets everything pass.
    #[must_use]
    pub fn off() -> Self {
        Self { shared: None, fingerprints: Arc::default() }
    }

    /// Stands for a typed identifier that no account has. Give it in the normal form that accounts
    /// are looked up by, or two spellings of an unknown name would have two budgets where those of
    /// an account have one.
    #[must_use]
    pub fn fingerprint(&self, identifier: &str) -> u64 {
        self.fingerprints.hash_one(identifier)
    }

    /// Reserves one guess of a password at `now_ms` (milliseconds since the epoch). Ask before the
    /// hash is computed. A throttled attempt uses nothing up.
    ///
    /// # Errors
    /// [`Throttled`] when the subject has failed too often, or when its address has made too many
    /// attempts ([`Action::Login`]); known devices are not held to the latter.
    pub fn begin_login(
        &self,
        now_ms: i64,
        subject: Subject,
        address: ClientAddress,
    ) -> Result<Attempt, Throttled> {
        let address = match subject {
            Subject::Account(_) | Subject::UnknownIdentifier(_) => Some(address),
            Subject::Device { .. } => None,
        };
        self.begin(now_ms, subject, address)
    }

    /// The same for a guess that a trusted server passes on: its address speaks for many people, and is not held
    /// to a rate.
    ///
    /// # Errors
    /// [`Throttled`] when the subject has failed too often.
    pub fn begin_trusted_login(&self, now_ms: i64, subject: Subject) -> Result<Attempt, Throttled> {
        self.begin(now_ms, subject, None)
    }

    fn begin(
        &self,
        now_ms: i64,
        subject: Subject,
        address: Option<ClientAddress>,
    ) -> Result<Attempt, Throttled> {
        let Some(shared) = &self.shared else {
            return Ok(Attempt { reserved: None });
        };
        let mut state = shared.state.lock();
        if let Some(address) = address {
            state
                .bucket(Action::Login, Key::Address(address), now_ms)
                .check(shared.rates.login_by_address, now_ms)?;
        }
        let reservation = state.guesses(subject, now_ms).reserve(&shared.guessing, now_ms)?;
        if let Some(address) = address {
            state
                .bucket(Action::Login, Key::Address(address), now_ms)
                .take(shared.rates.login_by_address, now_ms)?;
        }
        Ok(Attempt { reserved: Some(Reserved { shared: Arc::clone(shared), subject, address, reservation }) })
    }

    /// Does something once at `now_ms`, if the action's rate for this kind of key allows it.
    ///
    /// # Errors
    /// [`Throttled`] when it does not; nothing is used up then.
    pub fn take(&self, action: Action, key: Key, now_ms: i64) -> Result<(), Throttled> {
        let Some(shared) = &self.shared else {
            return Ok(());
        };
        let Some(rate) = shared.rates.of(action, key) else {
            return Ok(());
        };
        shared.state.lock().bucket(action, key, now_ms).take(rate, now_ms)
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter").field("off", &self.shared.is_none()).finish_non_exhaustive()
    }
}

/// A reserved guess. It counts as failed from the moment it is reserved, so dropping it unresolved
/// is a failure too: else whoever breaks the connection off in time would guess for free.
#[must_use = "tell whether the guess succeeded"]
pub struct Attempt {
    reserved: Option<Reserved>,
}

struct Reserved {
    shared: Arc<Shared>,
    subject: Subject,
    address: Option<ClientAddress>,
    reservation: Reservation,
}

impl Attempt {
    /// The password was right: the subject's delay is over and this attempt is not among its
    /// failures. Failures of before go on counting towards the day's cap, and the address gets
    /// nothing back, or an attacker would refill both by signing in to an account of their own.
    pub fn succeeded(self) {
        if let Some(reserved) = self.reserved {
            reserved.shared.state.lock().settle(reserved.subject, |guesses| {
                guesses.succeed(reserved.reservation);
            });
        }
    }

    /// The password was wrong, or the account cannot be signed in to.
    pub fn failed(self) {}

    /// The password was never looked at, as when the hashing queue was full: all is as if the
    /// attempt had not been made.
    pub fn refund(self) {
        if let Some(reserved) = self.reserved {
            let mut state = reserved.shared.state.lock();
            state.settle(reserved.subject, |guesses| {
                guesses.refund(reserved.reservation);
            });
            if let Some(address) = reserved.address {
                let rate = reserved.shared.rates.login_by_address;
                if let Some(bucket) = state.by_address.get_mut(&(Action::Login, address)) {
                    bucket.give_back(rate);
                }
            }
        }
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("subject", &self.reserved.as_ref().map(|r| r.subject))
            .finish_non_exhaustive()
    }
}

impl State {
    fn guesses(&mut self, subject: Subject, now_ms: i64) -> &mut Guesses {
        match subject {
            Subject::Account(account) => self.accounts.entry(account, now_ms),
            Subject::UnknownIdentifier(fingerprint) => self.unknown.entry(fingerprint, now_ms),
            Subject::Device { account, device } => self.devices.entry((account, device), now_ms),
        }
    }

    /// Without effect where the subject has been evicted meanwhile.
    fn settle(&mut self, subject: Subject, settle: impl FnOnce(&mut Guesses)) {
        let guesses = match subject {
            Subject::Account(account) => self.accounts.get_mut(&account),
            Subject::UnknownIdentifier(fingerprint) => self.unknown.get_mut(&fingerprint),
            Subject::Device { account, device } => self.devices.get_mut(&(account, device)),
        };
        if let Some(guesses) = guesses {
            settle(guesses);
        }
    }

    fn bucket(&mut self, action: Action, key: Key, now_ms: i64) -> &mut Bucket {
        match key {
            Key::Address(address) => self.by_address.entry((action, address), now_ms),
            Key::Account(account) => self.by_account.entry((action, account), now_ms),
            Key::UnknownIdentifier(fingerprint) => self.by_unknown.entry((action, fingerprint), now_ms),
        }
    }
}
