//! Themes, for their authors: the contract that a theme is written for, the check that finds what is wrong with one
//! before anybody meets it, and the gallery of everything in it. What a theme is made of stands in `theme_source`.

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
