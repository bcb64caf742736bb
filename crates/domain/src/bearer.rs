//! Bearers: the tokens that clients of the JSON dialects present instead of a session cookie.

use std::time::Duration;

use super::{AccountId, Millis};

/// The number of a bearer. Its owner ends it by this number on the devices page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BearerId(pub i64);

/// The dialect that a bearer was made for. Other dialects refuse it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Audience(pub &'static str);

impl Audience {
    /// The mirror dialect: smart mirrors and their companion apps. Only this dialect pairs devices.
    pub const MIRROR: Self = Self("mirror");
    /// The fastsite dialect: single-page and mobile apps.
    pub const FASTSITE: Self = Self("fastsite");
    /// The amadis dialect: device back ends.
    pub const AMADIS: Self = Self("amadis");
}

/// How long a bearer remains valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// The bearer expires after this time without a request.
    pub idle: Duration,
    /// The bearer expires this long after it was made, whether it was used or not.
    pub absolute: Duration,
}

/// A bearer as stored. Only its holder knows the secret.
#[derive(Clone, Debug)]
pub struct Bearer {
    pub id: BearerId,
    pub account_id: AccountId,
    /// The dialect that it was made for.
    pub audience: String,
    /// The name of the paired device, or the browser label of a sign-in; may be empty.
    pub holder: String,
    /// The network that it was last used from; may be empty.
    pub place: String,
    /// When the device was paired; `None` for a bearer that a sign-in made.
    pub paired_at: Option<Millis>,
    /// When the bearer was made.
    pub created_at: Millis,
    /// When the bearer was last used. This and `place` are accurate to
    /// [`BEARER_TOUCH`](super::lifetimes::BEARER_TOUCH).
    pub seen_at: Millis,
    /// The bearer expires after this time without a request.
    pub idle: Duration,
    /// When the bearer expires, whether it is used or not.
    pub expires_at: Millis,
}

impl Bearer {
    /// Whether the bearer has not expired at `now`.
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
            audience: String::new(),
            holder: String::new(),
            place: String::new(),
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
