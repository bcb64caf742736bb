//! A message that is to be sent: its kind and its recipient, never the secret of its link.

use std::fmt;

use super::{AccountId, Millis, TicketPurpose};

/// The number of a message in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailId(pub i64);

impl fmt::Display for MailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Makes [`MailKind`] from one table: variant, stored word, and the link that it carries, if it carries one.
macro_rules! mail_kinds {
    ($($(#[doc = $about:literal])+ $kind:ident => $stored:literal $(, $link:ident)?;)+) => {
        /// What a message is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum MailKind {
            $($(#[doc = $about])+ $kind,)+
        }

        impl MailKind {
            /// All of them.
            pub const ALL: [Self; [$($stored),+].len()] = [$(Self::$kind),+];

            /// The word in the database.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $stored,)+
                }
            }

            /// The link that it carries, if it carries one.
            pub fn link(self) -> Option<MailedLink> {
                match self {
                    $(Self::$kind => mail_kinds!(@link $($link)?),)+
                }
            }
        }
    };
    (@link) => { None };
    (@link $link:ident) => { Some(MailedLink::$link) };
}

mail_kinds! {
    /// A link that lets its reader choose another password.
    Recovery => "recovery", Recovery;
    /// A link that lets its reader choose the first password of an account that somebody made for them.
    Invitation => "invitation", Invitation;
    /// A link that proves the address of an account.
    Verification => "verification", Verification;
    /// A link that proves the address which an account is to have instead; it goes there.
    AddressChange => "address_change", AddressChange;
    /// Notice: the password was changed.
    PasswordChanged => "password_changed";
    /// Notice: the username was changed.
    UsernameChanged => "username_changed";
    /// Notice to the present address: the account is to have another.
    AddressRequested => "address_requested";
    /// Notice to the former address: the account has another.
    AddressChanged => "address_changed";
    /// Notice: a browser signed in that the account did not know. Stored rows and the templates of themes keep
    /// their older word.
    NewBrowser => "new_device";
    /// Notice: somebody wanted this address for another account.
    AddressTaken => "address_taken";
    /// No message at all. It is queued where a stranger asks for a message to an account that does not exist,
    /// so that the request costs the same.
    Blank => "blank";
}

impl MailKind {
    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(stored: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == stored)
    }
}

/// A link that a message carries. How long each works is in [`lifetimes`](super::lifetimes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailedLink {
    Recovery,
    Invitation,
    Verification,
    AddressChange,
}

impl MailedLink {
    /// The purpose of the link's ticket.
    pub const fn purpose(self) -> TicketPurpose {
        match self {
            Self::Recovery => TicketPurpose::Recovery,
            Self::Invitation => TicketPurpose::Invitation,
            Self::Verification => TicketPurpose::Verification,
            Self::AddressChange => TicketPurpose::AddressChange,
        }
    }
}

/// A message of the outbox.
#[derive(Clone, Debug)]
pub struct Mail {
    pub id: MailId,
    pub kind: MailKind,
    /// The account that it is about; `None` for a blank.
    pub account_id: Option<AccountId>,
    /// Address that it goes to.
    pub recipient: String,
    /// A language code; `None`: the site's language.
    pub locale: Option<String>,
    /// What it names besides, in the program's own words; empty for most kinds.
    pub detail: String,
    /// How often it was leased for sending. Only the last lease may write its outcome.
    pub attempts: i64,
    /// When it was written.
    pub created_at: Millis,
    /// Since when it has been tried: since it was written, or since the operator had it tried again.
    pub tried_since: Millis,
}
