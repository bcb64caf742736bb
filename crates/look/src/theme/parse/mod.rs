//! Reads templates and rendered pages for the check and the contract.

pub(super) mod css;
#[cfg(test)]
mod css_tests;
pub(super) mod html;
pub(super) mod messages;
mod open_tags;
pub(super) mod parsed;
pub(super) mod tera_tree;
