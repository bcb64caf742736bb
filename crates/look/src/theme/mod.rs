//! Themes: their folder and their `theme.toml`, the contract that they are written for, and the check that finds what
//! is wrong with one before anybody meets it.

mod check;
mod contract;
mod finding;
mod folder;
mod gallery;
mod listing;
mod manifest;
pub(super) mod settings;
mod substitute;

pub use check::{Checked, check};
pub use contract::{CHANGES, CONTRACT, Change, Contract, Form, FormField, Template, contract};
pub use finding::{Finding, Place, Report, Severity};
pub use folder::ThemeFolder;
pub use gallery::{Shown, shown};
pub use listing::markdown;
pub use manifest::Manifest;
pub use settings::{SettingValue, Settings};
pub(super) use substitute::{names_theme, substitute};
