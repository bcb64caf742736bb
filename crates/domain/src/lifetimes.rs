//! Every "how long" of the product that is not a setting, with its reason. The operator sets only how long
//! sessions and connections last.

use std::time::Duration;

use super::{Lifetime, MailedLink};

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

const fn minutes(count: u64) -> Duration {
    seconds(count * 60)
}

const fn hours(count: u64) -> Duration {
    minutes(count * 60)
}

const fn days(count: u64) -> Duration {
    hours(count * 24)
}

impl MailedLink {
    /// How long the link works, counted from when its mail is sent.
    pub const fn lasts(self) -> Duration {
        match self {
            // OWASP Forgot Password Cheat Sheet: "expire after an appropriate period"; whoever asked is
            // waiting for it.
            Self::Recovery => hours(1),
            // Nobody is waiting for it.
            Self::Invitation => days(7),
            Self::Verification | Self::AddressChange => days(1),
        }
    }
}

/// Time between a trusted server's answer and the browser that it redirects here (siberian's wire contract).
pub const AUTOLOGIN_TICKET: Duration = minutes(10);

impl Lifetime {
    /// Fastsite's `user_hash`: 24 idle hours (the wire contract); 90 days at most, as a session.
    pub const DAILY: Self = Self { idle: days(1), absolute: days(90) };
    /// What amadis exchanges a user secret for: a quarter of an hour, enough for a batch of calls.
    pub const SHORT: Self = Self { idle: minutes(15), absolute: minutes(15) };
    /// A paired device's bearer: 90 idle days, ten years at most. It hangs on a wall and has no keyboard to
    /// sign in again with.
    pub const PAIRED_DEVICE: Self = Self { idle: days(90), absolute: days(3_650) };
}

/// How long fastsite's `user_hash` goes on working after it was exchanged for the next: two tabs may refresh
/// at once.
pub const EXCHANGED_BEARER: Duration = minutes(1);

/// How long a device shows a code, and how long its bearer is ready to be fetched (mirror's wire contract).
pub const PAIRING_CODE: Duration = minutes(10);

/// How long a device waits between two questions about its pairing (mirror's wire contract; RFC 8628, section
/// 3.2).
pub const PAIRING_POLL: Duration = seconds(5);

/// How exactly a session's last use is known: a write for each request would cost more than the page.
pub const SESSION_TOUCH: Duration = minutes(10);

/// How exactly a bearer's last use is known: well below the shortest time that a bearer may be idle.
pub const BEARER_TOUCH: Duration = minutes(10);

/// How exactly an API key's last use is known: a write for each call would cost more than the call.
pub const API_KEY_TOUCH: Duration = minutes(1);

/// `Max-Age` of the cookie by which a browser is known to an account. Browsers keep none longer than 400
/// days.
pub const KNOWN_BROWSER_COOKIE: Duration = days(365);

/// `Max-Age` of the cookie that carries a message over a redirect.
pub const NOTICE_COOKIE: Duration = minutes(1);

/// Time between two sweeps of expired rows.
pub const SWEEP_EVERY: Duration = hours(1);

/// How long an expired ticket of a mailed link is kept, for an operator who is asked about it.
pub const KEEP_TICKET: Duration = days(7);

/// How long a waiting device is kept once its code has expired: the event stream that renews the code may be
/// late.
pub const KEEP_PAIRING: Duration = hours(1);

/// How long a message that was set aside is kept for the operator.
pub const KEEP_FAILED_MAIL: Duration = days(30);

/// How long a worker holds a message: longer than one try takes.
pub const MAIL_LEASE: Duration = minutes(5);

/// Shortest time until a message is tried again. It doubles with each try, for it equals the time already
/// waited.
pub const MAIL_RETRY_FIRST: Duration = seconds(30);

/// Longest time until a message is tried again.
pub const MAIL_RETRY_LAST: Duration = hours(1);

/// How long a message is tried before it is set aside.
pub const MAIL_GIVE_UP: Duration = days(2);
