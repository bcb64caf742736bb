//! What the tests of this folder share.

mod app;
mod body;
mod client;
pub mod html;
pub mod pictures;

pub use app::{PASSWORD, TestApp, until};
pub use body::Body;
pub use client::{Answer, Ask, BROWSER, Visitor};
