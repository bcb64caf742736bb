//! Reads templates and rendered pages for the check and the contract.

pub(super) mod html;
pub(super) mod messages;
pub(super) mod parsed;
pub(super) mod tera_tree;
