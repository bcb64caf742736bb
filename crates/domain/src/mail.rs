//! A message that is to be sent: what it says and to whom, never what is secret in it.

use std::fmt;

use super::{AccountId, Millis, TicketPurpose};

/// A message's number in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailId(pub i64);

impl fmt::Display for MailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Makes [`MailKind`] from one table: variant, stored word, and the purpose of the link in it, if there is one.
macro_rules! mail_kinds {
    ($($(#[doc = $about:literal])+ $kind:ident => $stored:literal $(, $purpose:ident)?;)+) => {
        /// What a message says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum MailKind {
            $($(#[doc = $about])+ $kind,)+
        }

        impl MailKind {
            /// All of them.
            pub const ALL: [Self; [$($stored),+].len()] = [$(Self::$kind),+];

            /// The stored word.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $stored,)+
                }
            }

            /// What the link in it is good for, if there is one.
            pub fn link(self) -> Option<TicketPurpose> {
                match self {
                    $(Self::$kind => mail_kinds!(@link $($purpose)?),)+
                }
            }
        }
    };
    (@link) => { None };
    (@link $purpose:ident) => { Some(TicketPurpose::$purpose) };
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
    /// Notice: a browser signed in that the account did not know.
    NewDevice => "new_device";
    /// Notice: somebody wanted this address for another account.
    AddressTaken => "address_taken";
    /// Nothing, to nobody. It is written where a stranger asks for a message that does not exist, so that the
    /// work is the same.
    Blank => "blank";
}

impl MailKind {
    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(stored: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == stored)
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
    /// What it names besides, in our own words; empty for most kinds.
    pub detail: String,
    /// How often it was leased for sending. Whoever leased it last may say what became of it.
    pub attempts: i64,
    /// When it was written.
    pub created_at: Millis,
    /// Since when it has been tried: since it was written, or since an operator asked for another try.
    pub tried_since: Millis,
}
