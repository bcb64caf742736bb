//! Who decides that an account is deleted.

use serde::Deserialize;

/// What owners can do to be rid of their accounts. The operator deletes them in every mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeletionMode {
    /// They delete them.
    #[default]
    #[serde(rename = "self")]
    Owner,
    /// They ask the operator to.
    Ask,
    /// Nothing: there is no page for it.
    Off,
}
