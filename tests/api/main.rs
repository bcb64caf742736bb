//! The JSON dialects over real sockets: a contract file for each, on both engines.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod accounts;
mod amadis;
mod app_passwords;
mod crash;
mod cross_origin;
mod described_factors;
mod described_pages;
mod description;
mod doctor;
#[path = "../support/engines.rs"]
mod engines;
mod fairness;
mod fastsite;
mod generated_passwords;
mod guesses;
mod keys;
mod mail;
mod mail_leases;
mod mirror;
mod oauth;
mod operator;
mod parity;
mod paths;
mod races;
mod schema;
mod siberian;
mod sign_in_notices;
mod support;
mod webhook_leases;
mod webhooks;
