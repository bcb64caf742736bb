//! The ledger in the memory of one process.

use std::future::ready;
use std::num::NonZeroUsize;

use parking_lot::Mutex;

use super::guesses::Guesses;
use super::table::Table;
use super::wrong_codes::WrongCodes;
use super::{
    GuessKey, GuessRules, Ledger, LedgerFuture, Refused, Reservation, Settlement, Subject, Throttled,
};

/// Counts guesses in the memory of one process. The counts are exact, because each call is one short critical
/// section.
pub struct MemoryLedger(Mutex<Counts>);

/// One table for each kind of key. A flood of one kind, which costs an attacker little, evicts nothing of
/// another kind.
pub(super) struct Counts {
    pub(super) accounts: Table<i64, Guesses>,
    pub(super) unknown: Table<u64, Guesses>,
    pub(super) browsers: Table<(i64, i64), Guesses>,
    pub(super) codes: Table<i64, WrongCodes>,
}

impl MemoryLedger {
    /// Remembers at most `keys` keys of each kind. A full table evicts the entry that is least harmful to
    /// forget.
    #[must_use]
    pub fn new(keys: NonZeroUsize) -> Self {
        let keys = keys.get();
        Self(Mutex::new(Counts {
            accounts: Table::new(keys),
            unknown: Table::new(keys),
            browsers: Table::new(keys),
            codes: Table::new(keys),
        }))
    }

    #[cfg(test)]
    pub(super) fn counts(&self) -> parking_lot::MutexGuard<'_, Counts> {
        self.0.lock()
    }
}

impl Ledger for MemoryLedger {
    fn reserve<'a>(
        &'a self,
        key: GuessKey,
        rules: &'a GuessRules,
        now_ms: i64,
    ) -> LedgerFuture<'a, Result<Reservation, Refused>> {
        let reserved = self.0.lock().reserve(key, rules, now_ms);
        Box::pin(ready(reserved.map_err(Refused::Throttled)))
    }

    fn settle(&self, reservation: Reservation, settlement: Settlement) -> LedgerFuture<'_, ()> {
        self.0.lock().settle(&reservation, settlement);
        Box::pin(ready(()))
    }
}

impl Counts {
    fn reserve(&mut self, key: GuessKey, rules: &GuessRules, now_ms: i64) -> Result<Reservation, Throttled> {
        let guesses = match key {
            GuessKey::Password(Subject::Account(account)) => self.accounts.entry(account, now_ms),
            GuessKey::Password(Subject::UnknownIdentifier(fingerprint)) => {
                self.unknown.entry(fingerprint, now_ms)
            }
            GuessKey::Password(Subject::KnownBrowser { account, browser }) => {
                self.browsers.entry((account, browser), now_ms)
            }
            GuessKey::PairingCode(account) => {
                let previous_ms = self.codes.entry(account, now_ms).reserve(rules.codes, now_ms)?;
                return Ok(Reservation { key, at_ms: now_ms, hour: 0, previous_ms });
            }
        };
        let counted = guesses.reserve(&rules.passwords, now_ms)?;
        Ok(Reservation { key, at_ms: now_ms, hour: counted.hour, previous_ms: counted.previous_ms })
    }

    /// Does nothing when the key has been evicted since.
    fn settle(&mut self, reservation: &Reservation, settlement: Settlement) {
        let guesses = match reservation.key {
            GuessKey::Password(Subject::Account(account)) => self.accounts.get_mut(&account),
            GuessKey::Password(Subject::UnknownIdentifier(fingerprint)) => self.unknown.get_mut(&fingerprint),
            GuessKey::Password(Subject::KnownBrowser { account, browser }) => {
                self.browsers.get_mut(&(account, browser))
            }
            GuessKey::PairingCode(account) => {
                if let Some(codes) = self.codes.get_mut(&account) {
                    codes.uncount();
                }
                return;
            }
        };
        if let Some(guesses) = guesses {
            match settlement {
                Settlement::Succeeded => guesses.succeed(reservation),
                Settlement::Withdrawn => guesses.withdraw(reservation),
            }
        }
    }
}
