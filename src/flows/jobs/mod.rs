//! Background work: the worker for leased jobs, the removal of expired rows, and the line in the log about
//! refusals.

pub(super) mod insist;
pub(super) mod leased;
mod refused;
mod sweep;
#[cfg(test)]
mod tests;

pub use refused::RefusalLog;
pub use sweep::Sweep;
