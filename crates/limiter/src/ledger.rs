//! The interface for counting guesses.

use std::pin::Pin;

use super::{GuessRules, Refused};

/// The subject whose password is guessed. Each subject has its own budget of failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// An account, by number, guessed from a browser that the account does not know. The typed identifier
    /// does not matter.
    Account(i64),
    /// An identifier that no account has, by its [fingerprint](super::Limiter::fingerprint). It is limited
    /// like an account, so that the limits do not reveal which accounts exist.
    UnknownIdentifier(u64),
    /// A browser that has signed in to this account before and proves it. Failures from other browsers, even
    /// on the same IP, do not lock it out.
    KnownBrowser {
        /// The number of the account.
        account: i64,
        /// The number of the browser.
        browser: i64,
    },
}

/// The key under which a guess is counted: the kind of secret and its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GuessKey {
    /// A password, limited by [`GuessRules::passwords`].
    Password(Subject),
    /// A pairing code typed by the account with this number, limited by [`GuessRules::codes`].
    PairingCode(i64),
}

/// A counted guess. The ledger returns it from `reserve` and takes it back in `settle`.
#[derive(Debug)]
pub struct Reservation {
    /// The key under which the guess was counted.
    pub key: GuessKey,
    /// The time of the reservation, in milliseconds since the epoch.
    pub at_ms: i64,
    /// The hour since the epoch in which the ledger counted the guess.
    pub hour: i64,
    /// The time of the preceding reservation, in milliseconds since the epoch.
    pub previous_ms: i64,
}

/// The outcome of a reserved guess that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// The guess was right: the run of failures ends.
    Succeeded,
    /// The guess was never evaluated: the counts return to their state before it.
    Withdrawn,
}

/// The future of a ledger's call. A ledger in memory resolves at once.
pub type LedgerFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Counts guesses. Instances that share a ledger share its budgets.
///
/// An unsettled reservation is a failed guess. [`reserve`](Self::reserve) must therefore count the guess
/// before it answers, whatever happens to the caller afterwards.
pub trait Ledger: Send + Sync + 'static {
    /// Counts one guess as failed at `now_ms` (milliseconds since the epoch), if the rules allow another
    /// guess.
    ///
    /// # Errors
    /// The future fails with `Throttled` when the rules refuse the guess, which is then not counted, and with
    /// `Unavailable` when the ledger cannot be reached.
    fn reserve<'a>(
        &'a self,
        key: GuessKey,
        rules: &'a GuessRules,
        now_ms: i64,
    ) -> LedgerFuture<'a, Result<Reservation, Refused>>;

    /// Removes a guess from the failures. If the ledger cannot be reached, the guess stays a failure, which
    /// is the safe side, and the ledger logs the error.
    fn settle(&self, reservation: Reservation, settlement: Settlement) -> LedgerFuture<'_, ()>;
}
