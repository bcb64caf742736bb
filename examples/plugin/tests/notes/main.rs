//! The plug-in for people, programs and operators: over real sockets, on both engines.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod api;
mod app;
mod docs;
#[expect(dead_code, reason = "other tests need more of it")]
#[path = "../../../../tests/support/engines.rs"]
mod engines;
mod pages;
mod start;
