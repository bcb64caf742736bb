//! The limits and their defaults, which suit a server on the open internet.

use std::{
    num::{NonZeroU8, NonZeroU32, NonZeroUsize},
    time::Duration,
};

use super::Key;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// The settings of a [`Limiter`](super::Limiter).
#[derive(Debug, Clone)]
pub struct LimiterSettings {
    /// The maximum number of keys in each of the nine tables. A full table evicts the entry that is least
    /// harmful to forget. With all tables full, a key takes about 0.75 KiB. Default: 100,000.
    pub keys: NonZeroUsize,
    /// The rules for guesses of passwords.
    pub guessing: Guessing,
    /// The rule for wrong pairing codes.
    pub codes: CodeRule,
    /// The rates of all other actions.
    pub rates: Rates,
}

impl Default for LimiterSettings {
    fn default() -> Self {
        Self {
            keys: NonZeroUsize::new(100_000).unwrap_or(NonZeroUsize::MIN),
            guessing: Guessing::default(),
            codes: CodeRule::default(),
            rates: Rates::default(),
        }
    }
}

/// The limits on guesses at one account or one unknown identifier. Strangers, known devices and trusted
/// servers each have a share of its day, so none of them can use up what is left to another. Together the
/// shares make 100 failures in any 24 hours (NIST SP 800-63B-4, section 3.2.2). They are counted by the hour,
/// so a failure may count for up to 25 hours.
#[derive(Debug, Clone, Copy)]
pub struct Guessing {
    /// The failures in a row of one IP or one known device before its attempts are delayed. Default: 5.
    pub free_failures: u8,
    /// The shortest time between its attempts after these. It doubles with each further failure. Default:
    /// 1 s.
    pub first_delay: Duration,
    /// The longest delay, at which the doubling ends. Default: 15 min.
    pub longest_delay: Duration,
    /// The most failures a day of one IP. Default: 15, so that no single IP uses up the strangers' share.
    pub ip_per_day: NonZeroU8,
    /// The most failures a day of all strangers. Default: 40.
    pub strangers_per_day: NonZeroU8,
    /// The most failures a day of one known device. Default: 10.
    pub device_per_day: NonZeroU8,
    /// The most failures a day of all known devices. Default: 20.
    pub devices_per_day: NonZeroU8,
    /// The most failures a day of all trusted servers. Default: 40.
    pub servers_per_day: NonZeroU8,
}

impl Default for Guessing {
    fn default() -> Self {
        let most = |failures| NonZeroU8::new(failures).unwrap_or(NonZeroU8::MIN);
        Self {
            free_failures: 5,
            first_delay: Duration::from_secs(1),
            longest_delay: 15 * MINUTE,
            ip_per_day: most(15),
            strangers_per_day: most(40),
            device_per_day: most(10),
            devices_per_day: most(20),
            servers_per_day: most(40),
        }
    }
}

/// The rules that a [`Ledger`](super::Ledger) applies to guesses.
#[derive(Debug, Clone, Copy, Default)]
pub struct GuessRules {
    /// The rules for passwords.
    pub passwords: Guessing,
    /// The rule for pairing codes.
    pub codes: CodeRule,
}

/// The limit on wrong pairing codes that one account types.
#[derive(Debug, Clone, Copy)]
pub struct CodeRule {
    /// The maximum number of wrong codes with pauses shorter than `closed_for` between them. Default: 5 (the
    /// wire contract).
    pub wrong: NonZeroU8,
    /// How long the account may then try no code. Default: 15 min (the wire contract).
    pub closed_for: Duration,
}

impl Default for CodeRule {
    fn default() -> Self {
        Self { wrong: NonZeroU8::new(5).unwrap_or(NonZeroU8::MIN), closed_for: 15 * MINUTE }
    }
}

/// A budget of `burst` actions that refills evenly within `per`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The maximum number of actions at once.
    pub burst: NonZeroU32,
    /// The time in which an empty budget fills up.
    pub per: Duration,
}

impl Rate {
    /// A rate. A burst of 0 becomes 1.
    #[must_use]
    pub fn new(burst: u32, per: Duration) -> Self {
        Self { burst: NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN), per }
    }
}

/// An action that a rate can limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// An attempt to sign in, by IP. [`begin_login`](super::Limiter::begin_login) counts it.
    Login,
    /// A sign-up, by IP.
    Registration,
    /// A request for a mail (recovery, verification), by IP and by account or unknown identifier.
    MailRequest,
    /// A use of a mailed link, by IP.
    TicketUse,
    /// An upload of a picture, by account.
    PictureUpload,
    /// A change of a profile, password, e-mail address or username, by account.
    SettingsWrite,
    /// A device that begins to wait to be paired, by IP.
    PairingStart,
    /// A request to change the e-mail address, by account and by the new address, which counts as an unknown
    /// identifier.
    AddressChange,
}

/// The rate of each action, for each kind of key that limits it.
#[derive(Debug, Clone)]
pub struct Rates {
    /// Default: 60 in 10 minutes, enough for an office behind one IP.
    pub login_by_ip: Rate,
    /// Default: 20 in an hour.
    pub registration_by_ip: Rate,
    /// Default: 20 in an hour.
    pub mail_request_by_ip: Rate,
    /// Also by unknown identifier. Default: 3 in an hour, so that attackers cannot flood a mailbox (OWASP
    /// Forgot Password Cheat Sheet).
    pub mail_request_by_account: Rate,
    /// Default: 60 in 10 minutes.
    pub ticket_use_by_ip: Rate,
    /// Default: 30 in 10 minutes.
    pub picture_upload_by_account: Rate,
    /// Default: 60 in 10 minutes.
    pub settings_write_by_account: Rate,
    /// Default: 30 in 10 minutes, for a shop that sets up its mirrors behind one IP.
    pub pairing_start_by_ip: Rate,
    /// Also by unknown identifier. Default: 3 in an hour, as for other mails with a link.
    pub address_change_by_account: Rate,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            login_by_ip: Rate::new(60, 10 * MINUTE),
            registration_by_ip: Rate::new(20, HOUR),
            mail_request_by_ip: Rate::new(20, HOUR),
            mail_request_by_account: Rate::new(3, HOUR),
            ticket_use_by_ip: Rate::new(60, 10 * MINUTE),
            picture_upload_by_account: Rate::new(30, 10 * MINUTE),
            settings_write_by_account: Rate::new(60, 10 * MINUTE),
            pairing_start_by_ip: Rate::new(30, 10 * MINUTE),
            address_change_by_account: Rate::new(3, HOUR),
        }
    }
}

impl Rates {
    /// The rate of `action`; `None` when this kind of key does not limit it.
    pub(super) fn of(&self, action: Action, key: Key) -> Option<Rate> {
        match (action, key) {
            (Action::Login, Key::Ip(_)) => Some(self.login_by_ip),
            (Action::Registration, Key::Ip(_)) => Some(self.registration_by_ip),
            (Action::MailRequest, Key::Ip(_)) => Some(self.mail_request_by_ip),
            (Action::MailRequest, Key::Account(_) | Key::UnknownIdentifier(_)) => {
                Some(self.mail_request_by_account)
            }
            (Action::TicketUse, Key::Ip(_)) => Some(self.ticket_use_by_ip),
            (Action::PictureUpload, Key::Account(_)) => Some(self.picture_upload_by_account),
            (Action::SettingsWrite, Key::Account(_)) => Some(self.settings_write_by_account),
            (Action::PairingStart, Key::Ip(_)) => Some(self.pairing_start_by_ip),
            (Action::AddressChange, Key::Account(_) | Key::UnknownIdentifier(_)) => {
                Some(self.address_change_by_account)
            }
            (
                Action::Login | Action::Registration | Action::TicketUse | Action::PairingStart,
                Key::Account(_) | Key::UnknownIdentifier(_),
            )
            | (Action::PictureUpload | Action::SettingsWrite, Key::Ip(_) | Key::UnknownIdentifier(_))
            | (Action::AddressChange, Key::Ip(_)) => None,
        }
    }
}
