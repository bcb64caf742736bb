//! The pages for administrators.

use super::describe::{Declared, DescribeSetting, SettingRow, full_name, settings};
use super::kind::{HasKind, SettingKind};
use super::switch::Switch;

settings! {
    /// `[default.admin]`
    AdminSettings {
        /// `off`: there is no `/admin`, and administrators work at the command line.
        pages: Switch = Switch(true);
        /// `off` lets administrators into `/admin` without a second factor.
        second_factor: Switch = Switch(true);
    }
}
