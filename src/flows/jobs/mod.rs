//! Background work: the worker for leased jobs, the removal of expired rows, what hashes cost, and the line
//! in the log about refusals.

mod hash_sample;
pub(super) mod insist;
pub(super) mod leased;
mod refused;
mod sweep;
#[cfg(test)]
mod tests;

pub use hash_sample::HashSample;
pub use refused::RefusalLog;
pub use sweep::Sweep;
