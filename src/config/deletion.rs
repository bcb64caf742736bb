//! How accounts are deleted.

use super::describe::{Declared, DescribeSetting, SettingRow, full_name, settings};
use super::kind::{Bounds, HasKind, SettingKind, kinds};
use domain::DeletionMode;

settings! {
    /// `[default.deletion]`
    DeletionSettings {
        /// What people can do to be rid of their accounts: `self`, delete them; `ask`, ask you to, see
        /// [deleting accounts](#deleting-accounts); `off`, nothing. You delete accounts in every mode.
        mode: DeletionMode = DeletionMode::Owner;
        /// How long a deleted account can be restored before its rows go.
        grace_days: u64 = 14, range 1 to 365 "days";
    }
}

kinds! {
    DeletionMode => SettingKind::Word(&["self", "ask", "off"]),
}

impl DescribeSetting for DeletionMode {
    fn shown(&self) -> String {
        let word = match self {
            Self::Owner => "self",
            Self::Ask => "ask",
            Self::Off => "off",
        };
        format!("`{word}`")
    }
}
