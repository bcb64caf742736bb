//! Tools for authors of themes: the contract that a theme is written for, the check that is made before a
//! theme is served, and the gallery. The parts of a theme itself are in `theme_source`, below the pages.

mod check;
mod contract;
mod gallery;
mod listing;
mod parse;

pub use crate::theme_source::{
    CHANGES, CONTRACT, ContractChange, Finding, Manifest, Position, Report, SettingValue, Severity,
    ThemeFolder, ThemeSettings,
};
pub use check::{Checked, check};
pub use contract::{Contract, FieldContract, FormContract, TemplateContract, contract};
pub use gallery::{RenderedSample, gallery};
pub use listing::markdown;
