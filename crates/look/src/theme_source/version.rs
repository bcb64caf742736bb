//! The version of the contract with authors of themes, and what each version changed.

use serde::Serialize;

/// The version of the contract. It grows by one when a template that a theme may have replaced has to change for the
/// page to keep working, and each such template is named in [`CHANGES`].
pub const CONTRACT: u32 = 1;

/// What changed in which version, oldest first.
pub const CHANGES: &[ContractChange] = &[];

/// A template that is not what it was in an older contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ContractChange {
    /// The version that changed it.
    pub contract: u32,
    /// Which.
    pub template: &'static str,
    /// What a theme that replaces it has to do.
    pub what: &'static str,
}
