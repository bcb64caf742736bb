//! Where guesses are counted.

use std::pin::Pin;

use super::{GuessRules, Refused};

/// Whose password is being guessed. Each has a budget of failures of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The number of an account, however it was named, from a browser that it does not know.
    Account(i64),
    /// An identifier that no account has, by its [fingerprint](super::Limiter::fingerprint). It is treated as
    /// an account would be.
    UnknownIdentifier(u64),
    /// A browser that signed in to this account before and proved so. Nobody else's failures, at this account
    /// or from this IP, lock it out.
    KnownBrowser {
        /// The number of the account.
        account: i64,
        /// The number of the browser.
        browser: i64,
    },
}

/// What is guessed, and by whose budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GuessKey {
    /// A password, under [`GuessRules::passwords`].
    Password(Subject),
    /// A pairing code, typed by the account of this number, under [`GuessRules::codes`].
    PairingCode(i64),
}

/// What a ledger gives for a guess that may be made, and takes back when the guess is settled.
#[derive(Debug)]
pub struct Reservation {
    /// What the guess was counted under.
    pub key: GuessKey,
    /// When it was reserved, in milliseconds since the epoch.
    pub at_ms: i64,
    /// The hour since the epoch in which the ledger counted it.
    pub hour: i64,
    /// When the guess before it was reserved, in milliseconds since the epoch.
    pub previous_ms: i64,
}

/// What became of a reserved guess that is no failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// It was right: the run of failures ends.
    Succeeded,
    /// It was never looked at: everything is as if it had not been made.
    Withdrawn,
}

/// The future of a ledger's call. A ledger in memory is ready at once.
pub type LedgerFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Counts guesses. An implementation that several instances share gives all of them one budget.
///
/// A reservation that is never settled is a failed guess: [`reserve`](Self::reserve) must count it before it
/// answers, whatever happens to the caller afterwards.
pub trait Ledger: Send + Sync + 'static {
    /// Counts one guess as failed at `now_ms` (milliseconds since the epoch), if the rules allow another one.
    ///
    /// # Errors
    /// The future fails with `Throttled` when the rules do not allow it, and then nothing is counted; with
    /// `Unavailable` when the ledger cannot be reached.
    fn reserve<'a>(
        &'a self,
        key: GuessKey,
        rules: &'a GuessRules,
        now_ms: i64,
    ) -> LedgerFuture<'a, Result<Reservation, Refused>>;

    /// Takes a guess out of the failures. A ledger that cannot be reached leaves it among them, which is the
    /// safe side, and logs that.
    fn settle(&self, reservation: Reservation, settlement: Settlement) -> LedgerFuture<'_, ()>;
}
