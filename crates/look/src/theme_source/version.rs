//! The version of the contract with theme authors, and the changes of each version.

use serde::Serialize;

/// The version of the contract. It increases by one when a template that a theme may have replaced must
/// change for the page to keep working. Each such template is listed in [`CHANGES`].
pub const CONTRACT: u32 = 1;

/// The changes of each version, oldest first.
pub const CHANGES: &[ContractChange] = &[];

/// A change to a template that themes can replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ContractChange {
    /// The version with the change.
    pub contract: u32,
    /// The name of the template.
    pub template: &'static str,
    /// The step that a theme which replaces the template must take.
    pub what: &'static str,
}
