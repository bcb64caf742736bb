//! Whether people have to prove that their address is theirs.

use serde::Deserialize;

use super::Account;

/// What an account whose address is not proven may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verification {
    /// Everything; nobody is asked to prove anything.
    #[default]
    Off,
    /// Everything; its owner is asked to prove it.
    Optional,
    /// It cannot be signed in to.
    Required,
}

impl Verification {
    /// Whether the owner of `account` is asked to prove its address.
    pub fn asks(self, account: &Account) -> bool {
        self != Self::Off && account.verified_at.is_none()
    }
}
