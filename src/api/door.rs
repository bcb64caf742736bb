//! What a dialect is to the rest of the program.

use rocket::Route;

use super::description::Description;
use crate::web::Dialect;

/// A dialect: its words, its routes, and what it says of them.
#[derive(Clone, Copy)]
pub struct Door {
    /// Where it is and how it words refusals.
    pub dialect: Dialect,
    /// Whether pages of the origins that the operator lists may call it. Not where API keys are presented:
    /// they do not belong in browsers.
    pub cross_origin: bool,
    /// What it answers.
    pub routes: fn() -> Vec<Route>,
    /// Its part of the published description.
    pub describe: fn() -> Description,
}
