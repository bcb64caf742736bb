//! One-time permissions that travel in a URL: a reset, a verification, a sign-in by redirection.

use super::{AccountId, EmailAddress, Millis, TokenDigest};

/// What a ticket permits. A ticket made for one purpose is refused for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TicketPurpose {
    /// Choosing a new password.
    Recovery,
    /// Choosing the first password of an account that was made without one.
    Invitation,
    /// Proving that an address is one's own.
    Verification,
    /// Proving that the address which an account is to have is one's own.
    AddressChange,
    /// Signing in by redirection from a trusted server.
    Autologin,
}

impl TicketPurpose {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recovery => "recovery",
            Self::Invitation => "invitation",
            Self::Verification => "verification",
            Self::AddressChange => "address_change",
            Self::Autologin => "autologin",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(stored: &str) -> Option<Self> {
        let all =
            [Self::Recovery, Self::Invitation, Self::Verification, Self::AddressChange, Self::Autologin];
        all.into_iter().find(|purpose| purpose.as_str() == stored)
    }
}

/// A ticket as it is stored. Its secret is known to its holder alone.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// Whose account it opens.
    pub account_id: AccountId,
    pub purpose: TicketPurpose,
    /// The address that it proves, where that is not the account's.
    pub address: Option<EmailAddress>,
    /// Digest of the secret.
    pub token: TokenDigest,
    /// When it was made.
    pub created_at: Millis,
    /// When it expires.
    pub expires_at: Millis,
}
