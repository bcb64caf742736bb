//! A signed-in browser, and the expiry of its session.

use std::time::Duration;

use super::{AccountId, Factors, Millis, TokenDigest};

/// The number of a session. Its owner ends it by this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub i64);

/// One signed-in browser.
#[derive(Clone, Debug)]
pub struct Session {
    /// The session's number.
    pub id: SessionId,
    pub account_id: AccountId,
    /// The digest of the cookie's token.
    pub token: TokenDigest,
    /// Browser and system, such as `Firefox · Android`: names, not sentences. May be empty.
    pub browser_label: String,
    /// The network of the client when the session was last used, such as `203.0.113.0/24`. May be empty.
    pub place: String,
    /// When the browser signed in.
    pub created_at: Millis,
    /// When its owner last proved to be the account's, at sign-in or since.
    pub proven_at: Millis,
    /// By what they proved it, then and before.
    pub factors: Factors,
    /// By what they proved it then.
    pub proof: Factors,
    /// When the session was last used. This and `place` are accurate to [`SessionLimits::touch_every`].
    pub seen_at: Millis,
}

impl Session {
    /// When its owner last proved to be the account's. A sign-in by redirection proves nothing: it counts
    /// from when it was.
    pub fn proven_or_made_at(&self) -> Millis {
        if self.proven_at.0 > 0 { self.proven_at } else { self.created_at }
    }
}

/// How long a session lasts (OWASP ASVS 5.0, section 7.3).
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// A session expires after this time without a request.
    pub idle: Duration,
    /// A session expires this long after the sign-in, whether it is used or not.
    pub absolute: Duration,
    /// The shortest time between two writes of `seen_at`. A write for each request would cost more than the
    /// page.
    pub touch_every: Duration,
}

impl SessionLimits {
    /// Whether a session with these times has not expired at `now`.
    pub fn alive(&self, created_at: Millis, seen_at: Millis, now: Millis) -> bool {
        now.since(created_at) < self.absolute && now.since(seen_at) < self.idle
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    #[test]
    fn a_session_ends_when_idle_or_old() {
        let limits = SessionLimits { idle: 14 * DAY, absolute: 90 * DAY, touch_every: DAY };
        let start = Millis(0);
        assert!(limits.alive(start, start, start.after(13 * DAY)));
        assert!(!limits.alive(start, start, start.after(14 * DAY)));
        assert!(limits.alive(start, start.after(89 * DAY), start.after(89 * DAY)));
        assert!(!limits.alive(start, start.after(89 * DAY), start.after(90 * DAY)));
    }
}
