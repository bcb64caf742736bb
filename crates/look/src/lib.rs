//! What people read: templates in every language, filled from typed pages.
#![forbid(unsafe_code)]

mod catalog;
mod dates;
mod facts;
mod files;
mod layer;
mod loader;
mod registry;
mod renderer;
mod shape;

pub mod mail;
pub mod pages;
pub mod samples;
#[cfg(test)]
mod tests;
pub mod theme;

pub use catalog::{Argument, Catalog, Locale};
pub use dates::Dates;
pub use facts::Facts;
pub use files::{Files, StaticFile};
pub use layer::{Layer, LayerFile, embedded};
pub use loader::ViewError;
pub use renderer::{Frame, Look, Notice, Page, Problem, Renderer, Site, Viewer};
pub use shape::{Line, Shape, Variable};
