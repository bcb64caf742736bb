//! The state that all connections of a server share.

use std::sync::Arc;

use rocket::local::asynchronous::Client;

use super::complaints::Complaints;
use super::request_ids::IdMaker;
use super::settings::ServerSettings;
use super::under_way::UnderWay;

/// The approximate number of bytes that hyper reads ahead of the request, and takes of an answer before the
/// client does.
pub(super) const READ_AHEAD: usize = 64 * 1024;

/// The launched Rocket, the client that dispatches to it, and the settings.
pub(super) struct Shared {
    pub(super) client: Client,
    pub(super) settings: ServerSettings,
    pub(super) under_way: UnderWay,
    pub(super) complaints: Complaints,
    pub(super) ids: IdMaker,
    /// The headers of hyper's own refusals, as they are written.
    pub(super) own_headers: Arc<[u8]>,
    pub(super) http: hyper::server::conn::http1::Builder,
}
