//! Sessions of browsers: resuming and ending them.

mod list;
pub(super) mod proof;
pub(super) mod signed_in;

pub use proof::Proofs;
pub use signed_in::{Sessions, SignedIn};
