//! Recipes against what the products really stored.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod corners;
mod factors;
mod fixture;
mod mutated;
mod passlib;
mod verified;
