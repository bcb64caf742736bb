//! The changes that a committed transaction reports to every holder of copied rows, on this instance and on
//! others.

use domain::{AccountId, TokenDigest};

/// A committed change of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The account's record or its list of sessions changed.
    Account(AccountId),
    /// The session whose token has this digest ended.
    SessionEnded(TokenDigest),
    /// A message in the outbox became due.
    Mail,
    /// A message to a site became due.
    Webhook,
    /// A waiting device was paired or got another code. The digest is that of the device's token.
    Pairing(TokenDigest),
}

impl Change {
    /// The text of the PostgreSQL notification that carries this change.
    pub(super) fn to_payload(&self) -> String {
        match self {
            Self::Account(id) => format!("a:{id}"),
            Self::SessionEnded(token) => format!("s:{}", token.to_text()),
            Self::Mail => "m:".to_owned(),
            Self::Webhook => "w:".to_owned(),
            Self::Pairing(device) => format!("p:{}", device.to_text()),
        }
    }

    /// Reads [`to_payload`](Self::to_payload) back. Returns `None` for a change that only a newer version
    /// sends.
    pub(super) fn from_payload(payload: &str) -> Option<Self> {
        match payload.split_once(':')? {
            ("a", id) => id.parse().ok().map(|id| Self::Account(AccountId(id))),
            ("s", token) => TokenDigest::from_text(token).map(Self::SessionEnded),
            ("m", _) => Some(Self::Mail),
            ("w", _) => Some(Self::Webhook),
            ("p", device) => TokenDigest::from_text(device).map(Self::Pairing),
            _ => None,
        }
    }
}

/// Receives committed changes, for a cache of rows or a task that waits for a row to change. The committing
/// task makes the calls, so they must not block.
pub trait ChangeListener: Send + Sync + 'static {
    /// `change` was committed: every copy of the rows that it names is out of date.
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
            Change::Webhook,
            Change::Pairing(digest),
        ] {
            assert_eq!(Change::from_payload(&change.to_payload()), Some(change));
        }
        for unknown in ["", "a", "a:x", "z:1"] {
            assert_eq!(Change::from_payload(unknown), None, "{unknown:?}");
        }
    }
}
