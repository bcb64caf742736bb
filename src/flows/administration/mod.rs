//! What somebody does with other people's accounts: a trusted server by its key, an operator.

mod changes;
mod lookup;
#[cfg(test)]
mod tests;

pub use changes::{AccountChange, Administration, NewAccount};
