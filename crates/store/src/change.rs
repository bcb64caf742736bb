//! What a committed transaction tells everybody who keeps copies of rows, here and on other instances.

use domain::{AccountId, TokenDigest};

/// Something that was changed and committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// An account's record or its list of sessions.
    Account(AccountId),
    /// A session ended.
    SessionEnded(TokenDigest),
    /// The outbox has a message that is due.
    Mail,
    /// A device that waits to be paired, by the digest of its token.
    Pairing(TokenDigest),
}

impl Change {
    /// The payload of a PostgreSQL notification.
    pub(super) fn to_payload(&self) -> String {
        match self {
            Self::Account(id) => format!("a:{id}"),
            Self::SessionEnded(token) => format!("s:{}", token.to_text()),
            Self::Mail => "m:".to_owned(),
            Self::Pairing(device) => format!("p:{}", device.to_text()),
        }
    }

    /// Reads [`to_payload`](Self::to_payload) back. `None` for what only a newer version sends.
    pub(super) fn from_payload(payload: &str) -> Option<Self> {
        match payload.split_once(':')? {
            ("a", id) => id.parse().ok().map(|id| Self::Account(AccountId(id))),
            ("s", token) => TokenDigest::from_text(token).map(Self::SessionEnded),
            ("m", _) => Some(Self::Mail),
            ("p", device) => TokenDigest::from_text(device).map(Self::Pairing),
            _ => None,
        }
    }
}

/// Somebody who keeps copies of rows, or waits for them to change. Calls come from the committing task and
/// must not block.
pub trait ChangeListener: Send + Sync + 'static {
    /// `change` was committed: copies of what it names are out of date.
    fn changed(&self, change: &Change);
    /// Changes may have been missed: every copy may be out of date.
    fn lost_track(&self);
}

#[cfg(test)]
mod tests {
    use domain::{OsRandom, Token};

    use super::*;

    #[test]
    fn a_change_is_read_back_from_its_payload() {
        let digest = Token::generate(&OsRandom).digest();
        for change in [
            Change::Account(AccountId(7)),
            Change::SessionEnded(digest),
            Change::Mail,
            Change::Pairing(digest),
        ] {
            assert_eq!(Change::from_payload(&change.to_payload()), Some(change));
        }
        for unknown in ["", "a", "a:x", "z:1"] {
            assert_eq!(Change::from_payload(unknown), None, "{unknown:?}");
        }
    }
}
