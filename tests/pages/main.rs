//! The browser's door over real sockets: what the contract says of `/user/*`, as a page and as JSON, on both
//! engines.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

#[path = "../support/engines.rs"]
mod engines;
mod support;

mod login;
mod passwords;
mod pictures;
mod profile;
mod registration;
mod sessions;
