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

/// An action that a rate can limit. Whatever computes a hash or writes for an account is one of these, right
/// or wrong; [`Rates`] says by which keys each is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// An attempt to sign in from a browser that the account does not know, by IP.
    /// [`begin_login`](super::Limiter::begin_login) counts it.
    Login,
    /// A password hash. By IP, each; by account, those of right passwords, for wrong ones count as guesses.
    PasswordHash,
    /// A sign-up, by IP.
    Registration,
    /// A request for a mail with a link, by IP.
    MailRequest,
    /// A recovery link that is mailed, by account. It counts as a [`MailRequest`](Self::MailRequest) too.
    RecoveryMail,
    /// A verification link that is mailed again, by account. It counts as a
    /// [`MailRequest`](Self::MailRequest) too.
    VerificationMail,
    /// A link that asks to have the second factors taken off, by account. It counts as a
    /// [`MailRequest`](Self::MailRequest) too.
    FactorRecoveryMail,
    /// A use of a mailed link or of a ticket, by IP; by account, if there is such a link.
    TicketUse,
    /// An upload of a picture, by IP and by account.
    PictureUpload,
    /// A change of a profile, password, e-mail address, username or picture, by IP and by account.
    SettingsWrite,
    /// The end of a session or of a paired device, by IP and by account.
    Ending,
    /// A device that begins to wait to be paired, by IP.
    PairingStart,
    /// A typed pairing code, right or wrong, by IP and by account.
    Pairing,
    /// The exchange of a bearer for the next, by IP and, for a bearer of the account, by account.
    BearerExchange,
    /// The exchange of a user secret for a bearer: by IP, each; by account, with a right secret.
    SecretExchange,
    /// A wrong user secret, by IP. It counts as a [`SecretExchange`](Self::SecretExchange) too.
    WrongSecret,
    /// A password that is generated for a user secret: by IP, each request; by account, with a right secret.
    GeneratedPassword,
    /// A request to change the e-mail address, by account and by the new address, which counts as an unknown
    /// identifier. It counts as a [`SettingsWrite`](Self::SettingsWrite) too.
    AddressChange,
    /// A challenge for a passkey, or an answer to one, by IP.
    Passkey,
    /// A code for a client of OpenID Connect, by IP and by account.
    Authorization,
    /// The exchange of a refresh token of OpenID Connect, by account.
    TokenRefresh,
    /// A way to another provider, or back from there, by IP.
    Provider,
}

impl Action {
    /// What was tried too often, for the operator's log.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Login => "sign-ins",
            Self::PasswordHash => "password hashes",
            Self::Registration => "sign-ups",
            Self::MailRequest => "requests for a mail",
            Self::RecoveryMail => "recovery mails",
            Self::VerificationMail => "verification mails",
            Self::FactorRecoveryMail => "mails about lost second factors",
            Self::TicketUse => "uses of a mailed link",
            Self::PictureUpload => "pictures",
            Self::SettingsWrite => "changes",
            Self::Ending => "endings of sessions or devices",
            Self::PairingStart => "devices to pair",
            Self::Pairing => "pairing codes",
            Self::BearerExchange => "exchanges of a bearer",
            Self::SecretExchange => "exchanges of a user secret",
            Self::WrongSecret => "wrong user secrets",
            Self::GeneratedPassword => "generated passwords",
            Self::AddressChange => "changes of the address",
            Self::Passkey => "challenges for passkeys",
            Self::Authorization => "codes for applications",
            Self::TokenRefresh => "refreshed tokens",
            Self::Provider => "ways to and from other providers",
        }
    }
}

/// The rate of each action, for each kind of key that limits it.
#[derive(Debug, Clone)]
pub struct Rates {
    /// Default: 60 in 10 minutes, enough for an office behind one IP.
    pub login_by_ip: Rate,
    /// Default: 600 in 10 minutes. It leaves room for known browsers when strangers have spent `login_by_ip`.
    pub password_hash_by_ip: Rate,
    /// Right passwords. Default: 120 in 10 minutes.
    pub password_hash_by_account: Rate,
    /// Default: 20 in an hour.
    pub registration_by_ip: Rate,
    /// Default: 20 in an hour.
    pub mail_request_by_ip: Rate,
    /// Also of links that ask to have second factors taken off, which are counted by themselves. Default: 3
    /// in an hour, so that attackers cannot flood a mailbox (OWASP Forgot Password Cheat Sheet).
    pub recovery_mail_by_account: Rate,
    /// Default: 3 in an hour. Apart from recovery, so that one link never takes the other away.
    pub verification_mail_by_account: Rate,
    /// Default: 60 in 10 minutes.
    pub ticket_use_by_ip: Rate,
    /// Default: 60 in 10 minutes.
    pub ticket_use_by_account: Rate,
    /// Default: 120 in 10 minutes.
    pub picture_upload_by_ip: Rate,
    /// Default: 30 in 10 minutes.
    pub picture_upload_by_account: Rate,
    /// Default: 600 in 10 minutes, for an office behind one IP.
    pub settings_write_by_ip: Rate,
    /// Default: 60 in 10 minutes.
    pub settings_write_by_account: Rate,
    /// Default: 600 in 10 minutes.
    pub ending_by_ip: Rate,
    /// Default: 120 in 10 minutes. Each row of a list of a hundred can be ended by itself.
    pub ending_by_account: Rate,
    /// Default: 30 in 10 minutes, for a shop that sets up its mirrors behind one IP.
    pub pairing_start_by_ip: Rate,
    /// Default: 120 in 10 minutes.
    pub pairing_by_ip: Rate,
    /// Default: 120 in 10 minutes. Wrong codes have a rule of their own.
    pub pairing_by_account: Rate,
    /// Default: 3,000 in 10 minutes, for the apps of many behind one carrier's IP.
    pub bearer_exchange_by_ip: Rate,
    /// Default: 300 in 10 minutes, for an app that refreshes whenever a page is opened, in several tabs.
    pub bearer_exchange_by_account: Rate,
    /// Default: 3,000 in 10 minutes, for a back end that holds a bearer for each of its users.
    pub secret_exchange_by_ip: Rate,
    /// Default: 60 in 10 minutes.
    pub secret_exchange_by_account: Rate,
    /// Default: 60 in 10 minutes.
    pub wrong_secret_by_ip: Rate,
    /// Default: 120 in 10 minutes.
    pub generated_password_by_ip: Rate,
    /// Default: 20 in 10 minutes.
    pub generated_password_by_account: Rate,
    /// Also by unknown identifier. Default: 3 in an hour, as for other mails with a link.
    pub address_change_by_account: Rate,
    /// Default: 600 in 10 minutes: each look at the sign-in form asks for a challenge.
    pub passkey_by_ip: Rate,
    /// Default: 3,000 in 10 minutes, for an office behind one IP.
    pub authorization_by_ip: Rate,
    /// Default: 300 in 10 minutes: sites ask in silence whenever a page is opened.
    pub authorization_by_account: Rate,
    /// Default: 120 in 10 minutes: a token lasts as long, and an account has several clients.
    pub token_refresh_by_account: Rate,
    /// Default: 300 in 10 minutes, for an office behind one IP: a sign-in takes two.
    pub provider_by_ip: Rate,
}

impl Default for Rates {
    fn default() -> Self {
        let in_ten_minutes = |burst| Rate::new(burst, 10 * MINUTE);
        let in_an_hour = |burst| Rate::new(burst, HOUR);
        Self {
            login_by_ip: in_ten_minutes(60),
            password_hash_by_ip: in_ten_minutes(600),
            password_hash_by_account: in_ten_minutes(120),
            registration_by_ip: in_an_hour(20),
            mail_request_by_ip: in_an_hour(20),
            recovery_mail_by_account: in_an_hour(3),
            verification_mail_by_account: in_an_hour(3),
            ticket_use_by_ip: in_ten_minutes(60),
            ticket_use_by_account: in_ten_minutes(60),
            picture_upload_by_ip: in_ten_minutes(120),
            picture_upload_by_account: in_ten_minutes(30),
            settings_write_by_ip: in_ten_minutes(600),
            settings_write_by_account: in_ten_minutes(60),
            ending_by_ip: in_ten_minutes(600),
            ending_by_account: in_ten_minutes(120),
            pairing_start_by_ip: in_ten_minutes(30),
            pairing_by_ip: in_ten_minutes(120),
            pairing_by_account: in_ten_minutes(120),
            bearer_exchange_by_ip: in_ten_minutes(3_000),
            bearer_exchange_by_account: in_ten_minutes(300),
            secret_exchange_by_ip: in_ten_minutes(3_000),
            secret_exchange_by_account: in_ten_minutes(60),
            wrong_secret_by_ip: in_ten_minutes(60),
            generated_password_by_ip: in_ten_minutes(120),
            generated_password_by_account: in_ten_minutes(20),
            address_change_by_account: in_an_hour(3),
            passkey_by_ip: in_ten_minutes(600),
            authorization_by_ip: in_ten_minutes(3_000),
            authorization_by_account: in_ten_minutes(300),
            token_refresh_by_account: in_ten_minutes(120),
            provider_by_ip: in_ten_minutes(300),
        }
    }
}

/// The rates of one action.
struct Rule {
    by_ip: Option<Rate>,
    by_account: Option<Rate>,
    /// Whether unknown identifiers have the rate of accounts.
    by_unknown: bool,
}

impl Rule {
    fn by_ip(ip: Rate) -> Self {
        Self { by_ip: Some(ip), by_account: None, by_unknown: false }
    }

    fn by_account(account: Rate) -> Self {
        Self { by_ip: None, by_account: Some(account), by_unknown: false }
    }

    fn by_both(ip: Rate, account: Rate) -> Self {
        Self { by_ip: Some(ip), ..Self::by_account(account) }
    }

    fn and_unknown(self) -> Self {
        Self { by_unknown: true, ..self }
    }
}

impl Rates {
    fn rule(&self, action: Action) -> Rule {
        match action {
            Action::Login => Rule::by_ip(self.login_by_ip),
            Action::PasswordHash => Rule::by_both(self.password_hash_by_ip, self.password_hash_by_account),
            Action::Registration => Rule::by_ip(self.registration_by_ip),
            Action::MailRequest => Rule::by_ip(self.mail_request_by_ip),
            Action::RecoveryMail => Rule::by_account(self.recovery_mail_by_account),
            Action::VerificationMail => Rule::by_account(self.verification_mail_by_account),
            Action::FactorRecoveryMail => Rule::by_account(self.recovery_mail_by_account),
            Action::TicketUse => Rule::by_both(self.ticket_use_by_ip, self.ticket_use_by_account),
            Action::PictureUpload => Rule::by_both(self.picture_upload_by_ip, self.picture_upload_by_account),
            Action::SettingsWrite => Rule::by_both(self.settings_write_by_ip, self.settings_write_by_account),
            Action::Ending => Rule::by_both(self.ending_by_ip, self.ending_by_account),
            Action::PairingStart => Rule::by_ip(self.pairing_start_by_ip),
            Action::Pairing => Rule::by_both(self.pairing_by_ip, self.pairing_by_account),
            Action::BearerExchange => {
                Rule::by_both(self.bearer_exchange_by_ip, self.bearer_exchange_by_account)
            }
            Action::SecretExchange => {
                Rule::by_both(self.secret_exchange_by_ip, self.secret_exchange_by_account)
            }
            Action::WrongSecret => Rule::by_ip(self.wrong_secret_by_ip),
            Action::GeneratedPassword => {
                Rule::by_both(self.generated_password_by_ip, self.generated_password_by_account)
            }
            Action::AddressChange => Rule::by_account(self.address_change_by_account).and_unknown(),
            Action::Passkey => Rule::by_ip(self.passkey_by_ip),
            Action::TokenRefresh => Rule::by_account(self.token_refresh_by_account),
            Action::Provider => Rule::by_ip(self.provider_by_ip),
            Action::Authorization => Rule::by_both(self.authorization_by_ip, self.authorization_by_account),
        }
    }

    /// The rate of `action`; `None` when this kind of key does not limit it.
    pub(super) fn of(&self, action: Action, key: Key) -> Option<Rate> {
        let rule = self.rule(action);
        match key {
            Key::Ip(_) => rule.by_ip,
            Key::Account(_) => rule.by_account,
            Key::UnknownIdentifier(_) => rule.by_account.filter(|_| rule.by_unknown),
        }
    }
}
