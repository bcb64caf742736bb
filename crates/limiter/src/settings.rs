//! What is limited, and how much of it is allowed by default on the open internet.

use std::{
    num::{NonZeroU8, NonZeroU32, NonZeroUsize},
    time::Duration,
};

use super::Key;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// How a [`Limiter`](super::Limiter) is built.
#[derive(Debug, Clone)]
pub struct LimiterSettings {
    /// Most keys that each of seven tables remembers; a full one forgets what is least harmful to forget. All
    /// of them full take about 0.5 KiB per key. Default: 100,000.
    pub keys: NonZeroUsize,
    /// Rules for guessing passwords.
    pub guessing: Guessing,
    /// Rule for wrong pairing codes.
    pub codes: CodeRule,
    /// Rates for everything else.
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

/// How many passwords may be guessed at one account, from one known browser, or for one unknown identifier.
#[derive(Debug, Clone, Copy)]
pub struct Guessing {
    /// Failures in a row before attempts have to keep a distance. Default: 5.
    pub free_failures: u8,
    /// Least time between evaluated attempts after these; it doubles with each further failure. Default: 1 s.
    pub first_delay: Duration,
    /// Where the doubling ends. Default: 15 min.
    pub longest_delay: Duration,
    /// Most failures in any 24 hours (NIST SP 800-63B-4, section 3.2.2). They are counted by the hour, so one
    /// may be remembered for up to 25 hours. Default: 100.
    pub failures_per_day: NonZeroU8,
}

impl Default for Guessing {
    fn default() -> Self {
        Self {
            free_failures: 5,
            first_delay: Duration::from_secs(1),
            longest_delay: 15 * MINUTE,
            failures_per_day: NonZeroU8::new(100).unwrap_or(NonZeroU8::MIN),
        }
    }
}

/// The rules that a [`Ledger`](super::Ledger) holds guesses to.
#[derive(Debug, Clone, Copy, Default)]
pub struct GuessRules {
    /// For passwords.
    pub passwords: Guessing,
    /// For pairing codes.
    pub codes: CodeRule,
}

/// How many wrong pairing codes one account may try.
#[derive(Debug, Clone, Copy)]
pub struct CodeRule {
    /// Wrong codes with pauses shorter than `closed_for` between them. Default: 5 (the wire contract).
    pub wrong: NonZeroU8,
    /// How long no code may be tried after these. Default: 15 min (the wire contract).
    pub closed_for: Duration,
}

impl Default for CodeRule {
    fn default() -> Self {
        Self { wrong: NonZeroU8::new(5).unwrap_or(NonZeroU8::MIN), closed_for: 15 * MINUTE }
    }
}

/// A budget of `burst` that refills evenly within `per`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Most at once.
    pub burst: NonZeroU32,
    /// The time in which an empty budget fills up.
    pub per: Duration,
}

impl Rate {
    /// A rate; a burst of 0 is taken as 1.
    #[must_use]
    pub fn new(burst: u32, per: Duration) -> Self {
        Self { burst: NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN), per }
    }
}

/// What can be limited by a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Attempts to sign in, by IP. [`begin_login`](super::Limiter::begin_login) takes them itself.
    Login,
    /// Sign-ups, by IP.
    Registration,
    /// Requests for a mail (recovery, verification), by IP and by account or unknown identifier.
    MailRequest,
    /// Uses of a mailed link, by IP.
    TicketUse,
    /// Uploads of a picture, by account.
    PictureUpload,
    /// Changes of a profile, password, e-mail address or username, by account.
    SettingsWrite,
    /// Devices that begin to wait to be paired, by IP.
    PairingStart,
    /// Requests for another e-mail address, by account and by unknown identifier, which stands for the
    /// address.
    AddressChange,
    /// Mails about a sign-in from a browser that the account does not know, by account.
    NewBrowserNotice,
    /// Mails about somebody else's wish for an account's address, by account.
    AddressTakenNotice,
}

/// The rate of each action, by each kind of key it is limited by.
#[derive(Debug, Clone)]
pub struct Rates {
    /// Default: 60 in 10 minutes, enough for an office behind one IP.
    pub login_by_ip: Rate,
    /// Default: 20 in an hour.
    pub registration_by_ip: Rate,
    /// Default: 20 in an hour.
    pub mail_request_by_ip: Rate,
    /// Also by unknown identifier. Default: 3 in an hour, so that nobody's mailbox can be flooded (OWASP
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
    /// Of each kind. Default: 3 in an hour, so that nobody's mailbox can be flooded.
    pub notice_by_account: Rate,
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
            notice_by_account: Rate::new(3, HOUR),
        }
    }
}

impl Rates {
    /// `None` where an action is not limited by this kind of key.
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
            (Action::NewBrowserNotice | Action::AddressTakenNotice, Key::Account(_)) => {
                Some(self.notice_by_account)
            }
            (
                Action::Login | Action::Registration | Action::TicketUse | Action::PairingStart,
                Key::Account(_) | Key::UnknownIdentifier(_),
            )
            | (
                Action::PictureUpload
                | Action::SettingsWrite
                | Action::NewBrowserNotice
                | Action::AddressTakenNotice,
                Key::Ip(_) | Key::UnknownIdentifier(_),
            )
            | (Action::AddressChange, Key::Ip(_)) => None,
        }
    }
}
