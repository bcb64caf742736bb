//! The account: one person's record, the same in every dialect.

use std::collections::BTreeMap;
use std::fmt;

use super::{EmailAddress, Millis, PictureRef, Username};

/// The number of an account, from 1. Every dialect uses the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub i64);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The role of an account. A site may add roles of its own; Vestibule itself gives rights only to
/// administrators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Role(pub i64);

impl Role {
    /// The role of a new account. It has no rights in Vestibule.
    pub const MEMBER: Self = Self(1);
    /// A role whose meaning is up to the site. It has no rights in Vestibule.
    pub const EDITOR: Self = Self(2);
    /// The role that may administer accounts in Vestibule.
    pub const ADMINISTRATOR: Self = Self(3);
    /// The roles that an API key may give unless the operator lists others. A site's own role may mean
    /// anything, so it has to be listed.
    pub const BELOW_ADMINISTRATOR: [Self; 2] = [Self::MEMBER, Self::EDITOR];
}

/// One person's record. The password hash is not part of it.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: AccountId,
    /// Unique, ignoring case.
    pub email: EmailAddress,
    /// Optional. Unique, ignoring case and look-alike letters.
    pub username: Option<Username>,
    /// The display name that the person chose; may be empty.
    pub name: String,
    /// May be empty.
    pub firstname: String,
    /// May be empty.
    pub lastname: String,
    /// The code of the chosen language, such as `fr`; `None` follows the browser.
    pub locale: Option<String>,
    pub role: Role,
    /// The values of the operator's fields, by field name.
    pub fields: BTreeMap<String, String>,
    /// The uploaded picture; `None` shows the picture of the account's initial.
    pub picture: Option<PictureRef>,
    /// When the owner proved the e-mail address; `None` if it is not proven.
    pub verified_at: Option<Millis>,
    /// Since when a second factor is wanted; `None` while the password alone signs in.
    pub second_factor_at: Option<Millis>,
    /// When the second factors are taken off, because somebody with the password and the mailbox has asked
    /// for it; `None` if nobody has.
    pub factor_recovery_due_at: Option<Millis>,
    /// Since when the account waits until the operator approves of it; `None` if it does not wait.
    pub approval_wanted_at: Option<Millis>,
    /// The version of the terms of use that its owner agreed to last; `None` if to none.
    pub terms: Option<String>,
    /// When an administrator locked the account; `None` if it is not locked.
    pub locked_at: Option<Millis>,
    /// When its owner asked the operator to delete the account, which is then the operator's to decide.
    pub deletion_asked_at: Option<Millis>,
    /// When the account was deleted; only administration finds it since.
    pub deleted_at: Option<Millis>,
    /// Whether its owner wanted that, and can take it back.
    pub deleted_by_owner: bool,
    /// When the account was created.
    pub created_at: Millis,
    /// When the record last changed.
    pub updated_at: Millis,
}

impl Account {
    /// The name to show: the display name, or else first and last name, or else the username, or else the
    /// local part of the address.
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

    /// Whether its owner has deleted the account, and can still bring it back.
    pub fn is_leaving(&self) -> bool {
        self.deleted_at.is_some() && self.deleted_by_owner && self.locked_at.is_none()
    }

    /// Whether the account may sign in, that is, it is neither locked nor deleted.
    pub fn active(&self) -> bool {
        self.locked_at.is_none() && self.deleted_at.is_none()
    }
}

/// A change of a profile. `None` leaves a value unchanged.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    pub name: Option<String>,
    pub firstname: Option<String>,
    pub lastname: Option<String>,
    /// `Some(None)` makes the language follow the browser again.
    pub locale: Option<Option<String>>,
    /// The operator's fields that the request contains.
    pub fields: BTreeMap<String, String>,
}

impl ProfileChange {
    /// Whether `account` is another afterwards.
    pub fn changes(&self, account: &Account) -> bool {
        let text = |new: &Option<String>, old: &str| new.as_ref().is_some_and(|new| new != old);
        text(&self.name, &account.name)
            || text(&self.firstname, &account.firstname)
            || text(&self.lastname, &account.lastname)
            || self.locale.as_ref().is_some_and(|locale| *locale != account.locale)
            || self.fields.iter().any(|(name, value)| account.fields.get(name) != Some(value))
    }
}
