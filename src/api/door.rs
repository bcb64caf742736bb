//! The interface between a dialect and the composition root.

use rocket::Route;

use super::description::Description;
use crate::web::Dialect;

/// A dialect with its routes and its description.
#[derive(Clone, Copy)]
pub struct Door {
    /// The dialect's base path and its wording of refusals.
    pub dialect: Dialect,
    /// Whether pages of the origins that the operator listed may call it. False for dialects with API keys,
    /// which do not belong in browsers.
    pub cross_origin: bool,
    /// The dialect's routes, with absolute paths.
    pub routes: fn() -> Vec<Route>,
    /// The dialect's part of the published description.
    pub describe: fn() -> Description,
}
