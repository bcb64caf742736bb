//! `/oidc`: OpenID Connect for clients – sites, apps, programs – that sign people in here. The page that a
//! browser is sent to first, `/user/authorize`, is among the pages.

mod answers;
mod calls;
mod credentials;
mod discovery;
mod wire;

use super::door::Door;
use super::oauth;
use crate::urls;
use crate::web::Dialect;

pub const DOOR: Door = Door {
    dialect: Dialect { name: "oidc", base: urls::OIDC, refuse: oauth::refuse },
    cross_origin: true,
    routes: calls::routes,
    describe: calls::describe,
};

/// The document that clients read first, at the place that OpenID Connect Discovery 1.0 has for it.
pub const DISCOVERY: Door = Door {
    dialect: Dialect { name: "discovery", base: urls::OIDC_CONFIGURATION, refuse: oauth::refuse },
    cross_origin: false,
    routes: discovery::routes,
    describe: discovery::describe,
};
