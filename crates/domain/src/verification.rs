//! Whether people must prove that their e-mail address is theirs.

use serde::Deserialize;

use super::Account;

/// The rights of an account whose address is not proven.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verification {
    /// All rights. Owners are not asked for a proof.
    #[default]
    Off,
    /// All rights. Owners are asked for a proof.
    Optional,
    /// No sign-in before the proof.
    Required,
}

impl Verification {
    /// Whether the owner of `account` is asked to prove its address.
    pub fn asks(self, account: &Account) -> bool {
        self != Self::Off && account.verified_at.is_none()
    }
}
