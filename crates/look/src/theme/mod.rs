//! Tools for theme authors: the contract for themes, the check of a theme before it is served, and the
//! gallery. The parts of a theme are in `theme_source`, a layer below the pages.

mod check;
mod contract;
mod gallery;
mod listing;
mod missing;
mod nearest;
mod original;
mod parse;

pub use crate::theme_source::{
    CHANGES, CONTRACT, ContractChange, Finding, Manifest, Position, Report, SettingValue, Severity,
    ThemeFolder, ThemeSettings,
};
pub use check::{Checked, LeftOut, Served, check, serve};
pub use contract::{Contract, FieldContract, FormContract, TemplateContract, contract};
pub use gallery::{RenderedSample, gallery};
pub use listing::markdown;
pub use missing::missing_sentences;
pub use nearest::nearest;
pub use original::original_mark;
