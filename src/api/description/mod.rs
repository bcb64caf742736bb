//! The published description of the JSON APIs.

mod document;
mod json;
mod own;
mod page;
mod refusals;
mod schema;

pub use document::Published;
pub use own::Description;
