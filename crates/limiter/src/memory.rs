//! The ledger in the memory of one process.

use std::future::ready;
use std::num::NonZeroUsize;

use parking_lot::Mutex;

use super::day::Day;
use super::guesses::Guesses;
use super::ledger::{Device, Guesser, Subject};
use super::table::Table;
use super::wrong_codes::WrongCodes;
use super::{
    ClientIp, GuessKey, GuessRules, Guessing, Ledger, LedgerFuture, Refused, Reservation, Settlement,
    Throttled,
};

/// Counts guesses in the memory of one process. The counts are exact, because each call is one short critical
/// section.
pub struct MemoryLedger(Mutex<Counts>);

/// The kinds of guessers, each with a share of a subject's day.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Strangers,
    KnownDevices,
    TrustedServers,
}

impl Kind {
    /// The most failures in any 24 hours of all guessers of this kind at one subject.
    fn most_a_day(self, rules: &Guessing) -> u8 {
        match self {
            Self::Strangers => rules.strangers_per_day.get(),
            Self::KnownDevices => rules.devices_per_day.get(),
            Self::TrustedServers => rules.servers_per_day.get(),
        }
    }
}

/// One table for each kind of key. A flood of one kind, which costs an attacker little, evicts nothing of
/// another kind.
pub(super) struct Counts {
    /// What all guessers of a kind have failed at an account.
    pub(super) accounts: Table<(i64, Kind), Day>,
    /// What all guessers of a kind have failed at an unknown identifier.
    pub(super) unknown: Table<(u64, Kind), Day>,
    /// What one IP has failed at an account.
    pub(super) ips_at_accounts: Table<(i64, ClientIp), Guesses>,
    /// What one IP has failed at an unknown identifier.
    pub(super) ips_at_unknown: Table<(u64, ClientIp), Guesses>,
    pub(super) devices: Table<(i64, Device), Guesses>,
    pub(super) codes: Table<i64, WrongCodes>,
}

/// The counts that one guess belongs to.
struct Entries<'c> {
    /// The guesser's own, and its most failures in any 24 hours. `None` for trusted servers.
    own: Option<(&'c mut Guesses, u8)>,
    /// Those of all guessers of the kind at this subject.
    all: &'c mut Day,
    kind: Kind,
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
            ips_at_accounts: Table::new(keys),
            ips_at_unknown: Table::new(keys),
            devices: Table::new(keys),
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
        let guesser = match key {
            GuessKey::Password(guesser) => guesser,
            GuessKey::PairingCode(account) => {
                let previous_ms = self.codes.entry(account, now_ms).reserve(rules.codes, now_ms)?;
                return Ok(Reservation { key, at_ms: now_ms, hour: 0, kind_hour: 0, previous_ms });
            }
        };
        let rules = &rules.passwords;
        let Entries { mut own, all, kind } = self.entries(guesser, rules, now_ms);
        let wait = all.wait(kind.most_a_day(rules), now_ms);
        let wait = own.as_mut().map_or(wait, |(own, most)| own.wait(rules, *most, now_ms).max(wait));
        if wait > 0 {
            return Err(Throttled::after_ms(wait));
        }
        let kind_hour = all.count(now_ms);
        let counted = own.map(|(own, _)| own.count(now_ms));
        let (hour, previous_ms) =
            counted.map_or((kind_hour, now_ms), |counted| (counted.hour, counted.previous_ms));
        Ok(Reservation { key, at_ms: now_ms, hour, kind_hour, previous_ms })
    }

    fn entries(&mut self, guesser: Guesser, rules: &Guessing, now_ms: i64) -> Entries<'_> {
        let (subject, kind) = match guesser {
            Guesser::Stranger { subject, .. } => (subject, Kind::Strangers),
            Guesser::KnownDevice { account, .. } => (Subject::Account(account), Kind::KnownDevices),
            Guesser::TrustedServer { subject } => (subject, Kind::TrustedServers),
        };
        let all = match subject {
            Subject::Account(account) => self.accounts.entry((account, kind), now_ms),
            Subject::UnknownIdentifier(unknown) => self.unknown.entry((unknown, kind), now_ms),
        };
        let own = match guesser {
            Guesser::Stranger { subject: Subject::Account(account), ip } => {
                Some((self.ips_at_accounts.entry((account, ip), now_ms), rules.ip_per_day.get()))
            }
            Guesser::Stranger { subject: Subject::UnknownIdentifier(unknown), ip } => {
                Some((self.ips_at_unknown.entry((unknown, ip), now_ms), rules.ip_per_day.get()))
            }
            Guesser::KnownDevice { account, device } => {
                Some((self.devices.entry((account, device), now_ms), rules.device_per_day.get()))
            }
            Guesser::TrustedServer { .. } => None,
        };
        Entries { own, all, kind }
    }

    /// Does nothing to a count whose key has been evicted since.
    fn settle(&mut self, reservation: &Reservation, settlement: Settlement) {
        let guesser = match reservation.key {
            GuessKey::Password(guesser) => guesser,
            GuessKey::PairingCode(account) => {
                if let Some(codes) = self.codes.get_mut(&account) {
                    codes.uncount();
                }
                return;
            }
        };
        let (own, subject, kind) = match guesser {
            Guesser::Stranger { subject, ip } => {
                let own = match subject {
                    Subject::Account(account) => self.ips_at_accounts.get_mut(&(account, ip)),
                    Subject::UnknownIdentifier(unknown) => self.ips_at_unknown.get_mut(&(unknown, ip)),
                };
                (own, subject, Kind::Strangers)
            }
            Guesser::KnownDevice { account, device } => {
                (self.devices.get_mut(&(account, device)), Subject::Account(account), Kind::KnownDevices)
            }
            Guesser::TrustedServer { subject } => (None, subject, Kind::TrustedServers),
        };
        if let Some(own) = own {
            match settlement {
                Settlement::Succeeded => own.succeed(reservation),
                Settlement::Withdrawn => own.withdraw(reservation),
            }
        }
        let all = match subject {
            Subject::Account(account) => self.accounts.get_mut(&(account, kind)),
            Subject::UnknownIdentifier(unknown) => self.unknown.get_mut(&(unknown, kind)),
        };
        if let Some(all) = all {
            all.uncount(reservation.kind_hour);
        }
    }
}
