//! Actions on other people's accounts, by a trusted server with an API key or by the operator.

mod changes;
pub mod locking;
mod lookup;
#[cfg(test)]
mod tests;

pub use changes::{AccountChange, Administration, NewAccount};
