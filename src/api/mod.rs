//! The JSON dialects. Each published API has a folder, and all of them use the same flows. In a folder,
//! `mod.rs` words refusals, `calls.rs` has the routes, and `wire.rs` has the bodies.

mod amadis;
mod description;
mod door;
mod fastsite;
mod mirror;
mod oauth;
mod oidc;
mod pages;
mod publish;
mod request;
mod siberian;

pub use door::Door;
pub use publish::published;
#[cfg(test)]
pub use publish::routes as description_routes;

/// All dialects. To add one, add its folder and its entry here.
const DOORS: [Door; 7] =
    [siberian::DOOR, amadis::DOOR, fastsite::DOOR, mirror::DOOR, oauth::DOOR, oidc::DOOR, oidc::DISCOVERY];

pub fn doors() -> impl Iterator<Item = Door> {
    DOORS.into_iter()
}
