//! A person's way through the pages, in Debian's Chromium over a real server.
//!
//! Without Chromium and its driver these tests fail, unless `VESTIBULE_TEST_WITHOUT_BROWSER=1` leaves them
//! out.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod accessibility;
mod api;
mod crop;
mod cross_site;
mod devices;
mod forms;
mod keyboard;
mod links;
mod looks;
mod recovery;
mod screenshots;
mod support;
mod themes;
mod uploads;
mod walk;
