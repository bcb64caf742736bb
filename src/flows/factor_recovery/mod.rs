//! Second factors that were lost. Whoever has proven the password at sign-in is mailed a link, and whoever
//! uses it asks to have all factors taken off. The owner is told at once and every day, on every page and by
//! mail, and stops it by one click. When the time is over, the factors go and everything that opens the
//! account ends.

mod ask;
mod due;
mod keep;
mod removal;
mod stop;

pub use ask::FactorRecovery;
pub use due::DueRecoveries;

pub(super) use removal::remove_factors;
pub(super) use stop::stop;
