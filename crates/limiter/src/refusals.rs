//! What the limiter refused, by kind, for the operator's log. Contains neither addresses nor accounts.

use std::collections::BTreeMap;
use std::fmt;

use parking_lot::Mutex;

use super::{Action, GuessKey, Guesser, Key};

/// A kind of refusal, in words such as `sign-ups of one address`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RefusalKind {
    what: &'static str,
    whose: &'static str,
}

impl RefusalKind {
    /// What was refused, such as `sign-ups`.
    #[must_use]
    pub fn what(self) -> &'static str {
        self.what
    }

    /// Whose limit it was, such as `one address`.
    #[must_use]
    pub fn whose(self) -> &'static str {
        self.whose
    }

    pub(super) fn of_action(action: Action, key: Key) -> Self {
        let whose = match key {
            Key::Ip(_) => "one address",
            Key::Account(_) => "one account",
            Key::UnknownIdentifier(_) => "one unknown name",
        };
        Self { what: action.in_words(), whose }
    }

    pub(super) fn of_guess(key: GuessKey) -> Self {
        match key {
            GuessKey::Password(guesser) => Self {
                what: "wrong passwords at one account",
                whose: match guesser {
                    Guesser::Stranger { .. } => "strangers",
                    Guesser::KnownDevice { .. } => "known devices",
                    Guesser::TrustedServer { .. } => "trusted servers",
                },
            },
            GuessKey::PairingCode(_) => Self { what: "wrong pairing codes", whose: "one account" },
        }
    }
}

impl fmt::Display for RefusalKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.what, self.whose)
    }
}

/// The refusals of each kind.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<BTreeMap<RefusalKind, RefusalCounts>>);

#[derive(Debug, Default, Clone, Copy)]
struct RefusalCounts {
    all: u64,
    /// Those that were taken.
    taken: u64,
}

impl Refusals {
    pub(super) fn count(&self, kind: RefusalKind) {
        self.0.lock().entry(kind).or_default().all += 1;
    }

    pub(super) fn take(&self) -> BTreeMap<RefusalKind, u64> {
        let mut kinds = self.0.lock();
        let new = kinds
            .iter_mut()
            .map(|(kind, counts)| (*kind, counts.all - std::mem::replace(&mut counts.taken, counts.all)));
        new.filter(|(_, count)| *count > 0).collect()
    }

    pub(super) fn all(&self) -> BTreeMap<RefusalKind, u64> {
        self.0.lock().iter().map(|(kind, counts)| (*kind, counts.all)).collect()
    }
}
