//! The terms of use that people agree to.

/// What people agree to when they sign up, and again when it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Where they can be read: an address, or a path of this host.
    pub url: String,
    /// What tells them from those before; 1 to 40 letters, digits, dots, dashes and underscores.
    pub version: String,
}
