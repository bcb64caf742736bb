//! Background work: the worker for leased jobs, and the removal of expired rows.

pub(super) mod leased;
mod sweep;
#[cfg(test)]
mod tests;

pub use sweep::Sweep;
