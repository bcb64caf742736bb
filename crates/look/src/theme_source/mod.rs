//! The parts of a theme: its folder, its manifest, its settings and their substitution into templates, and
//! findings about any of these. This module does not know pages and mails.

pub(crate) mod bounds;
mod finding;
mod folder;
pub(crate) mod manifest;
pub(crate) mod settings;
mod substitute;
mod tags;
mod version;

pub use finding::{Finding, Position, Report, Severity};
pub use folder::ThemeFolder;
pub use manifest::Manifest;
pub use settings::{SettingValue, ThemeSettings};
pub(crate) use substitute::{names_theme, substitute};
pub(crate) use tags::TemplateText;
pub use version::{CHANGES, CONTRACT, ContractChange};
pub(crate) use version::{PANELS_SPEAK, asked_of};
