//! The check of a theme before it is served: files, settings, sentences, styles, templates, rendered pages.

mod accessible;
mod apart;
mod calls;
mod checked;
mod expression;
mod growth;
pub(super) mod language_names;
pub(super) mod languages;
mod locate;
mod pages;
mod palette;
mod properties;
mod serving;
mod styles;
mod templates;
mod unused_files;
mod value;
mod walk;

pub use checked::{Checked, check};
pub use serving::{LeftOut, Served, serve};
