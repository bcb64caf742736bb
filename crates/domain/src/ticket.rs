//! One-time permissions that travel in a URL, for a reset, a verification or a sign-in by redirect.

use super::{AccountId, EmailAddress, Millis, TokenDigest};

/// What a ticket permits. A ticket for one purpose is refused for every other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TicketPurpose {
    /// Choosing a new password.
    Recovery,
    /// Choosing the first password of an account that was created without one.
    Invitation,
    /// Proving that the account's address belongs to its owner.
    Verification,
    /// Proving that the address to which the account is to change belongs to its owner.
    AddressChange,
    /// Nothing: it says that a change to its address was asked for, whoever has that address. Nobody gets its
    /// secret.
    AddressRequest,
    /// Signing in by a redirect from a trusted server.
    Autologin,
    /// Asking to have the second factors of the account taken off.
    FactorRecovery,
    /// Keeping the second factors, which are to be taken off.
    KeepFactors,
    /// Bringing back an account that its owner has deleted.
    Restore,
}

impl TicketPurpose {
    /// The word stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recovery => "recovery",
            Self::Invitation => "invitation",
            Self::Verification => "verification",
            Self::AddressChange => "address_change",
            Self::AddressRequest => "address_request",
            Self::Autologin => "autologin",
            Self::FactorRecovery => "factor_recovery",
            Self::KeepFactors => "keep_factors",
            Self::Restore => "restore",
        }
    }

    /// Whether the holder needs nothing else to get into the account.
    pub fn opens(self) -> bool {
        match self {
            Self::Recovery | Self::Invitation | Self::Verification | Self::Autologin => true,
            Self::AddressChange
            | Self::AddressRequest
            | Self::FactorRecovery
            | Self::KeepFactors
            | Self::Restore => false,
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    pub fn parse(stored: &str) -> Option<Self> {
        let all = [
            Self::Recovery,
            Self::Invitation,
            Self::Verification,
            Self::AddressChange,
            Self::AddressRequest,
            Self::Autologin,
            Self::FactorRecovery,
            Self::KeepFactors,
            Self::Restore,
        ];
        all.into_iter().find(|purpose| purpose.as_str() == stored)
    }
}

/// A ticket as stored. Only its holder knows the secret.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// The account that the ticket is for.
    pub account_id: AccountId,
    pub purpose: TicketPurpose,
    /// The address that the ticket proves; `None` for the account's current address.
    pub address: Option<EmailAddress>,
    /// The digest of the secret.
    pub token: TokenDigest,
    /// When the ticket was made.
    pub created_at: Millis,
    /// When the ticket expires.
    pub expires_at: Millis,
}
