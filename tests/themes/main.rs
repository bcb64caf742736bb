//! Themes: what is wrong with a broken one is said with file and line, and the server serves all the same.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod broken;
mod docs;
mod serving;
mod support;
mod tools;
