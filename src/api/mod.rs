//! The JSON dialects: a folder for each published API, all over the same flows. In each, `mod.rs` says how it
//! words refusals, `calls.rs` has its routes, `wire.rs` what is sent.

mod amadis;
mod description;
mod door;
mod fastsite;
mod mirror;
mod oauth;
mod publish;
mod request;
mod siberian;

pub use door::Door;
pub use publish::published;
#[cfg(test)]
pub use publish::routes as description_routes;

/// All dialects. Another one is a folder and a line here.
const DOORS: [Door; 5] = [siberian::DOOR, amadis::DOOR, fastsite::DOOR, mirror::DOOR, oauth::DOOR];

/// All dialects.
pub fn doors() -> impl Iterator<Item = Door> {
    DOORS.into_iter()
}
