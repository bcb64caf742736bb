//! Deleting one's own account, and taking that back.

mod delete;
mod undo;

pub use delete::{DeletionOutcome, OwnDeletion};
