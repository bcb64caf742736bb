//! The security log: what happened to an account, for its owner, who says what of it was not they.

mod deny;
mod list;
mod note;
pub mod told;

pub use deny::AddressAfter;
pub use list::{SecurityLog, shown_actor};

pub(super) use note::{Noted, note, note_all_here, note_here, note_refused, note_thing};
