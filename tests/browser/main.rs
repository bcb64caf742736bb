//! A person's walk through the pages, in Debian's Chromium over a real server.
//!
//! Without Chromium and its driver these tests say so and pass; with `CI=true` they fail.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod accessibility;
mod api;
mod crop;
mod cross_site;
mod devices;
mod forms;
mod keyboard;
mod looks;
mod recovery;
mod screenshots;
mod support;
mod themes;
mod uploads;
mod walk;
