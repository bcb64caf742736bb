//! The account: one person's record, the same through every door.

use std::collections::BTreeMap;
use std::fmt;

use super::{EmailAddress, Millis, PictureRef, Username};

/// The number of an account, the same through every door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub i64);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What an account may do. A site may add roles of its own; only administrators have rights in Vestibule
/// itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Role(pub i64);

impl Role {
    /// The role of a new account.
    pub const MEMBER: Self = Self(1);
    /// For the site's own use.
    pub const EDITOR: Self = Self(2);
    /// May administer Vestibule.
    pub const ADMINISTRATOR: Self = Self(3);
}

/// One person's record. The password hash is not part of it.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: AccountId,
    /// Unique, without regard to case.
    pub email: EmailAddress,
    /// Optional; unique without regard to case.
    pub username: Option<Username>,
    /// What the person wants to be called; may be empty.
    pub name: String,
    /// May be empty.
    pub firstname: String,
    /// May be empty.
    pub lastname: String,
    /// A language code such as `fr`; `None`: the browser's language.
    pub locale: Option<String>,
    pub role: Role,
    /// Values of the operator's fields, by name.
    pub fields: BTreeMap<String, String>,
    /// The uploaded picture; `None`: the picture of its initial.
    pub picture: Option<PictureRef>,
    /// When its owner proved the address; `None`: it is not proven.
    pub verified_at: Option<Millis>,
    /// When it was barred from signing in; `None`: it is not.
    pub locked_at: Option<Millis>,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last changed.
    pub updated_at: Millis,
}

impl Account {
    /// The name to show: the display name, else first and last name, else the username, else the address's
    /// local part.
    pub fn display_name(&self) -> String {
        if !self.name.is_empty() {
            return self.name.clone();
        }
        let full = format!("{} {}", self.firstname, self.lastname);
        match (full.trim(), &self.username) {
            ("", Some(username)) => username.as_str().to_owned(),
            ("", None) => self.email.local_part().to_owned(),
            (full, _) => full.to_owned(),
        }
    }

    /// Whether it is not barred from signing in.
    pub fn active(&self) -> bool {
        self.locked_at.is_none()
    }
}

/// A change of a profile. `None` leaves a value as it is.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    pub name: Option<String>,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
    /// `Some(None)`: the browser's language again.
    pub locale: Option<Option<String>>,
    /// The operator's fields that were sent.
    pub fields: BTreeMap<String, String>,
}
