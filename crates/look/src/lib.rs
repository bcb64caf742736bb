//! Pages and mails: typed values in, text in the reader's language out. See the README.
#![forbid(unsafe_code)]

mod accent;
mod below;
mod brand;
mod carried;
mod catalog;
mod compile;
mod dates;
mod error;
mod facts;
mod files;
mod gaps;
mod layer;
mod loader;
mod paper;
mod program;
mod registry;
mod renderer;
mod samples;
mod sentences;
mod set;
mod settle;
mod shape;
mod site;
mod syntax;
mod template;
mod theme_source;
mod values;
mod wrap;

pub mod mails;
pub mod pages;
#[cfg(test)]
mod tests;
pub mod theme;

pub use accent::{Accent, Shades};
pub use below::below;
pub use brand::{Brand, Logo};
pub use carried::{ACCOUNT_FIELD, Carried, NEXT_FIELD, PAGE_FIELD};
pub use catalog::{Argument, Catalog, Locale, Offered};
pub use dates::Dates;
pub use error::ViewError;
pub use facts::Facts;
pub use files::{Files, StaticFile};
pub use layer::{Layer, LayerFile, embedded};
pub use paper::{DataPaper, PaperCell, PaperRow, PaperTable};
pub use renderer::{Look, Renderer};
pub use shape::{Line, Shape, Variable};
pub use template::{
    LanguageView, MailTemplate, Notice, Page, PageFrame, Problem, RenderedMail, SiteView, Viewer,
};
