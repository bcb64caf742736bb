//! A person's way through the pages, in Debian's browsers over a real server: whatever browsers could differ
//! in is in `every_browser`, what Firefox offers to save is seen there, and the rest in Chromium alone.
//!
//! Without Chromium, Firefox or WebKitGTK its tests fail, unless `VESTIBULE_TEST_WITHOUT_BROWSER=1`,
//! `…_FIREFOX=1` or `…_WEBKIT=1` leaves them out.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod accessibility;
mod api;
mod crop;
mod cross_site;
mod devices;
mod doors;
mod every_browser;
mod forms;
mod keyboard;
mod looks;
mod oidc;
mod passkeys;
mod providers;
mod recovery;
mod saved_passwords;
mod screenshots;
mod support;
mod themes;
mod uploads;
mod walk;
