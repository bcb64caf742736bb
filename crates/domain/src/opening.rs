//! Whatever opens an account, in one list: sessions, known browsers, bearers, paired devices, the user
//! secret, app passwords, mailed links and sign-ins by redirection that are under way.

use super::{Millis, TicketPurpose};

/// A kind of thing that opens an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpeningKind {
    /// A signed-in browser.
    Session,
    /// A browser that signed in before. It opens nothing by itself; guesses made elsewhere do not delay it.
    KnownBrowser,
    /// A program that signed in through a JSON dialect.
    Bearer,
    /// A device that was paired.
    Device,
    /// The secret of a device back end.
    UserSecret,
    /// A password that was made for one program.
    AppPassword,
    /// A mailed link that was not used yet.
    Link,
    /// A ticket with which a trusted server signs a browser in.
    Redirection,
}

impl OpeningKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Session,
        Self::KnownBrowser,
        Self::Bearer,
        Self::Device,
        Self::UserSecret,
        Self::AppPassword,
        Self::Link,
        Self::Redirection,
    ];

    /// The word in forms, in JSON and in the outbox.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::KnownBrowser => "known_browser",
            Self::Bearer => "bearer",
            Self::Device => "device",
            Self::UserSecret => "user_secret",
            Self::AppPassword => "app_password",
            Self::Link => "link",
            Self::Redirection => "redirection",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// The name of one opening of an account: its kind, and its number among those of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpeningId {
    pub kind: OpeningKind,
    /// The number of its row; 0 for the user secret, of which an account has one at most.
    pub number: i64,
}

/// One thing that opens an account.
#[derive(Clone, Debug)]
pub struct Opening {
    pub id: OpeningId,
    /// The door that it opens: `pages`, or the name of a dialect.
    pub door: String,
    /// The label of the browser or app, or the name of the device; may be empty.
    pub name: String,
    /// What a mailed link permits; `None` for anything else.
    pub purpose: Option<TicketPurpose>,
    /// The network that it was last used from; empty where none is known.
    pub place: String,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last used; when it was made, if it was not used yet.
    pub seen_at: Millis,
    /// Whether it was used since it was made, as far as anybody knows.
    pub used: bool,
    /// Until when a known browser is not asked for a second factor; `None` for anything else.
    pub trusted_until: Option<Millis>,
}

/// What a notice of a new opening says besides the time, as it stands in the outbox: `KIND:LABEL`, and
/// ` @ PLACE` where one is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningNotice {
    pub kind: OpeningKind,
    /// The label of the browser or app; may be empty. Never anything that somebody typed.
    pub label: String,
    /// The network that it came from; may be empty.
    pub place: String,
}

/// Between a label and its place.
const PLACE: &str = " @ ";

impl OpeningNotice {
    pub fn to_stored(&self) -> String {
        let at = if self.place.is_empty() { "" } else { PLACE };
        format!("{}:{}{at}{}", self.kind.as_str(), self.label, self.place)
    }

    /// Reads [`to_stored`](Self::to_stored) back. A label alone, as earlier versions wrote it, is a
    /// browser's.
    pub fn from_stored(stored: &str) -> Self {
        let known = stored.split_once(':').and_then(|(kind, label)| Some((OpeningKind::parse(kind)?, label)));
        let (kind, label) = known.unwrap_or((OpeningKind::Session, stored));
        let (label, place) = label.split_once(PLACE).unwrap_or((label, ""));
        Self { kind, label: label.to_owned(), place: place.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_read_back_from_its_word() {
        for kind in OpeningKind::ALL {
            assert_eq!(OpeningKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(OpeningKind::parse("Session"), None);
    }

    #[test]
    fn a_notice_is_read_back_and_so_is_one_of_an_earlier_version() {
        for (label, place) in
            [("Firefox · Linux", "203.0.113.0/24"), ("Firefox · Linux", ""), ("", "::/64"), ("", "")]
        {
            let notice =
                OpeningNotice { kind: OpeningKind::Bearer, label: label.into(), place: place.into() };
            assert_eq!(OpeningNotice::from_stored(&notice.to_stored()), notice);
        }
        let earlier = OpeningNotice::from_stored("Firefox · Linux");
        assert_eq!((earlier.kind, earlier.label.as_str()), (OpeningKind::Session, "Firefox · Linux"));
        assert_eq!(OpeningNotice::from_stored("").kind, OpeningKind::Session);
    }
}
