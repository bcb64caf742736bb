//! The version of the contract with authors of themes, and what each version changed.

use serde::Serialize;

/// The version of the contract. It grows by one when a template that a theme may have replaced has to change
/// for the page to keep working, and each such template is named in [`CHANGES`].
pub const CONTRACT: u32 = 1;

/// The changes of each version, the oldest first.
pub const CHANGES: &[ContractChange] = &[];

/// A change to a template that themes can replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ContractChange {
    /// The version with the change.
    pub contract: u32,
    /// Name of the template.
    pub template: &'static str,
    /// What a theme that replaces the template must do.
    pub what: &'static str,
}
