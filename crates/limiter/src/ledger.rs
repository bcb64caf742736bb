//! The interface for counting guesses.

use std::pin::Pin;

use super::{ClientIp, GuessRules, Refused};

/// The subject whose password is guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// An account, by number. The typed identifier does not matter.
    Account(i64),
    /// An identifier that no account has, by its [fingerprint](super::Limiter::fingerprint). It is limited
    /// like an account, so that the limits do not reveal which accounts exist. The address of an account
    /// counts as one too, where nobody may learn when the account was made.
    UnknownIdentifier(u64),
}

/// A device that an account knows, because it has signed in to the account before and proves it. Each kind
/// has numbers of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Device {
    /// A browser.
    Browser(i64),
    /// An app that presents a bearer it had.
    App(i64),
    /// The session of a browser that is signed in.
    Session(i64),
}

/// Who guesses at whose password. Each guesser has a budget of failures, and so has each kind of guesser at
/// one subject. So wrong guesses hurt the guesser first, and never a guesser of another kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Guesser {
    /// Somebody at an IP whom the subject does not know.
    Stranger {
        /// Whose password.
        subject: Subject,
        /// From where.
        ip: ClientIp,
    },
    /// A device that the account knows. Strangers' failures, even from the same IP, do not lock it out.
    KnownDevice {
        /// The number of the account.
        account: i64,
        /// The device.
        device: Device,
    },
    /// A server that presented a key. It signs in many people, so neither its IP nor its pace is limited:
    /// only the number of failures at one subject is.
    TrustedServer {
        /// Whose password.
        subject: Subject,
    },
}

/// The key under which a guess is counted: the kind of secret and who guesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GuessKey {
    /// A password, limited by [`GuessRules::passwords`].
    Password(Guesser),
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
    /// The hour since the epoch in which the ledger counted the guess for its guesser.
    pub hour: i64,
    /// The hour since the epoch in which the ledger counted the guess for all guessers of this kind.
    pub kind_hour: i64,
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
