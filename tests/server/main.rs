//! The listener over real sockets on loopback, as a client sees it: time-outs, caps, bodies, answers and
//! stops.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail the test")]

mod answers;
mod attacks;
mod bodies;
mod harness;
mod life;
mod limits;
mod routes;
mod rules;
mod seats;
mod streams;
mod supervised;
