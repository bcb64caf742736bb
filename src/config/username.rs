//! How often usernames change, and what becomes of the old ones.

use super::describe::{Declared, DescribeSetting, SettingRow, full_name, settings};
use super::kind::{Bounds, HasKind, SettingKind};
use domain::UsernameLife;
use domain::lifetimes::days;

settings! {
    /// `[default.username]`
    UsernameSettings {
        /// How long an owner keeps a username before choosing another; 0: as short as they like. Spelling it
        /// anew is no change.
        change_days: u64 = 30, range 0 to 3650 "days";
        /// How long a username that was given up stays its owner's, who signs in with it meanwhile, and how
        /// long that of an account that has gone is nobody's; 0: others can have it at once. Of one account
        /// ten are kept like this at most.
        reserved_days: u64 = 90, range 0 to 3650 "days";
    }
}

impl UsernameSettings {
    /// What becomes of usernames.
    pub fn life(&self) -> UsernameLife {
        UsernameLife { change_every: days(self.change_days), reserved: days(self.reserved_days) }
    }
}
