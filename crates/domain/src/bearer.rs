//! Bearers: what a JSON dialect's client presents instead of a session cookie.

use std::time::Duration;

use super::{AccountId, Millis};

/// The number of a bearer, by which its owner ends it on the devices page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BearerId(pub i64);

/// The dialect that a bearer was made for. No other dialect accepts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Audience(pub &'static str);

impl Audience {
    /// Smart mirrors and their companion apps; devices are paired for it.
    pub const MIRROR: Self = Self("mirror");
}

/// How long a bearer lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// It expires after this time without a request.
    pub idle: Duration,
    /// It expires this long after it was made, used or not.
    pub absolute: Duration,
}

/// A bearer as it is stored. Its secret is known to its holder alone.
#[derive(Clone, Debug)]
pub struct Bearer {
    pub id: BearerId,
    pub account_id: AccountId,
    /// What its holder is called: a paired device's name or a browser label; may be empty.
    pub holder: String,
    /// When a device was paired; `None`: somebody signed in.
    pub paired_at: Option<Millis>,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last used, exact to [`BEARER_TOUCH`](super::lifetimes::BEARER_TOUCH).
    pub seen_at: Millis,
    /// It expires after this time without a request.
    pub idle: Duration,
    /// When it expires, used or not.
    pub expires_at: Millis,
}

impl Bearer {
    /// Whether it has not expired at `now`.
    pub fn live(&self, now: Millis) -> bool {
        now < self.expires_at && now.since(self.seen_at) < self.idle
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_ends_when_idle_or_old() {
        let bearer = Bearer {
            id: BearerId(1),
            account_id: AccountId(1),
            holder: String::new(),
            paired_at: None,
            created_at: Millis(0),
            seen_at: Millis(50),
            idle: Duration::from_millis(100),
            expires_at: Millis(200),
        };
        assert!(bearer.live(Millis(149)));
        assert!(!bearer.live(Millis(150)));
        assert!(!Bearer { seen_at: Millis(199), ..bearer }.live(Millis(200)));
    }
}
