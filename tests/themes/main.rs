//! Themes. The findings about a broken theme have file and line, and the server starts even so.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod advice;
mod broken;
mod docs;
mod gallery;
mod older;
mod preview;
mod serving;
mod support;
mod tools;
