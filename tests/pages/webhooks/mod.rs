//! Sites that are told what happens to accounts.

mod delivery;
mod events;
