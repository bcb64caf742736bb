//! The JSON dialects: one file for each published API, all over the same flows.

mod amadis;
mod description;
mod fastsite;
mod mirror;
mod oauth;
mod request;
mod siberian;

use rocket::Route;

use crate::web::Dialect;
use description::Description;

pub use description::published;

/// A dialect: its words, its routes, and what it says of them.
#[derive(Clone, Copy)]
pub struct Door {
    /// Where it is and how it words refusals.
    pub dialect: Dialect,
    /// Whether pages of the origins that the operator lists may call it. Not where API keys are presented: they do not
    /// belong in browsers.
    pub cross_origin: bool,
    /// What it answers.
    pub routes: fn() -> Vec<Route>,
    /// Its part of the published description.
    pub describe: fn() -> Description,
}

/// All of them. Another one is a file and a line here.
const DOORS: [Door; 5] = [siberian::DOOR, amadis::DOOR, fastsite::DOOR, mirror::DOOR, oauth::DOOR];

/// All dialects.
pub fn doors() -> impl Iterator<Item = Door> {
    DOORS.into_iter()
}
