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
mod supabase;
mod wordpress;

pub(crate) use declared::DECLARED;
pub(crate) use django::of_dumpdata;

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
    plain::STRAPI,
];

/// The shape of a product's files.
pub(crate) fn shape_of(product: &str) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.names.contains(&product))
}

/// The names of the products whose files are read, of which some have two.
pub fn products() -> impl Iterator<Item = &'static str> {
    SHAPES.iter().flat_map(|shape| shape.names.iter().copied())
}
