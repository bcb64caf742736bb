//! The state that all connections of a server share.

use rocket::local::asynchronous::Client;

use super::settings::ServerSettings;

/// The launched Rocket, the client that dispatches to it, and the settings.
pub(super) struct Shared {
    pub(super) client: Client,
    pub(super) settings: ServerSettings,
    pub(super) http: hyper::server::conn::http1::Builder,
}
