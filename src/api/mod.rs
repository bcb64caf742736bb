//! The JSON dialects: one file for each published API, all over the same flows.

mod amadis;
mod fastsite;
mod mirror;
mod oauth;
mod siberian;

use rocket::Route;

use crate::web::Dialect;

/// A dialect: its words and its routes.
#[derive(Clone, Copy)]
pub struct Door {
    /// Where it is and how it words refusals.
    pub dialect: Dialect,
    /// Whether pages of the origins that the operator lists may call it. Not where API keys are presented: they do not
    /// belong in browsers.
    pub cross_origin: bool,
    /// What it answers.
    pub routes: fn() -> Vec<Route>,
}

/// All of them. Another one is a file and a line here.
const DOORS: [Door; 5] = [siberian::DOOR, amadis::DOOR, fastsite::DOOR, mirror::DOOR, oauth::DOOR];

/// All dialects.
pub fn doors() -> impl Iterator<Item = Door> {
    DOORS.into_iter()
}
