//! Work in the background: what is leased from the database, and what is cleared away.

pub(super) mod leased;
mod sweep;
#[cfg(test)]
mod tests;

pub use sweep::Sweep;
