//! What an account signs in with, as its page shows it.

use domain::Passkey;

/// The passkeys of an account, and what stands beside them.
#[derive(Clone, Debug)]
pub struct OwnPasskeys {
    /// The oldest first.
    pub passkeys: Vec<Passkey>,
    /// By what authenticators know the account; `None` before its first passkey.
    pub handle: Option<Vec<u8>>,
    /// Whether the account has a password too.
    pub has_password: bool,
}
