//! Second factors: who must have one, and how whoever has lost them comes back.

use std::time::Duration;

use super::describe::{Declared, DescribeSetting, SettingRow, full_name, settings};
use super::kind::{Bounds, HasKind, SettingKind};
use domain::lifetimes::days;

settings! {
    /// `[default.second_factor]`
    SecondFactorSettings {
        /// The roles whose accounts must have a second factor, by name, such as `["administrator"]`. Whoever
        /// has none is led to set one up, in a session that can do nothing else.
        required: Vec<String> = Vec::new(), shown "none";
        /// How long the owner of an account can stop it when somebody with the password and the mailbox has
        /// asked to have the second factors taken off, see [second factors](second-factors.md).
        recovery_days: u64 = 3, range 1 to 30 "days";
    }
}

impl SecondFactorSettings {
    /// The time between the asking and the taking off.
    pub fn recovery(&self) -> Duration {
        days(self.recovery_days)
    }
}
