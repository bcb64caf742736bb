//! What the sign-up page asks for beside an address and a password.

use serde::Deserialize;

/// Whether the sign-up page asks for a username. People who have none sign in with their address, and can
/// choose one later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignUpUsername {
    /// It does not; one that is sent is taken.
    #[default]
    Off,
    /// It does, and takes none for an answer.
    Optional,
    /// It does, and refuses to go on without.
    Required,
}
