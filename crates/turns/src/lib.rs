//! Queues and gates that serve clients in turn, so that a client with a thousand requests delays another's
//! only one by one turn. A client is a number, whose meaning is the caller's business.
#![forbid(unsafe_code)]

mod gate;
mod gates;
#[cfg(test)]
mod tests;
mod turns;

pub use gate::{Full, Gate, Pass};
pub use gates::Gates;
pub use turns::Turns;
