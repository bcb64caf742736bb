//! Whether people have to prove that their address is theirs.

use serde::Deserialize;

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
