//! The store on both engines: what is kept, what is found again, and what happens when many write at once.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod accounts;
mod concurrency;
#[path = "../support/engines.rs"]
mod engines;
mod fast;
mod fixture;
mod migrations;
mod news;
mod outbox;
mod paired_devices;
mod sessions;
mod tickets;
mod upgrade;
