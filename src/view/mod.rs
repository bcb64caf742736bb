//! What people read: templates in every language, filled from typed pages.

mod catalog;
mod dates;
mod facts;
mod files;
mod layer;
mod loader;
mod renderer;

pub mod mail;
pub mod pages;
pub mod samples;
#[cfg(test)]
mod tests;

pub use catalog::{Argument, Catalog, Locale};
pub use dates::Dates;
pub use facts::Facts;
pub use files::{Files, StaticFile};
pub use layer::{Layer, LayerFile, embedded};
pub use loader::ViewError;
pub use renderer::{Frame, Notice, Page, Problem, Renderer, Site, Viewer};
