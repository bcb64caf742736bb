//! Whatever opens an account: its list, and its end.

mod ending;
mod list;
pub mod words;

pub use list::{ListedOpening, Openings};

pub(super) use ending::{Spared, end_everything};
