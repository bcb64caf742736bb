//! The store on both engines: writing, finding, and concurrent writers.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod accounts;
mod concurrency;
mod copies;
#[path = "../support/engines.rs"]
mod engines;
mod erasure;
mod fast;
mod fixture;
mod known_apps;
mod mailboxes;
mod migrations;
mod moves;
mod news;
mod oidc;
mod outbox;
mod paired_devices;
mod passkeys;
mod sessions;
mod tickets;
mod turns;
mod upgrade;
mod webhook_deliveries;
