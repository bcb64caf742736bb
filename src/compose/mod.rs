//! The composition root: builds a `Rocket<Build>` from settings and plug-ins, which the listener serves. No
//! other module knows all parts of the program.

mod accounts;
mod alone;
mod backup;
mod doctor;
mod facts;
mod logging;
mod mail;
mod metrics;
mod moving;
mod plugins;
mod rocket;
mod run;
mod secret_keys;
mod supervisor;
mod theme;
#[cfg(test)]
mod url_tests;
mod webhooks;

pub use accounts::{
    ClockAndRandom, open_servers_store, outbound, passkey_site, password_policy, reserved_names,
    single_hasher,
};
pub use alone::Alone;
pub use backup::{BackupContents, BackupFault, BackupTo, RestoreFrom, backup, restore};
pub use doctor::{check_secret_keys, doctors_proof, look_at_database, set_aside};
pub use logging::{log_to_stderr, quiet_log};
pub use mail::{mail_parts, page_wanted as mail_page_wanted};
pub use moving::{MoveOrder, MovedStore, move_store};
pub use plugins::Plugin;
pub use rocket::{rocket, rocket_with};
pub use run::{prepare, prepare_with, run, server_settings};
pub use secret_keys::{Rotated, keys_of, rotate};
pub use webhooks::webhooks;
