//! What each product exports: its tables, and what their rows become.

mod aspnet;
mod auth0;
mod better_auth;
mod declared;
mod directus;
mod discourse;
mod django;
mod firebase;
mod flask;
mod gitea;
mod keycloak;
mod kratos;
mod nodebb;
mod ours;
mod plain;
mod spoken;
mod strapi;
mod supabase;
mod wordpress;

pub(crate) use declared::DECLARED;
pub(crate) use django::{Peek, of_dumpdata};

use super::table::Shape;

static SHAPES: &[Shape] = &[
    ours::SHAPE,
    django::SHAPE,
    wordpress::SHAPE,
    better_auth::SHAPE,
    supabase::SHAPE,
    firebase::SHAPE,
    plain::DEVISE,
    keycloak::SHAPE,
    flask::SECURITY,
    flask::WERKZEUG,
    flask::FASTAPI,
    plain::PAYLOAD,
    declared::SHAPE,
    aspnet::SHAPE,
    plain::MEDIAWIKI,
    gitea::SHAPE,
    discourse::SHAPE,
    nodebb::SHAPE,
    kratos::SHAPE,
    auth0::SHAPE,
    directus::SHAPE,
    plain::GHOST,
    strapi::SHAPE,
    spoken::SIBERIAN,
    spoken::FASTSITE,
];

/// The shape of a product's files.
pub(crate) fn shape_of(product: &str) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.names.contains(&product))
}

/// The names of the products whose files are read, of which some have two.
pub fn products() -> impl Iterator<Item = &'static str> {
    SHAPES.iter().flat_map(|shape| shape.names.iter().copied())
}

/// Products of which every kind of second factor is read, or known to be lost, or weakens nobody if it is
/// left.
const FACTORS: [&str; 13] = [
    "vestibule",
    "django",
    "django-allauth",
    "better-auth",
    "supabase",
    "keycloak",
    "flask-security",
    "aspnet",
    "gitea",
    "forgejo",
    "discourse",
    "kratos",
    "directus",
];

/// Whether a product's second factors are read, so that none is lost unnoticed.
#[must_use]
pub fn reads_factors(product: &str) -> bool {
    FACTORS.contains(&product)
}

/// Whether a file of the product has to have a table of second factors, for its accounts say nothing of them.
#[must_use]
pub fn wants_factors_table(product: &str) -> bool {
    shape_of(product).is_some_and(|shape| shape.factors_beside.is_some())
}
