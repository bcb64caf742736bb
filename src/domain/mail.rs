//! A message that is to be sent: what it says and to whom, never what is secret in it.

use std::fmt;

use super::{AccountId, Millis};

/// A message's number in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailId(pub i64);

impl fmt::Display for MailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailKind {
    /// A link that lets its reader choose another password.
    Recovery,
    /// A link that lets its reader choose the first password of an account that somebody made for them.
    Invitation,
    /// Nothing, to nobody. It is written where a stranger asks for a message that does not exist, so that the
    /// work is the same.
    Blank,
}

impl MailKind {
    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recovery => "recovery",
            Self::Invitation => "invitation",
            Self::Blank => "blank",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(stored: &str) -> Option<Self> {
        [Self::Recovery, Self::Invitation, Self::Blank].into_iter().find(|kind| kind.as_str() == stored)
    }
}

/// A message of the outbox.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Its number.
    pub id: MailId,
    /// What it says.
    pub kind: MailKind,
    /// Whom it is about; `None` for a blank.
    pub account_id: Option<AccountId>,
    /// Address that it goes to.
    pub recipient: String,
    /// Language; none: the site's.
    pub locale: Option<String>,
    /// How often it was leased for sending. Whoever leased it last may say what became of it.
    pub attempts: i64,
    /// When it was written.
    pub created_at: Millis,
    /// Since when it has been tried: since it was written, or since an operator asked for another try.
    pub tried_since: Millis,
}
