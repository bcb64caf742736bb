//! Counts and times that cost a few atomic additions, and an address at which Prometheus reads them.
#![forbid(unsafe_code)]

mod server;
mod sheet;
mod tally;
#[cfg(test)]
mod tests;
mod timings;

pub use server::{MetricsServer, MetricsSource};
pub use sheet::{Labels, Sheet};
pub use tally::Tally;
pub use timings::{TimingCounts, Timings};
